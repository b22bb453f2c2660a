"""Rosters: the week of one unit, who is away and who stands in, who answers for the unit."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.identity import book, roles
from bihuan.identity import roster as duty
from bihuan.identity.models import Absence, Shift, Staff, Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import SettingChange
from bihuan.web.setup import history
from bihuan.web.setup.calendars import DAY_NAMES
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.names import named
from bihuan.web.setup.widgets import StaffPicker

TIME = "%H:%M"


class ShiftForm(forms.Form):
    """A turn of duty; an end not after its start is on the next day."""

    day = forms.DateField(label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=gettext_lazy("从"), widget=forms.TimeInput(attrs={"type": "time"}, format=TIME))
    ends = forms.TimeField(label=gettext_lazy("到"), widget=forms.TimeInput(attrs={"type": "time"}, format=TIME))
    staff = forms.TypedChoiceField(label=gettext_lazy("人员"), coerce=int)
    kind = forms.ChoiceField(label=gettext_lazy("班次"), choices=Shift.Kind.choices)
    days = forms.TypedChoiceField(
        label=gettext_lazy("连续"),
        coerce=int,
        choices=lambda: [(n, _("%d 天") % n) for n in (1, 2, 3, 5, 7)],
        initial=1,
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Staff.objects.filter(unit__path__contains=[unit.pk], is_active=True, is_system=False)
        self.fields["staff"].choices = [(row.pk, named(row)) for row in rows]  # type: ignore[attr-defined]

    def spans(self) -> list[tuple[datetime, datetime]]:
        """Start and end of each day's turn."""
        told = self.cleaned_data
        found = []
        for n in range(told["days"]):
            day = told["day"] + timedelta(days=n)
            last = day if told["ends"] > told["begins"] else day + timedelta(days=1)
            found.append((_moment(day, told["begins"]), _moment(last, told["ends"])))
        return found


