"""What can be said of slots, wishes and states without a database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.errors import RuleError
from bihuan.sla.calendar import Calendar

Word = str | Promise
DAYS: Mapping[str, Word] = {
    "mon": gettext_lazy("周一"), "tue": gettext_lazy("周二"), "wed": gettext_lazy("周三"), "thu": gettext_lazy("周四"),
    "fri": gettext_lazy("周五"), "sat": gettext_lazy("周六"), "sun": gettext_lazy("周日"),
}  # fmt: skip
"""Monday first, as `date.weekday()` counts."""
STATUSES: Mapping[str, Word] = {
    "agreed": gettext_lazy("已约定"),
    "arrived": gettext_lazy("已到达"),
    "done": gettext_lazy("已完成"),
    "customer_absent": gettext_lazy("客户失约"),
    "crew_absent": gettext_lazy("班组失约"),
    "cancelled": gettext_lazy("已取消"),
}
AHEAD = ("agreed", "arrived")
"""Appointments that still take a place in their slot."""
AGREED_BY: Mapping[str, Word] = {
    "self": gettext_lazy("客户本人"), "family": gettext_lazy("家人"), "other": gettext_lazy("客户委托的人"),
}  # fmt: skip
AGREED_MEANS: Mapping[str, Word] = {
    "call": gettext_lazy("电话（有录音）"), "sms": gettext_lazy("短信确认"), "chat": gettext_lazy("在线确认"),
    "visit": gettext_lazy("当面"),
}  # fmt: skip
MOST_CAPACITY = 50
MOST_DAYS = 31
"""How far ahead slots are offered."""
_SLOT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~到至]\s*(\d{1,2}):(\d{2})(?:\s*[×xX*]\s*(\d{1,2}))?")

Window = tuple[str, str, int]
"""From, to (`HH:MM`) and how many visits at once."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time of one crew; `left` places are free; `fits` says how many of the customer's wishes it meets."""

    crew_id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    fits: int = 0

    @property
    def left(self) -> int:
        """How many more visits it takes."""
        return max(self.capacity - self.taken, 0)

    @property
    def key(self) -> str:
        """As a form sends it."""
        return f"{self.crew_id}|{self.starts_at.isoformat()}|{self.ends_at.isoformat()}"


def windows_of(text: str) -> list[Window]:
    """`08:30-10:30×2, 10:30-12:00` as windows in order. `RuleError` for what cannot be read or overlaps."""
    found: list[Window] = []
    for part in re.split(r"[,，;；\n]+", text.strip()):
        if not part.strip():
            continue
        match = _SLOT.fullmatch(part.strip().replace("：", ":"))
        begin, end = (f"{int(match[1]):02d}:{match[2]}", f"{int(match[3]):02d}:{match[4]}") if match else ("", "")
        capacity = int(match[5] or 1) if match else 0
        if not match or not "00:00" <= begin < end <= "23:59" or max(match[2], match[4]) > "59":
            raise RuleError("crew.slots", _("时段请写成 08:30-10:30×2，几段用逗号隔开。"), field="week")
        if not 1 <= capacity <= MOST_CAPACITY:
            raise RuleError("crew.capacity", _("每个时段可约 1 到 50 户。"), field="week")
        found.append((begin, end, capacity))
    found.sort()
    if any(later[0] < earlier[1] for earlier, later in zip(found, found[1:], strict=False)):
        raise RuleError("crew.overlap", _("同一天的时段不能重叠。"), field="week")
    return found


def told_windows(windows: Sequence[Sequence[object]]) -> str:
    """Windows as people write them."""
    return ", ".join(f"{one[0]}-{one[1]}×{one[2]}" for one in windows)


def slots_of(
    crew_id: int, week: Mapping[str, Sequence[Sequence[object]]], calendar: Calendar, days: Sequence[date]
) -> list[Slot]:
    """All slots of a crew on these local days, none taken; days on which its calendar is closed have none.

    `RuleError` `calendar.year_unknown` for days an official calendar does not know.
    """
    codes, zone = list(DAYS), ZoneInfo(calendar.zone)
    found = []
    for day in days:
        if not calendar.segments_of(day):
            continue
        for begin, end, capacity in week.get(codes[day.weekday()], ()):
            starts, ends = _moment(day, str(begin), zone), _moment(day, str(end), zone)
            found.append(Slot(crew_id, starts, ends, int(str(capacity)), 0))
    return found


def _moment(day: date, told: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(told), zone)


def fits(starts: datetime, ends: datetime, days: Sequence[str], hour_from: str, hour_to: str) -> int:
    """How many wishes a slot meets, 0 to 2: one of the days, and wholly within the hours. No wish is met by every slot."""
    day = not days or list(DAYS)[starts.weekday()] in days
    begin, end = f"{starts:%H:%M}", f"{ends:%H:%M}"
    hours = (not hour_from or begin >= hour_from) and (not hour_to or end <= hour_to)
    return int(day) + int(hours)
