"""How common a pair of characters is, as the database's own statistics know it; kept for some minutes."""

import threading
import time

from django.db import connection

KEEP = 300.0
"""Seconds; statistics change slowly."""
_lock = threading.Lock()
_held: tuple[str, float, int, dict[str, float]] | None = None


def common() -> tuple[int, dict[str, float]]:
    """(indexed cases, {pair: share of cases}) of the commonest pairs; a pair not among them is rare."""
    global _held
    where, now = str(connection.settings_dict["NAME"]), time.monotonic()
    held = _held
    if held is None or held[0] != where or now - held[1] > KEEP:
        with _lock:
            held = _held = (where, now, *_read())
    return held[2], held[3]


def _read() -> tuple[int, dict[str, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'knowledge_casewords'::regclass"
        )
        rows = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
            " WHERE schemaname = current_schema() AND tablename = 'knowledge_casewords' AND attname = 'pairs'"
        )
        found = cursor.fetchone()
    return rows, dict(zip(found[0], found[1], strict=False)) if found and found[0] else {}


def forget() -> None:
    """Read the statistics anew at the next search."""
    global _held
    _held = None


def expected(pairs: list[str]) -> float:
    """How many cases will hold all of these pairs, at most."""
    rows, shares = common()
    rarest = min(shares.values(), default=0.0)
    return min((shares.get(pair, rarest) for pair in pairs), default=1.0) * rows