class AbsenceForm(forms.Form):
    """Someone is away from one day to another, both included."""

    person = forms.CharField(label=gettext_lazy("谁不在岗"), widget=StaffPicker())
    first = forms.DateField(label=gettext_lazy("从"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=gettext_lazy("到（含）"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    deputy = forms.CharField(
        label=gettext_lazy("代理人"),
        help_text=gettext_lazy("不填则由其固定代理人代办。"),
        widget=StaffPicker(),
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=80, required=False)


class ResponsibleForm(forms.Form):
    """Who answers for the unit."""

    responsible = forms.CharField(label=gettext_lazy("责任人"), widget=StaffPicker(), required=False)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


@page(roles.DUTY)
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The week of one unit; a turn more is added here."""
    units = managed(by)
    unit, monday = _unit(request, by, units), _monday(request)
    form = ShiftForm(
        request.POST or None, unit=unit, initial={"day": _first_day(monday), "begins": "08:00", "ends": "20:00"}
    )
    if request.method == "POST" and taken(form, lambda: _add(form, unit, by)):
        tell(request, _("已排班。"))
        return redirect(_address(unit, _monday_of(form.cleaned_data["day"])))
    return _page(request, by, units, unit, monday, form, AbsenceForm())


def _add(form: ShiftForm, unit: Unit, by: Viewer) -> None:
    told = form.cleaned_data
    for begin, end in form.spans():
        duty.add_shift(unit.pk, told["staff"], told["kind"], begin, end, by)


def _page(
    request: HttpRequest, by: Viewer, units: list[Unit], unit: Unit, monday: date, form: ShiftForm, absence: AbsenceForm
) -> HttpResponse:
    now = clock.now()
    people = Q(staff__unit__path__contains=[unit.pk])
    absences = Absence.objects.filter(people, ends_at__gt=now).select_related("staff__deputy", "deputy")
    responsible = unit.responsible.username if unit.responsible else ""
    context = {
        "units": units,
        "unit": unit,
        "monday": monday,
        "days": _week(unit, monday),
        "previous_url": _address(unit, monday - timedelta(days=7)),
        "next_url": _address(unit, monday + timedelta(days=7)),
        "shift_form": form,
        "absence_form": absence,
        "responsible_form": ResponsibleForm(initial={"responsible": responsible}),
        "on_duty": duty.on_duty([unit.pk]),
        "absences": absences.order_by("starts_at")[:50],
        "entries": _recent(unit),
    }
    bound = [one for one in (form, absence) if one.is_bound and one.errors]
    return show(request, "setup/roster.html", context, status=422 if bound else 200)


def _week(unit: Unit, monday: date) -> list[dict[str, Any]]:
    begin = _moment(monday, time())
    rows = list(
        Shift.objects.filter(unit=unit, starts_at__gte=begin, starts_at__lt=begin + timedelta(days=7))
        .select_related("staff").order_by("starts_at", "kind")
    )  # fmt: skip
    today = timezone.localtime(clock.now()).date()
    found = []
    for n, name in enumerate(DAY_NAMES.values()):
        day = monday + timedelta(days=n)
        turns = [row for row in rows if timezone.localtime(row.starts_at).date() == day]
        found.append({"name": name, "day": day, "today": day == today, "turns": turns})
    return found


def _recent(unit: Unit) -> list[history.Entry]:
    rows = SettingChange.objects.filter(table="identity_shift").filter(
        Q(after__unit_id=unit.pk) | Q(before__unit_id=unit.pk)
    )
    return history.tell(rows.order_by("-id")[:8])


@page(roles.DUTY)
@require_POST
def removal(request: HttpRequest, by: Viewer, shift_id: int) -> HttpResponse:
    """Strike a turn."""
    duty.remove_shift(shift_id, by)
    tell(request, _("已取消这个班次。"))
    return redirect(_back(request))


@page(roles.DUTY)
@require_POST
def copying(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Last week once more."""
    unit, monday = _unit(request, by, managed(by)), _monday(request)
    count = duty.copy_week(unit.pk, _moment(monday, time()), by)
    tell(request, _("已从上周复制 %d 个班次。") % count)
    return redirect(_address(unit, monday))


@page(roles.DUTY)
@require_POST
def absence(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Someone is away."""
    units = managed(by)
    unit, monday = _unit(request, by, units), _monday(request)
    form = AbsenceForm(request.POST)
    if taken(form, lambda: _away(form, by)):
        tell(request, _("已登记。"))
        return redirect(_address(unit, monday))
    return _page(request, by, units, unit, monday, ShiftForm(unit=unit), form)


def _away(form: AbsenceForm, by: Viewer) -> None:
    told = form.cleaned_data
    person, deputy = _person(told["person"], "person"), _person(told["deputy"], "deputy") if told["deputy"] else None
    end = _moment(told["last"] + timedelta(days=1), time())
    duty.add_absence(
        person.pk,
        _moment(told["first"], time()),
        end,
        by,
        deputy_id=deputy.pk if deputy else None,
        reason=told["reason"],
    )


@page(roles.DUTY)
@require_POST
def absence_end(request: HttpRequest, by: Viewer, absence_id: int) -> HttpResponse:
    """She is back."""
    duty.end_absence(absence_id, by)
    tell(request, _("已销假。"))
    return redirect(_back(request))


@page(roles.DUTY)
@require_POST
def responsible(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Name who answers for the unit."""
    unit = _unit(request, by, managed(by))
    told = request.POST.get("responsible", "").strip()
    duty.name_responsible(unit.pk, _person(told, "responsible").pk if told else None, by)
    tell(request, _("已更新责任人。"))
    return redirect(_address(unit, _monday(request)))


def managed(by: Viewer) -> list[Unit]:
    """The units whose duty she plans, her own first."""
    ids = by.tree_ids if roles.EVERYWHERE not in by.reach else tuple(book.units().units)
    rows = Unit.objects.filter(pk__in=ids, active=True).select_related("responsible")
    return sorted(rows, key=lambda row: (row.pk != by.unit_id, row.code))


def _unit(request: HttpRequest, by: Viewer, units: list[Unit]) -> Unit:
    told = request.POST.get("unit") or request.GET.get("unit", "")
    return next((row for row in units if str(row.pk) == told), units[0])


def _person(username: str, field: str) -> Staff:
    found = Staff.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise RuleError("staff.unknown", _("没有这个账号，请从列表中选择。"), field=field)
    return found


def _monday(request: HttpRequest) -> date:
    told = request.POST.get("week") or request.GET.get("week", "")
    try:
        day = date.fromisoformat(told)
    except ValueError:
        day = timezone.localtime(clock.now()).date()
    return _monday_of(day if 2000 < day.year < 2200 else timezone.localtime(clock.now()).date())


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first_day(monday: date) -> date:
    today = timezone.localtime(clock.now()).date()
    return today if monday <= today < monday + timedelta(days=7) else monday


def _address(unit: Unit, monday: date) -> str:
    return f"{reverse('setup:roster')}?unit={unit.pk}&week={monday}"


def _back(request: HttpRequest) -> str:
    unit, week = request.POST.get("unit", ""), request.POST.get("week", "")
    kept = f"?unit={unit}&week={week}" if unit.isdigit() and len(week) == 10 else ""
    return reverse("setup:roster") + kept
