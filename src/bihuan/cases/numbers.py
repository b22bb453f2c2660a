"""Complaint numbers: `TS261121-01045726` — prefix, day of registration, serial, check digit. Read out over the phone."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

PREFIX = "TS"
_ZONE = ZoneInfo("Asia/Shanghai")
_LOOSE = re.compile(r"^(?:TS)?\s*(\d{6})\s*[-－ ]?\s*(\d{5,12})$", re.IGNORECASE)


def _luhn(digits: int) -> int:
    """The sum over four digits of which the last is doubled, as in front of a check digit."""
    total = 0
    for place in range(4):
        digits, digit = divmod(digits, 10)
        total += digit if place % 2 else sum(divmod(2 * digit, 10))
    return total


_SUMS = tuple(_luhn(digits) for digits in range(10_000))


def check_digit(digits: str) -> int:
    """Luhn: a wrong digit or two swapped neighbours never pass."""
    total, rest = 0, int(digits)
    while rest:
        rest, last = divmod(rest, 10_000)
        total += _SUMS[last]
    return -total % 10


@lru_cache(maxsize=4096)
def _day(hour: int) -> str:
    """The operator's local day in the hour that begins so many hours after 1970: days change on the hour."""
    local = datetime.fromtimestamp(hour * 3600, _ZONE)
    return f"{local.year % 100 * 10000 + local.month * 100 + local.day:06d}"


def number_of(case_id: int, registered_at: datetime) -> str:
    """The number of the case with this id, registered at this moment (operator's local day)."""
    day = _day(int(registered_at.timestamp() // 3600))
    serial = f"{case_id:07d}"
    return f"{PREFIX}{day}-{serial}{check_digit(day + serial)}"


def tidy(typed: str) -> str:
    """The number as stored, from what someone typed (`ts261121 01045726`); as typed when it is no such number."""
    found = _LOOSE.match(typed.strip())
    return f"{PREFIX}{found.group(1)}-{found.group(2)}" if found else typed.strip()
