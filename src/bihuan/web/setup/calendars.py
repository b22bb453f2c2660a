"""Calendars: weekly hours, make-up hours, and the days off and make-up days of each year."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.kernel.models import SettingChange
from bihuan.sla import editing, models, queries
from bihuan.sla.calendar_form import WEEKDAYS
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.names import Names, named

DAY_NAMES = dict(
    zip(
        WEEKDAYS,
        (
            gettext_lazy("周一"), gettext_lazy("周二"), gettext_lazy("周三"), gettext_lazy("周四"), gettext_lazy("周五"),
            gettext_lazy("周六"), gettext_lazy("周日"),
        ),
        strict=True,
    )
)  # fmt: skip


class CalendarForm(forms.Form):
    """Weekly hours as lines of text; an empty day is closed."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)

    def __init__(self, *args: Any, row: models.Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = row.kind
        if row.kind == models.Calendar.Kind.ALWAYS:
            return
        for day in WEEKDAYS:
            self.fields[day] = forms.CharField(label=DAY_NAMES[day], required=False)
        self.fields["mon"].help_text = _("如 09:00-12:00 13:30-18:00，中间空出的是午休；不填为休息。")
        if row.kind == models.Calendar.Kind.OFFICIAL:
            self.fields["makeup"] = forms.CharField(
                label=_("调休补班日"), help_text=_("不填则与第一个工作日相同。"), required=False
            )

    def values(self) -> dict[str, Any]:
        """What `sla.editing.edit_calendar` takes."""
        told = self.cleaned_data
        found: dict[str, Any] = {"name": told["name"], "name_en": told["name_en"]}
        if self.kind != models.Calendar.Kind.ALWAYS:
            found["week"] = {day: hours for day in WEEKDAYS if (hours := _hours(told[day], day))}
        if "makeup" in self.fields:
            found["makeup"] = _hours(told["makeup"], "makeup")
        return found


def _hours(text: str, field: str) -> list[list[str]]:
    spans = []
    for part in re.split(r"[\s,，、;；]+", text.strip()):
        if part:
            begin, mark, end = re.sub(r"[–—~～至到]", "-", part).replace("：", ":").partition("-")
            if not mark:
                raise RuleError("calendar.segment", _("时段“%s”应写成 09:00-12:00。") % part, field=field)
            spans.append([begin, end])
    return spans


def _shown(spans: Any) -> str:
    return " ".join(f"{begin}-{end}" for begin, end in spans or [])


@page(roles.SETUP)
@require_safe
def calendars(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The calendars in force, and the years that are known."""
    rows = models.Calendar.objects.filter(active=True)
    years: dict[str, dict[int, list[int]]] = {}
    for region, day, worked in models.CalendarDay.objects.values_list("region", "day", "worked"):
        counts = years.setdefault(region, {}).setdefault(day.year, [0, 0])
        counts[worked] += 1
    now = clock.now()
    listed = [
        (region, year, *found.get(year, [0, 0]))
        for region, found in sorted(years.items())
        for year in sorted({*found, now.year, now.year + 1}, reverse=True)
        if year >= now.year - 3
    ]
    lines = [
        {"row": row, "week": [(DAY_NAMES[day], _shown(row.week.get(day))) for day in WEEKDAYS],
         "used": models.Policy.objects.filter(calendar=row, latest=True).count()}
        for row in rows
    ]  # fmt: skip
    context = {"lines": lines, "years": listed, "missing": queries.missing_years(now)}
    return show(request, "setup/calendars.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """One calendar; saving makes a new version of it and of the limits that count by it."""
    row = models.Calendar.objects.filter(code=code, active=True).first()
    if row is None:
        raise NotFound("calendar")
    start = {"name": row.name, "name_en": row.name_en, "makeup": _shown(row.makeup)}
    start |= {day: _shown(row.week.get(day)) for day in WEEKDAYS}
    form = CalendarForm(request.POST or None, row=row, initial=start)
    if request.method == "POST" and taken(form, lambda: editing.edit_calendar(code, form.values(), by.staff_id)):
        tell(request, _("已存为新版，从现在起开始的计时按新版执行。"))
        return redirect("setup:calendar", code)
    context = {"form": form, "row": row, "title": named(row), "versions": _versions(code)}
    return show(request, "setup/calendar.html", context)


@page(roles.SETUP)
@require_POST
def restoration(request: HttpRequest, by: Viewer, code: str, version: int) -> HttpResponse:
    """A new version with the hours of an old one."""
    old = models.Calendar.objects.filter(code=code, version=version).first()
    if old is None:
        raise NotFound("calendar")
    names = ("name", "name_en", "zone", "week", "makeup")
    made = editing.edit_calendar(code, {name: getattr(old, name) for name in names}, by.staff_id)
    tell(request, _("已按第 %(old)d 版的内容存为第 %(new)d 版。") % {"old": version, "new": made.version})
    return redirect("setup:calendar", code)


def _versions(code: str) -> list[dict[str, Any]]:
    rows = list(models.Calendar.objects.filter(code=code).order_by("-version"))
    made = {
        change.row_id: change
        for change in SettingChange.objects.filter(
            table="sla_calendar", row_id__in=[r.pk for r in rows], before__isnull=True
        )
    }
    names = Names()
    return [
        {
            "row": row,
            "at": made[row.pk].at if row.pk in made else None,
            "who": (names.staff(made[row.pk].actor_id) if row.pk in made else "") or _("随程序提供"),
            "week": [(DAY_NAMES[day], _shown(row.week.get(day))) for day in WEEKDAYS if row.week.get(day)],
        }
        for row in rows
    ]


class YearForm(forms.Form):
    """The days off and the make-up days of one year."""

    off = forms.CharField(
        label=gettext_lazy("放假日"),
        help_text=gettext_lazy("一行一天或一段，后面写名称：2027-02-05~2027-02-11 春节"),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    worked = forms.CharField(
        label=gettext_lazy("调休补班日"),
        help_text=gettext_lazy("周末要上班的日子，一行一天：2027-02-07 春节"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        required=False,
    )

    def days(self) -> list[tuple[str, bool, str]]:
        """(day, worked?, name) as `sla.editing.enter_year` takes them."""
        found = []
        for field, worked in (("off", False), ("worked", True)):
            for line in self.cleaned_data[field].splitlines():
                if line.strip():
                    found += [(day, worked, name) for day, name in _read_days(line, field)]
        return found


def _read_days(line: str, field: str) -> list[tuple[str, str]]:
    span, _blank, name = line.strip().partition(" ")
    begin, mark, end = span.replace("～", "~").partition("~")
    try:
        first = date.fromisoformat(begin)
        last = date.fromisoformat(end) if mark else first
    except ValueError:
        raise RuleError("days.date", _("“%s”应写成 2027-02-05 春节。") % line.strip(), field=field) from None
    if not timedelta(0) <= last - first <= timedelta(days=60):
        raise RuleError("days.span", _("“%s”的起止日期不对。") % line.strip(), field=field)
    return [((first + timedelta(days=n)).isoformat(), name.strip()) for n in range((last - first).days + 1)]


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest, by: Viewer, region: str, year: int) -> HttpResponse:
    """One year's official days; until they are entered no limit is worked out into that year."""
    known = models.CalendarDay.objects.values_list("region", flat=True).distinct()
    if region not in {*known, "cn"} or not 2004 <= year <= clock.now().year + 2:
        raise NotFound("year")
    rows = models.CalendarDay.objects.filter(region=region, day__year=year).order_by("day")
    start = {
        "off": "\n".join(f"{row.day} {row.name}".strip() for row in rows if not row.worked),
        "worked": "\n".join(f"{row.day} {row.name}".strip() for row in rows if row.worked),
    }
    form = YearForm(request.POST or None, initial=start)
    settled: list[int] = []

    def enter() -> None:
        settled.append(editing.enter_year(region, year, form.days(), by.staff_id))

    if request.method == "POST" and taken(form, enter):
        tell(request, _("已录入 %(year)d 年，%(count)d 个等待的计时已推算。") % {"year": year, "count": settled[0]})
        return redirect("setup:calendars")
    title = _("%d 年放假与调休") % year
    return show(
        request, "setup/edit.html", {"form": form, "title": title, "up": "setup:calendars", "up_label": _("工作日历")}
    )
