"""Complaint numbers: `TS261121-01045726` — prefix, day of registration, serial, check digit. Read out over the phone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

PREFIX = "TS"
_ZONE = ZoneInfo("Asia/Shanghai")
_LOOSE = re.compile(r"^(?:TS)?\s*(\d{6})\s*[-－ ]?\s*(\d{5,12})$", re.IGNORECASE)


def check_digit(digits: str) -> int:
    """Luhn: a wrong digit or two swapped neighbours never pass."""
    total = 0
    for place, mark in enumerate(reversed(digits)):
        value = int(mark) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def number_of(case_id: int, registered_at: datetime) -> str:
    """The number of the case with this id, registered at this moment (operator's local day)."""
    day = registered_at.astimezone(_ZONE).strftime("%y%m%d")
    serial = f"{case_id:07d}"
    return f"{PREFIX}{day}-{serial}{check_digit(day + serial)}"


def tidy(typed: str) -> str:
    """The number as stored, from what someone typed (`ts261121 01045726`); as typed when it is no such number."""
    found = _LOOSE.match(typed.strip())
    return f"{PREFIX}{found.group(1)}-{found.group(2)}" if found else typed.strip()
