"""The slow way to count time, minute by minute from the definition, and the strategies the tests draw from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bihuan.sla.calendar import Calendar
from bihuan.sla.calendar_form import WEEKDAYS, build

MINUTE = timedelta(minutes=1)
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe")
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Plain:
    """A calendar as plain values: open minutes of each weekday, days off, make-up days with the hours they have."""

    zone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    off: frozenset[date]
    makeup: frozenset[date]

    def calendar(self) -> Calendar:
        """The calendar under test."""
        days = [(day, False) for day in self.off] + [(day, True) for day in self.makeup - self.off]
        return build("plain", "weekly", {d: [_text(*s) for s in h] for d, h in zip(WEEKDAYS, self.week, strict=True)},
                     zone=self.zone, days=days)  # fmt: skip

    def hours(self, day: date) -> tuple[tuple[int, int], ...]:
        """Open minutes of a local day, from the definition."""
        if day in self.off:
            return ()
        if day in self.makeup:
            return next(hours for hours in self.week if hours)
        return self.week[day.weekday()]

    def open(self, at: datetime) -> bool:
        """Whether the minute that begins at `at` counts."""
        local = at.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        return any(begin <= minute < end for begin, end in self.hours(local.date()))

    def due(self, start: datetime, minutes: int, pauses: Iterable[Span] = ()) -> datetime:
        """Counts open, unpaused minutes one by one."""
        spans, at = list(pauses), start
        while minutes:
            if self.open(at) and not any(begin <= at < end for begin, end in spans):
                minutes -= 1
            at += MINUTE
        return at

    def worked(self, start: datetime, end: datetime) -> int:
        """Open minutes from `start` to `end`."""
        count = 0
        while start < end:
            count += self.open(start)
            start += MINUTE
        return count


def _text(begin: int, end: int) -> list[str]:
    return [f"{begin // 60:02d}:{begin % 60:02d}", f"{end // 60:02d}:{end % 60:02d}"]


@st.composite
def hours(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """None to three segments of a day; clear of the hours in which clocks are put forward or back."""
    if draw(st.integers(0, 9)) == 0:
        return ((0, 1440),)
    cuts = sorted(draw(st.lists(st.integers(16, 96), max_size=6, unique=True)))
    return tuple((begin * 15, end * 15) for begin, end in zip(cuts[::2], cuts[1::2], strict=False))


moments = st.datetimes(datetime(2025, 12, 1), datetime(2026, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)


@st.composite
def plains(draw: st.DrawFn) -> Plain:
    """A calendar open at least a little each week, in any zone, with days off and make-up days."""
    week = tuple(draw(hours()) for _day in WEEKDAYS)
    if sum(end - begin for day in week for begin, end in day) < 300:
        week = (((540, 720), (810, 1080)), *week[1:])
    days = st.dates(date(2025, 12, 1), date(2027, 3, 1))
    return Plain(
        draw(st.sampled_from(ZONES)), week, draw(st.frozensets(days, max_size=8)), draw(st.frozensets(days, max_size=8))
    )


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Span]:
    """Up to three pauses one after the other, beginning at or after `start`."""
    steps = draw(st.lists(st.integers(0, 3000), max_size=6))
    found, at = [], start
    for gap, length in zip(steps[::2], steps[1::2], strict=False):
        begin = at + timedelta(minutes=gap)
        at = begin + timedelta(minutes=length)
        found.append((begin, at))
    return found
