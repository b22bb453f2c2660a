"""Open time: when a clock counts. Around the clock, by weekly hours, or by weekly hours under official days off.

`add` and `between` work on sorted arrays of open segments with running totals, so one sum is two bisections. The arrays
cover a few years and grow when a sum runs out of them; an official calendar never grows into a year whose days off and
make-up days (调休) are not in its table, it refuses.

Boundaries: open time is `[from, to)`. A due moment is the earliest moment by which the full time has been open, so a
limit that is used up exactly at closing time is due then, not at the next opening.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.sla.durations import DAYS, TIME, Duration

Segment = tuple[int, int]
"""Open from–to in minutes of the local day, `0 <= from < to <= 1440`."""

ALWAYS, WEEKLY, OFFICIAL = "always", "weekly", "official"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_LAST_YEAR = 9000


def micros(moment: datetime) -> int:
    """Microseconds since 1970 (UTC); a moment without a zone is refused."""
    if moment.tzinfo is None:
        raise RuleError("time.no_zone", _("时间缺少时区，请写成 2026-03-02T09:00:00+08:00。"), field="at")
    span = moment - _EPOCH
    return (span.days * 86400 + span.seconds) * 1_000_000 + span.microseconds


def moment(value: int) -> datetime:
    """The aware UTC moment of `micros`."""
    return _EPOCH + timedelta(microseconds=value)


@dataclass(frozen=True, slots=True)
class _Table:
    """Open segments of the years `first..last`: µs, with the open time before each (`totals` has one more entry)."""

    first: int
    last: int
    low: int
    high: int
    starts: Sequence[int]
    ends: Sequence[int]
    totals: Sequence[int]

    def worked_until(self, at: int) -> int:
        """Open time from the table's beginning to `at`."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.totals[index] + min(at, self.ends[index]) - self.starts[index]

    def reach(self, total: int) -> int | None:
        """Earliest moment with `total` open time since the table's beginning; None beyond its end."""
        if total > self.totals[-1]:
            return None
        index = bisect_left(self.totals, total) - 1
        return self.starts[index] + total - self.totals[index]


