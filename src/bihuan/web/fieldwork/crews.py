"""Crews and their areas, for those who arrange duty: the list, and one crew's form."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.catalog import snapshot as catalog
from bihuan.fieldwork import crews
from bihuan.fieldwork.models import Crew
from bihuan.fieldwork.rules import DAYS, told_windows, windows_of
from bihuan.fieldwork.tiers import TIERS
from bihuan.identity.book import units
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.sla import queries as sla
from bihuan.web.desk.names import Names, either
from bihuan.web.fieldwork import shell
from bihuan.web.setup.names import listed
from bihuan.web.setup.units import unit_choices
from bihuan.web.teamwork.shell import taken


class CrewForm(forms.Form):
    """One crew. The days' slots are written as `08:30-10:30×2, 14:00-16:00×2`."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=60, required=False)
    unit = forms.TypedChoiceField(label=gettext_lazy("所属部门"), coerce=int)
    tier = forms.ChoiceField(label=gettext_lazy("支撑层级"), choices=list(TIERS.items()))
    members = forms.TypedMultipleChoiceField(
        label=gettext_lazy("成员"), coerce=int, required=False, widget=forms.SelectMultiple({"size": 6}),
        help_text=gettext_lazy("所属部门及下级部门的人员，先保存部门再选。"),
    )  # fmt: skip
    areas = forms.TypedMultipleChoiceField(
        label=gettext_lazy("承包片区"), coerce=int, required=False, widget=forms.SelectMultiple({"size": 6}),
        help_text=gettext_lazy("不选则为所属部门的负责地区。"),
    )  # fmt: skip
    calendar = forms.ChoiceField(label=gettext_lazy("工作日历"), help_text=gettext_lazy("日历休息的日子不上门。"))
    phone = forms.CharField(label=gettext_lazy("班组工作电话"), max_length=30, required=False)
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False)

    def __init__(self, *args: Any, by: Viewer, crew: Crew | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = units()
        home = crew.unit_id if crew else by.unit_id
        self._offer("unit", [one for one in unit_choices() if crews.may_edit(by, one[0])])
        below = known.below(home)
        found = Staff.objects.filter(is_active=True, is_system=False, unit_id__in=below).order_by("username")
        self._offer("members", [(one.pk, either(one.name, one.name_en)) for one in found[:500]])
        self._offer("areas", area_choices(home, crew))
        book = sla.book().calendars
        self._offer(
            "calendar", [(code, either(one.name, one.name_en)) for code, one in book.items() if "@" not in code]
        )
        for day, word in DAYS.items():
            self.fields[f"week_{day}"] = forms.CharField(label=str(word), required=False, max_length=300)

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> None:
        """A day that cannot be read is told beside it."""
        for day in DAYS:
            try:
                windows_of(self.cleaned_data.get(f"week_{day}", ""))
            except RuleError as refused:
                self.add_error(f"week_{day}", str(refused.message))

    def week(self) -> list[Any]:
        """The fields of the days, for the page."""
        return [self[f"week_{day}"] for day in DAYS]

    def told(self) -> dict[str, Any]:
        """What `crews.save` takes."""
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith("week_")}
        return {**plain, "week": {day: self.cleaned_data[f"week_{day}"] for day in DAYS}}


def area_choices(unit_id: int, crew: Crew | None) -> list[tuple[Any, Any]]:
    """Areas from city down within the unit's own; whatever the crew has already stays choosable."""
    unit, known = units().units.get(unit_id), catalog.current().areas
    top = unit.area[1] if unit and unit.area else None
    kept = set(crew.area_ids) if crew else set()
    found = [
        one
        for one in known.values()
        if one.id in kept or (one.level >= 2 and (top is None or top == one.id or top in one.levels))
    ]
    return [
        (one.id, "　" * (one.level - 2) + either(one.name, one.name_en))
        for one in sorted(found, key=lambda one: one.id)
    ]


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Crews she may set up."""
    who, names = shell.entered(request, "crews"), Names()
    rows = [
        {
            "crew": crew, "name": either(crew.name, crew.name_en), "unit": names.unit(crew.unit_id),
            "members": listed(names.staff(one) for one in crew.member_ids),
            "areas": listed(names.area(one) for one in sorted(crews.areas_of(crew))),
            "slots": sum(len(day) for day in crew.week.values()),
        }
        for crew in Crew.objects.order_by("-active", "unit_id", "id")
        if crews.may_edit(who, crew.unit_id)
    ]  # fmt: skip
    return shell.show(request, "fieldwork/crews.html", "crews", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adding(request: HttpRequest) -> HttpResponse:
    """A new crew."""
    return _form(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def editing(request: HttpRequest, crew_id: int) -> HttpResponse:
    """One crew as it stands, and its change."""
    return _form(request, crew_id)


def _form(request: HttpRequest, crew_id: int | None) -> HttpResponse:
    who = shell.entered(request, "crews")
    crew = Crew.objects.filter(pk=crew_id).first() if crew_id else None
    if crew_id and (crew is None or not crews.may_edit(who, crew.unit_id)):
        raise NotFound("crew")
    form = CrewForm(request.POST or None, by=who, crew=crew, initial=_begin(crew, who))
    if request.method == "POST" and taken(form, lambda: crews.save(form.told(), who, crew_id)):
        shell.tell(request, _("班组已保存。"))
        return redirect("fieldwork:crews")
    title = either(crew.name, crew.name_en) if crew else _("新增班组")
    status = 422 if request.method == "POST" else 200
    return shell.show(request, "fieldwork/crew.html", "crews", {"form": form, "title": title}, status=status)


def _begin(crew: Crew | None, who: Viewer) -> dict[str, Any]:
    if crew is None:
        usual = "08:30-10:30×2, 10:30-12:00×1, 14:00-16:00×2, 16:00-18:00×2"
        return {"unit": who.unit_id, "active": True, **{f"week_{day}": usual for day in list(DAYS)[:6]}}
    week = {f"week_{day}": told_windows(crew.week.get(day, ())) for day in DAYS}
    return {
        "name": crew.name, "name_en": crew.name_en, "unit": crew.unit_id, "tier": crew.tier, "members": crew.member_ids,
        "areas": crew.area_ids, "calendar": crew.calendar, "phone": crew.phone, "active": crew.active, **week,
    }  # fmt: skip
