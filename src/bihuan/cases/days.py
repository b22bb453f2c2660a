"""The operator's days: local dates to moments and back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = "Asia/Shanghai"
"""Days, weeks and months are taken there."""
LOCAL = ZoneInfo(ZONE)


class BadDay(ValueError):
    """The text is no date."""


def midnight(day: date) -> datetime:
    """The moment this local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)


def local_day(moment: datetime) -> date:
    """The local day a moment lies in."""
    return moment.astimezone(LOCAL).date()


def day_of(text: str) -> date:
    """A date from `YYYY-MM-DD`, 1990 to 2199; `BadDay` otherwise."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2199:
        raise BadDay(text)
    return day