@dataclass(frozen=True)
class Calendar:
    """One kind of open time. Build with `calendar_form.build`; immutable apart from its growing table.

    `week` holds the segments of Monday…Sunday, `special` those of single days (a day off has none), `known` the years an
    official calendar may be asked about.
    """

    code: str
    zone: str = "Asia/Shanghai"
    kind: str = ALWAYS
    week: tuple[tuple[Segment, ...], ...] = ()
    special: Mapping[date, tuple[Segment, ...]] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    name: str = ""
    name_en: str = ""
    _cache: dict[str, _Table] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind != ALWAYS and not any(self.week):
            raise RuleError("calendar.never_open", _("工作日历一周内没有任何工作时段，请至少填写一段。"), field="week")

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose local days and hours count."""
        return ZoneInfo(self.zone)

    def add(self, start: datetime, duration: Duration | timedelta) -> datetime:
        """The due moment (UTC) of `duration` begun at `start`; RuleError `calendar.year_unknown` beyond known years."""
        if isinstance(duration, Duration):
            if duration.unit != TIME:
                return self._add_days(start, duration)
            return moment(self.add_micros(micros(start), duration.micros))
        return moment(self.add_micros(micros(start), duration // _MICRO))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from `start` to `end`; nothing when `end` is not later."""
        return timedelta(microseconds=self.between_micros(micros(start), micros(end)))

    def add_micros(self, start: int, amount: int) -> int:
        """`add` in microseconds; `amount` ≤ 0 answers `start`."""
        if self.kind == ALWAYS:
            return start + max(amount, 0)
        table = self._covering(start)
        if amount <= 0:
            return start
        total = table.worked_until(start) + amount
        while (found := table.reach(total)) is None:
            table = self._grown(table, start)
            total = table.worked_until(start) + amount
        return found

    def between_micros(self, start: int, end: int) -> int:
        """`between` in microseconds."""
        if end <= start:
            return 0
        if self.kind == ALWAYS:
            return end - start
        table = self._covering(start)
        while end > table.high:
            table = self._grown(table, start)
        return table.worked_until(end) - table.worked_until(start)

    def is_open(self, at: datetime) -> bool:
        """Whether time counts at this moment."""
        return self.next_open(at) == at

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening."""
        start = micros(at)
        if self.kind == ALWAYS:
            return at
        return moment(self.add_micros(start, 1) - 1)

    def segments_of(self, day: date) -> tuple[Segment, ...]:
        """The open segments of a local day; an official calendar refuses days of unknown years."""
        if self.kind == ALWAYS:
            return ((0, 1440),)
        if self.kind == OFFICIAL and day.year not in self.known:
            raise self._unknown(day.year)
        found = self.special.get(day)
        return self.week[day.weekday()] if found is None else found

    def _add_days(self, start: datetime, duration: Duration) -> datetime:
        micros(start)
        local = start.astimezone(self.tz)
        if duration.unit == DAYS:
            day = local.date() + timedelta(days=duration.amount)
            if duration.to_end:
                return self._at(day, 1440)
            return datetime.combine(day, local.timetz().replace(tzinfo=None), self.tz).astimezone(UTC)
        day = self._working_day(local.date(), duration.amount)
        return self._at(day, self.segments_of(day)[-1][1])

    def _working_day(self, day: date, count: int) -> date:
        """The `count`-th day with open time after `day`, which itself is not counted (民法典 201)."""
        for _step in range(20_000):
            day += timedelta(days=1)
            if self.segments_of(day):
                count -= 1
                if count == 0:
                    return day
        raise RuleError("calendar.out_of_range", _("日历中找不到足够的工作日。"), field="calendar")

    def _at(self, day: date, minute: int) -> datetime:
        """A local minute as a UTC moment; of a repeated hour the first passing, 1440 is the next day's midnight."""
        if minute == 1440:
            day, minute = day + timedelta(days=1), 0
        return datetime.combine(day, time(minute // 60, minute % 60), self.tz).astimezone(UTC)

    def _unknown(self, year: int) -> RuleError:
        return RuleError(
            "calendar.year_unknown",
            _("日历“%s”没有 %s 年的放假和调休安排，不能推算。请先在“设置 › 日历”录入该年数据。") % (self.code, year),
            field="calendar",
            data={"year": year, "calendar": self.code},
        )

    def _covering(self, at: int) -> _Table:
        table = self._cache.get("table")
        if table is not None and table.low <= at < table.high:
            return table
        year = moment(at).astimezone(self.tz).year
        if self.kind == OFFICIAL and year not in self.known:
            raise self._unknown(year)
        low, high = self._around(year)
        if table is not None and self._joined(min(low, table.first), max(high, table.last)):
            low, high = min(low, table.first), max(high, table.last)
        return self._remember(low, high)

    def _around(self, year: int) -> tuple[int, int]:
        """The year and its neighbours, as far as they are known."""
        low = year - 1 if self._allowed(year - 1) else year
        return low, year + 1 if self._allowed(year + 1) else year

    def _allowed(self, year: int) -> bool:
        return 1 < year <= _LAST_YEAR if self.kind == WEEKLY else year in self.known

    def _joined(self, low: int, high: int) -> bool:
        return high - low < 60 and all(self._allowed(year) for year in range(low, high + 1))

    def _grown(self, table: _Table, start: int) -> _Table:
        """A table reaching further for a sum begun at `start`; refused where the next year is not known."""
        if not self._allowed(table.last + 1):
            if self.kind == OFFICIAL:
                raise self._unknown(table.last + 1)
            raise RuleError("calendar.out_of_range", _("推算超出可用年份。"), field="duration")
        high = table.last + 1
        while high < table.last + (table.last - table.first) and self._allowed(high + 1):
            high += 1
        return self._remember(table.first, high)

    def _remember(self, first: int, last: int) -> _Table:
        """Builds the arrays; a racing thread at worst builds the same again."""
        starts: list[int] = []
        ends: list[int] = []
        totals = [0]
        day, stop = date(first, 1, 1), date(last + 1, 1, 1)
        while day < stop:
            for begin, end in self.segments_of(day):
                start_at, end_at = micros(self._at(day, begin)), micros(self._at(day, end))
                if end_at > start_at:
                    starts.append(start_at)
                    ends.append(end_at)
                    totals.append(totals[-1] + end_at - start_at)
            day += timedelta(days=1)
        table = _Table(
            first, last, micros(self._at(date(first, 1, 1), 0)), micros(self._at(stop, 0)), starts, ends, totals
        )
        self._cache["table"] = table
        return table


AROUND_THE_CLOCK = Calendar("7x24", name="7×24", name_en="24/7")
