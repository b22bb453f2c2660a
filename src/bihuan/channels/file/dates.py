"""Dates that do not begin with a year of four digits: 22-Apr-15, April 22, 2015, 22/04/2015 3:05 PM, 15.04.22. Pure.

Where the month is a word the date reads itself. Of numbers alone the order of day, month and year cannot be seen in one
date, but often in a whole column: only one order makes every date of it real and past, or brings them close together.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

_CLOCK = r"(?:[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?(?:\.?[Mm]\.?)?)?"
_SHORT = re.compile(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}|\d{{2}}){_CLOCK}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]*([A-Za-z]{{3,9}})[\s\-/.,]+(\d{{4}}|\d{{2}}){_CLOCK}")
_MONTH_FIRST = re.compile(rf"([A-Za-z]{{3,9}})\.?[\s\-/]*(\d{{1,2}})(?:st|nd|rd|th)?[\s,\-/]+(\d{{4}}|\d{{2}}){_CLOCK}")
_TIME = re.compile(r"\d{1,2}[:：]\d{2}([:：]\d{2}(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"), 1,
    )
    for name in (names, names[:3], names[:4])
}  # fmt: skip
ORDERS = ("dmy", "mdy", "ymd")
"""Day, month and year in the order in which they stand."""
_EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001 - compared with what has no zone either
_CLOSER = 4
"""Where several orders fit, the one whose dates lie so many times closer together is believed …"""
_ENOUGH = 5
"""… if the column has so many different dates."""


def read(told: str, order: str = "") -> tuple[datetime, bool] | None:
    """(the moment without a zone, whether only the day was told); None for another spelling, or for numbers alone
    without an `order`. Raises ValueError for a day that never was."""
    if match := _DAY_FIRST.fullmatch(told):
        day, month, year = match.group(1, 2, 3)
        return _made(year, _MONTHS.get(month.lower(), 0), day, match)
    if match := _MONTH_FIRST.fullmatch(told):
        month, day, year = match.group(1, 2, 3)
        return _made(year, _MONTHS.get(month.lower(), 0), day, match)
    if order and (match := _SHORT.fullmatch(told)):
        parts = dict(zip(order, match.group(1, 2, 3), strict=True))
        return _made(parts["y"], int(parts["m"]), parts["d"], match)
    return None


def _made(year: str, month: int, day: str, match: re.Match[str]) -> tuple[datetime, bool]:
    hour, minute, second, half = match.group(4, 5, 6, 7)
    whole = int(year) + (2000 if len(year) < 3 else 0)
    if hour is None:
        return datetime(whole, month, int(day)), True  # noqa: DTZ001 - the zone follows
    clock = int(hour)
    if half:
        clock = clock % 12 + (12 if half in "Pp" else 0)
    return datetime(whole, month, int(day), clock, int(minute), int(second or 0)), False  # noqa: DTZ001


def order_of(column: Iterable[str], now: datetime) -> str:
    """The order in which the dates of a column are written; empty where it does not show (or needs none). `now` has no
    zone."""
    told = sorted({cell for cell in column if _SHORT.fullmatch(cell)})
    spans: dict[str, timedelta] = {}
    for order in ORDERS:
        found = [_plausible(cell, order, now) for cell in told]
        real = [one for one in found if one is not None]
        if real and len(real) == len(found):
            spans[order] = max(real) - min(real)
    if len(spans) <= 1:
        return next(iter(spans), "")
    best, next_best = sorted(spans, key=lambda order: spans[order])[:2]
    clear = len(told) >= _ENOUGH and (spans[best] + timedelta(days=1)) * _CLOSER < spans[next_best]
    return best if clear else ""


def _plausible(told: str, order: str, now: datetime) -> datetime | None:
    try:
        found = read(told, order)
    except ValueError:
        return None
    return found[0] if found and _EARLIEST <= found[0] <= now + timedelta(days=1) else None


def times_only(column: Sequence[str]) -> bool:
    """Whether a column tells times of day and nothing else."""
    told = [cell for cell in column if cell]
    return bool(told) and all(_TIME.fullmatch(cell) for cell in told)
