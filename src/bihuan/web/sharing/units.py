"""How each unit shares its work out, and the skills of its people, with what they have in hand at this moment."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bihuan.catalog import snapshot as catalog
from bihuan.dispatch import assigning, rounds, team
from bihuan.dispatch.models import Mode, UnitWork
from bihuan.identity import presence, roles
from bihuan.identity.models import Staff, Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.web.setup import history
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.names import listed, named
from bihuan.web.setup.roster import managed
from bihuan.web.setup.rule_forms import nodes


class UnitForm(forms.Form):
    """How one unit shares its work out."""

    mode = forms.ChoiceField(
        label=gettext_lazy("分派方式"),
        choices=Mode.choices,
        help_text=gettext_lazy("自动分派按当班、技能、客户星级、手上件数和近期份额选人，理由写在工单上。"),
    )
    pickup_term = forms.CharField(
        label=gettext_lazy("接单时限"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("如 30m、2h；不填则不限。"),
    )
    late_to = forms.ChoiceField(
        label=gettext_lazy("超时未接"),
        choices=[("lead", gettext_lazy("转给责任人")), ("pool", gettext_lazy("放回待接单，换人"))],
    )
    most_open = forms.IntegerField(
        label=gettext_lazy("每人最多在手"),
        min_value=0,
        max_value=1000,
        help_text=gettext_lazy("到了这个数就先分给别人；0 为不限。"),
    )
    share_days = forms.IntegerField(label=gettext_lazy("份额按最近几天计"), min_value=1, max_value=90)


class SkillsForm(forms.Form):
    """What one person can do."""

    category = forms.MultipleChoiceField(
        label=gettext_lazy("现象分类（含下级）"), widget=forms.CheckboxSelectMultiple, required=False
    )
    product = forms.MultipleChoiceField(
        label=gettext_lazy("产品（含下级）"), widget=forms.CheckboxSelectMultiple, required=False
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("受训服务的客户星级"),
        coerce=int,
        choices=lambda: [(0, "—"), *((n, _("%d 星及以上") % n) for n in range(1, 8))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = nodes("phenomenon")  # type: ignore[attr-defined]
        self.fields["product"].choices = nodes("product")  # type: ignore[attr-defined]


@page(roles.DUTY)
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, by: Viewer) -> HttpResponse:
    """One unit: its way of sharing out, and its people."""
    units = managed(by)
    told = request.POST.get("unit") or request.GET.get("unit", "")
    unit = next((row for row in units if str(row.pk) == told), units[0])
    held = assigning.work_of(unit.pk)
    form = UnitForm(request.POST or None, initial={name: getattr(held, name) for name in team.FIELDS})
    if request.method == "POST" and taken(form, lambda: team.set_unit(unit.pk, form.cleaned_data, by)):
        tell(request, _("已保存。"))
        return redirect(f"{reverse('sharing:units')}?unit={unit.pk}")
    rows = UnitWork.objects.filter(unit_id=unit.pk).values_list("pk", flat=True).first()
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "lines": _people(unit),
        "entries": history.entries("dispatch_unitwork", rows, 5) if rows else [],
    }
    return show(request, "sharing/units.html", context)


def _people(unit: Unit) -> list[dict[str, Any]]:
    now = clock.now()
    people = rounds.members([unit.pk]).get(unit.pk, [])
    there, ids = presence.at(now), [one.id for one in people]
    here, standing, skills = set(rounds.workers(unit.pk, people, there)), rounds.standing_of(ids, now), rounds.skills()
    rows = Staff.objects.in_bulk(ids)
    return [
        {
            "staff": rows[one.id],
            "leads": one.leads,
            "skills": listed(skill_words(kind, code) for kind, code in skills.get(one.id, [])),
            "away": one.id in there.away,
            "deputy": named(Staff.objects.filter(pk=there.stand_in(one.id) or 0).first())
            if one.id in there.away
            else "",
            "here": one.id in here,
            "open": standing.open.get(one.id, 0),
            "share": standing.share.get(one.id, 0),
        }
        for one in people
    ]


def skill_words(kind: str, code: str) -> str:
    """One skill as people read it."""
    if kind == "level":
        return str(_("%s 星及以上客户") % code)
    node = catalog.current().node(team.TREES[kind], code)
    return named(node) if node else code


@page(roles.DUTY)
@require_http_methods(["GET", "HEAD", "POST"])
def skills(request: HttpRequest, by: Viewer, staff_id: int) -> HttpResponse:
    """The skills of one person."""
    row = Staff.objects.select_related("unit").filter(pk=staff_id, is_active=True).first()
    if row is None or row.unit_id not in {unit.pk for unit in managed(by)}:
        raise NotFound("staff")
    held = rounds.skills().get(row.pk, [])
    initial = {kind: [code for own, code in held if own == kind] for kind in team.TREES}
    level = max((int(code) for kind, code in held if kind == "level"), default=0)
    form = SkillsForm(request.POST or None, initial={**initial, "level": level})

    def put() -> None:
        said = form.cleaned_data
        team.set_skills(row.pk, said["category"], said["product"], said["level"], by)

    if request.method == "POST" and taken(form, put):
        tell(request, _("已更新“%s”的技能。") % named(row))
        return redirect(f"{reverse('sharing:units')}?unit={row.unit_id}")
    return show(request, "sharing/skills.html", {"form": form, "staff": row})
