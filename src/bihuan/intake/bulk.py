"""Registering by the thousand: the same checks and rows as `register`, streamed into the tables by COPY."""

import random
import struct
import time
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import psycopg
from django.db import Error, connection, transaction

from bihuan.cases import chain
from bihuan.cases.actions import EVENTS
from bihuan.intake import context as contexts
from bihuan.intake.actions import Draft, Rows, Statement, examined, prepared
from bihuan.intake.batch import TABLES, Batch
from bihuan.intake.schema import Registered
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError

Answer = Registered | RuleError
T = TypeVar("T")
_TRIES = 4
_IN_BETWEEN = ("23505", "40")
"""Another transaction registered the same number, or a deadlock or serialisation failure was broken up."""


def load(drafts: Sequence[Draft]) -> list[Answer]:
    """Register many complaints in the caller's transaction; one answer each, in order. A refused one leaves nothing.

    A unique violation when another transaction registers one of the same source numbers meanwhile: roll back and call
    again (`again` does so), it is then found.
    """
    answers, batch = _drive(prepared(drafts, contexts.current(), clock.now()))
    if batch is not None:
        copy(batch)
    return answers


def examine(drafts: Sequence[Draft]) -> list[RuleError | None]:
    """What `load` would refuse, without writing anything; None for what would be registered."""
    _work, answers = _drive(examined(drafts, contexts.current(), clock.now()))
    return [answer if isinstance(answer, RuleError) else None for answer in answers]


def copy(batch: Batch) -> None:
    """Stream the rows of a batch into its tables."""
    spelled: dict[int, str] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            rows = batch.rows[table.name]
            if not rows:
                continue
            if table is EVENTS:
                with cursor.copy(table.copy(binary=True)) as stream:
                    _pack_events(stream, rows)
                continue
            places = [place for place, (_name, kind) in enumerate(table.columns) if kind == "timestamptz"]
            with cursor.copy(table.copy()) as stream:
                for row in rows:
                    stream.write_row(_spelled(row, places, spelled) if places else row)


def _pack_events(stream: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Events in COPY's binary form: two thirds of all rows are events, and neither side has to spell or read moments,
    hashes and numbers as text."""
    packed = bytearray(_SIGNATURE)
    kinds: dict[str, bytes] = {}
    tails: dict[tuple[Any, ...], bytes] = {}
    head, long, size, width, start = _HEAD.pack, _LONG.pack, _JSONB.pack, len(EVENTS.columns), _START
    for case_id, seq, kind, at, recorded_at, staff, unit, source, why, payload, digest in rows:
        key = (recorded_at, staff, unit, source, why)
        gone = at - start
        told = payload.encode()
        packed += head(width, 8, case_id, 4, seq)
        packed += kinds.get(kind) or kinds.setdefault(kind, _text(kind))
        packed += long(8, (gone.days * 86400 + gone.seconds) * 1_000_000 + gone.microseconds)
        packed += tails.get(key) or tails.setdefault(key, _tail(*key))
        packed += size(len(told) + 1, 1)
        packed += told
        packed += _HASH
        packed += digest
    packed += _END
    stream.write(packed)


_SIGNATURE, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_HEAD, _LONG, _SIZE = struct.Struct(">hiqii"), struct.Struct(">iq"), struct.Struct(">i")
_JSONB = struct.Struct(">ib")
"""Length, and the version of the form JSON is sent in."""
_NULL, _HASH = b"\xff\xff\xff\xff", _SIZE.pack(32)
_START = datetime(2000, 1, 1, tzinfo=UTC)
"""From here PostgreSQL counts microseconds."""


def _text(told: str) -> bytes:
    body = told.encode()
    return _SIZE.pack(len(body)) + body


def _tail(recorded_at: datetime, staff: int | None, unit: int | None, source: str, why: str) -> bytes:
    """What most events of a batch have in common."""
    who = [_NULL if one is None else _LONG.pack(8, one) for one in (staff, unit)]
    written = chain.microseconds(recorded_at) - chain.microseconds(_START)
    return b"".join((_LONG.pack(8, written), *who, _text(source), _text(why)))


def _spelled(row: tuple[Any, ...], places: list[int], spelled: dict[int, str]) -> list[Any]:
    """The row with its moments as text, each spelled once: the same few stand in many rows, and the driver is slow at it.

    They are known by their identity, which holds as long as the batch does and takes no hashing of zones.
    """
    cells = list(row)
    for place in places:
        moment = cells[place]
        if moment is not None:
            key = id(moment)
            if key not in spelled:
                spelled[key] = moment.isoformat()
            cells[place] = spelled[key]
    return cells


def again(work: Any) -> Any:
    """Run `work` in a transaction, once more when another one got in between (a twin, a deadlock)."""
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except (Error, psycopg.Error) as error:  # errors of a COPY come from the driver as they are
            state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None) or ""
            if attempt == _TRIES or not state.startswith(_IN_BETWEEN):
                raise
            time.sleep(random.uniform(0.01, 0.1) * attempt)  # noqa: S311 - two loaders must not meet again
    raise AssertionError("unreachable")


def _drive(steps: Generator[Statement, Rows, T]) -> T:
    with connection.cursor() as cursor:
        try:
            statement = next(steps)
            while True:
                cursor.execute(*statement)
                statement = steps.send(list(cursor.fetchall()) if cursor.description else [])
        except StopIteration as done:
            result: T = done.value
            return result
