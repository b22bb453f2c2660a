"""Complaint numbers: `TS261121-01045726` — prefix, day of registration, serial, check digit. Read out over the phone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

PREFIX = "TS"
_ZONE = ZoneInfo("Asia/Shanghai")
_LOOSE = re.compile(r"^(?:TS)?\s*(\d{6})\s*[-－ ]?\s*(\d{5,12})$", re.IGNORECASE)


_ONCE = {str(n): n for n in range(10)}
_TWICE = {str(n): sum(divmod(2 * n, 10)) for n in range(10)}


def check_digit(digits: str) -> int:
    """Luhn: a wrong digit or two swapped neighbours never pass."""
    total = sum([_ONCE[mark] for mark in digits[-2::-2]]) + sum([_TWICE[mark] for mark in digits[::-2]])
    return -total % 10


def number_of(case_id: int, registered_at: datetime) -> str:
    """The number of the case with this id, registered at this moment (operator's local day)."""
    local = registered_at.astimezone(_ZONE)
    day = f"{local.year % 100 * 10000 + local.month * 100 + local.day:06d}"
    serial = f"{case_id:07d}"
    return f"{PREFIX}{day}-{serial}{check_digit(day + serial)}"


def tidy(typed: str) -> str:
    """The number as stored, from what someone typed (`ts261121 01045726`); as typed when it is no such number."""
    found = _LOOSE.match(typed.strip())
    return f"{PREFIX}{found.group(1)}-{found.group(2)}" if found else typed.strip()
