"""Calendars from the plain values people write down, and back. Pure; every refusal names its field."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.sla.calendar import ALWAYS, OFFICIAL, WEEKLY, Calendar, Segment

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def build(
    code: str,
    kind: str,
    week: Any = None,
    *,
    zone: str = "Asia/Shanghai",
    days: Iterable[tuple[date, bool]] = (),
    makeup: Any = None,
    names: tuple[str, str] = ("", ""),
) -> Calendar:
    """A calendar from plain values; `days` are (day, worked?) and, for an official one, their years the known ones."""
    _check_zone(zone)
    if kind not in (ALWAYS, WEEKLY, OFFICIAL):
        raise RuleError("calendar.kind", _("日历类型 %s 不存在：always、weekly 或 official。") % (kind,), field="kind")
    if kind == ALWAYS:
        return Calendar(code, zone, name=names[0], name_en=names[1])
    hours = read_week(week or {})
    usual = next((day for day in hours if day), ())
    worked = read_segments(makeup, "makeup") if makeup else usual
    special = {day: worked if open_that_day else () for day, open_that_day in days}
    years = frozenset(day.year for day in special)
    return Calendar(code, zone, kind, hours, special, years, *names)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise RuleError(
            "calendar.zone", _("时区 %s 不存在，请写 IANA 名称，如 Asia/Shanghai。") % (zone,), field="zone"
        ) from None


def read_week(week: Any, field_name: str = "week") -> tuple[tuple[Segment, ...], ...]:
    """`{"mon": [["09:00", "12:00"], …], …}` as Monday…Sunday; absent days are closed, overlaps are refused."""
    if not isinstance(week, Mapping) or any(day not in WEEKDAYS for day in week):
        raise RuleError("calendar.week", _("week 应为对象，键为 %s。") % ("、".join(WEEKDAYS),), field=field_name)
    return tuple(read_segments(week.get(day) or (), f"{field_name}.{day}") for day in WEEKDAYS)


def read_segments(pairs: Any, field_name: str) -> tuple[Segment, ...]:
    """`[["09:00", "12:00"], ["13:30", "18:00"]]`, each end after its start and none overlapping; `24:00` is midnight."""
    found: list[Segment] = []
    for pair in _list(pairs, field_name):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise RuleError(
                "calendar.segment", _('时段应写成 ["09:00", "12:00"]，收到 %s。') % (pair,), field=field_name
            )
        begin, end = (_minute(part, field_name) for part in pair)
        if end <= begin:
            raise RuleError(
                "calendar.segment",
                _("时段 %s–%s 的结束不晚于开始；跨夜请拆成两段。") % (pair[0], pair[1]),
                field=field_name,
            )
        found.append((begin, end))
    found.sort()
    if any(later[0] < earlier[1] for earlier, later in zip(found, found[1:], strict=False)):
        raise RuleError("calendar.segment", _("同一天的时段互相重叠。"), field=field_name)
    return tuple(found)


def write_week(week: Iterable[Iterable[Segment]]) -> dict[str, list[list[str]]]:
    """The inverse of `read_week`, for storing and editing."""
    return {
        day: [[f"{b // 60:02d}:{b % 60:02d}", f"{e // 60:02d}:{e % 60:02d}"] for b, e in hours]
        for day, hours in zip(WEEKDAYS, week, strict=True)
    }


def _list(value: Any, field_name: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise RuleError("calendar.segment", _("时段应为列表。"), field=field_name)
    return list(value)


def _minute(text: Any, field_name: str) -> int:
    hours, colon, minutes = str(text).partition(":")
    digits = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
    if not colon or not digits or len(minutes) != 2 or len(hours) > 2:
        raise RuleError("calendar.segment", _("时刻 %s 应写成 HH:MM。") % (text,), field=field_name)
    value = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or value > 1440:
        raise RuleError("calendar.segment", _("时刻 %s 不存在。") % (text,), field=field_name)
    return value
