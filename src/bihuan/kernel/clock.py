"""The only source of "now". Everything stored is UTC with a zone; everything shown is the operator's local time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_frozen: ContextVar[datetime | None] = ContextVar("bihuan_now", default=None)
_fixed: dict[object, datetime] = {}
"""Moments fixed for the process, the latest last: blocks of several threads need not end in the order they began."""


def _from_environment() -> datetime | None:
    """`BIHUAN_TEST_NOW` fixes the time of a whole process; for tests only, an ISO moment with its zone."""
    raw = os.environ.get("BIHUAN_TEST_NOW", "")
    if not raw:
        return None
    moment = datetime.fromisoformat(raw)
    if moment.tzinfo is None:
        raise ValueError(f"BIHUAN_TEST_NOW={raw!r}: give the zone too, e.g. 2026-03-02T09:00:00+08:00")
    return moment.astimezone(UTC)


def now() -> datetime:
    """The present moment (UTC, aware), or the fixed one under a test."""
    held = list(_fixed.values()) if _fixed else ()
    fixed = _frozen.get() or (held[-1] if held else None) or _from_environment()
    return fixed if fixed is not None else datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block `now()` is `moment` (aware), also in threads and requests started there."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _frozen.set(moment.astimezone(UTC))
    block = object()
    _fixed[block] = moment.astimezone(UTC)
    try:
        yield
    finally:
        del _fixed[block]
        _frozen.reset(token)


def ago(**parts: float) -> datetime:
    """`now()` less a `timedelta(**parts)`; for look-back windows, never for deadlines."""
    return now() - timedelta(**parts)
