"""Stretches of time: presets, and the stretches a figure is compared with (环比 previous, 同比 last year). Pure."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.conditions import AsOf
from bihuan.cases.days import LOCAL, midnight

Against = Literal["now", "previous", "last_year"]
AGAINST: Mapping[str, Promise] = {"previous": _("环比"), "last_year": _("同比")}


@dataclass(frozen=True)
class Stretch:
    """Registered from `start` (included) to `end` (not included), looked at as of `as_of`; open ends are None."""

    start: datetime | None
    end: datetime | None
    as_of: AsOf


@dataclass(frozen=True)
class Step:
    """How far back a comparison lies: whole months and days."""

    months: int = 0
    days: int = 0

    def back(self, day: date) -> date:
        """The day that many months and days before; the 31st falls on the last day of a shorter month."""
        month = day.year * 12 + day.month - 1 - self.months
        year, number = divmod(month, 12)
        last = calendar.monthrange(year, number + 1)[1]
        return day.replace(year=year, month=number + 1, day=min(day.day, last)) - timedelta(days=self.days)

    def before(self, moment: datetime) -> datetime:
        """The same on the local clock."""
        local = moment.astimezone(LOCAL)
        return datetime.combine(self.back(local.date()), local.time(), tzinfo=LOCAL)


def step_back(against: Against, first: date, last: date, unit: str) -> Step:
    """How far back to look. `unit` is the time figures are grouped by (`month`, `week`, `day` or empty).

    Last year is 12 months earlier, by weeks 52 weeks. Previous is one unit earlier; without a unit the stretch itself:
    one that begins with a month is moved by the months it touches, any other by its days.
    """
    if against == "last_year":
        return Step(days=364) if unit == "week" else Step(months=12)
    if unit:
        return {"month": Step(months=1), "week": Step(days=7), "day": Step(days=1)}[unit]
    if first.day == 1:
        return Step(months=(last.year - first.year) * 12 + last.month - first.month + 1)
    return Step(days=(last - first).days + 1)


def moved(stretch: Stretch, step: Step, now: datetime) -> Stretch:
    """The stretch to compare with. One still running is compared with as much of the earlier one, as it stood then."""
    if stretch.start is None or stretch.end is None:
        raise ValueError("only a limited stretch can be moved")
    seen = stretch.as_of if isinstance(stretch.as_of, datetime) else now
    end = min(stretch.end, seen)
    as_of = step.before(stretch.as_of) if isinstance(stretch.as_of, datetime) else stretch.as_of
    return replace(stretch, start=step.before(stretch.start), end=step.before(max(end, stretch.start)), as_of=as_of)


def stretch_of(first: date | None, last: date | None, as_of: AsOf) -> Stretch:
    """The stretch from the first to the last local day, both included."""
    return Stretch(
        midnight(first) if first else None, midnight(last + timedelta(days=1)) if last else None, as_of
    )  # fmt: skip


def _month_start(day: date, back: int = 0) -> date:
    return Step(months=back).back(day.replace(day=1))


PRESETS: Mapping[str, Promise] = {
    "today": _("今天"),
    "yesterday": _("昨天"),
    "week": _("本周"),
    "last_week": _("上周"),
    "month": _("本月"),
    "last_month": _("上月"),
    "quarter": _("近三个月"),
    "year": _("今年"),
    "12months": _("近 12 个月"),
}


def preset(code: str, today: date) -> tuple[date, date]:
    """First and last day of a preset, seen from `today`; weeks begin on Monday."""
    monday = today - timedelta(days=today.weekday())
    first = _month_start(today)
    return {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "week": (monday, today),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": (first, today),
        "last_month": (_month_start(today, 1), first - timedelta(days=1)),
        "quarter": (_month_start(today, 2), today),
        "year": (today.replace(month=1, day=1), today),
        "12months": (_month_start(today, 11), today),
    }[code]
