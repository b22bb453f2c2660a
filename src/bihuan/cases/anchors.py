"""Seals over the global sequence of events, made each minute, so that what is gone or slipped in is found.

A stretch is sealed only when it is settled: its end is noted first, and sealed once every transaction that ran at that
moment has ended, so that an event with a lower id can no longer appear behind the seal.
"""

import hashlib
from dataclasses import dataclass

from django.db import connection, transaction

from bihuan.cases.models import Anchor, AnchorHorizon
from bihuan.kernel import clock, crypto

START = b"\x00" * 32
MOST = 200_000
"""Events in one anchor at most, so that a bulk import is sealed in several."""


@dataclass(frozen=True)
class Stretch:
    """What stands between two ids now: how many events and the digest over them, continuing `before`."""

    count: int
    digest: bytes


def measure(first: int, last: int, before: bytes) -> Stretch:
    """Count and digest of the events with ids in [first, last], in order: one ordered scan in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sha256(%s || coalesce(string_agg(int8send(id) || hash, ''::bytea ORDER BY id), ''::bytea))"
            " FROM cases_caseevent WHERE id BETWEEN %s AND %s",
            [before, first, last],
        )
        count, digest = cursor.fetchone()
    return Stretch(int(count), bytes(digest))


def signed(first: int, last: int, count: int, digest: bytes) -> bytes:
    """The signature of an anchor, with a key that the database does not hold."""
    return crypto.sign(hashlib.sha256(b"%d:%d:%d:" % (first, last, count) + digest).digest())


def seal_settled() -> int:
    """Seal what is settled and note where the next stretch ends; returns how many events were sealed.

    Called every few seconds by the jobs process; two callers do not harm each other.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(727274)")
        if not cursor.fetchone()[0]:
            return 0
        sealed = _seal_horizon()
        if not AnchorHorizon.objects.exists():
            _note_horizon()
    return sealed


def _note_horizon() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text FROM cases_caseevent"
        )
        event_id, xid = cursor.fetchone()
    last = Anchor.objects.order_by("-id").values_list("last_event", flat=True).first() or 0
    if event_id > last:
        AnchorHorizon.objects.create(event_id=event_id, xid=xid, seen_at=clock.now())


def _settled(horizon: AnchorHorizon) -> bool:
    """True once every transaction that ran when the horizon was noted has ended.

    A restored database counts transactions anew: a horizon from before lies ahead of its counter and is settled too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s) >= %s::xid8 OR %s::xid8 > pg_snapshot_xmax(s) FROM pg_current_snapshot() s",
            [horizon.xid, horizon.xid],
        )
        return bool(cursor.fetchone()[0])


def _seal_horizon() -> int:
    horizon = AnchorHorizon.objects.order_by("id").first()
    if horizon is None or not _settled(horizon):
        return 0
    last = Anchor.objects.order_by("-id").first()
    first, before = (last.last_event + 1, bytes(last.digest)) if last else (1, START)
    sealed = 0
    while first <= horizon.event_id:
        end = min(_end_of(first), horizon.event_id)
        stretch = measure(first, end, before)
        Anchor.objects.create(
            first_event=first,
            last_event=end,
            count=stretch.count,
            digest=stretch.digest,
            signature=signed(first, end, stretch.count, stretch.digest),
            made_at=clock.now(),
        )
        first, before = end + 1, stretch.digest
        sealed += stretch.count
    AnchorHorizon.objects.all().delete()
    return sealed


def _end_of(first: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_caseevent WHERE id >= %s ORDER BY id OFFSET %s LIMIT 1", [first, MOST - 1])
        row = cursor.fetchone()
    return int(row[0]) if row else 2**62
