"""Open and ruled disputes over whose a complaint is; one with both sides' reasons, the answer and the ruling."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases.models import Case
from bihuan.dispatch import disputes
from bihuan.dispatch.models import Dispute
from bihuan.flow import sharing
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import RuleError
from bihuan.sla import deadlines
from bihuan.web import chips
from bihuan.web.desk import story
from bihuan.web.desk.door import desk
from bihuan.web.desk.forms import long_text
from bihuan.web.desk.names import Names
from bihuan.web.desk.widgets import PickerInput

SHOWN = 100


class StatementForm(forms.Form):
    """The other side's reasons."""

    text = long_text(_("本部门的理由"), rows=3)


class RulingForm(forms.Form):
    """The final owner, and why."""

    owner = forms.IntegerField(
        label=_("最终由谁负责"),
        widget=PickerInput("units"),
        error_messages={"required": _("请选择最终由哪个部门负责。"), "invalid": _("请从列表中选择责任部门。")},
    )
    text = long_text(_("裁定理由"), rows=3, help_text=_("双方都会看到。裁定后不能再退单。"))


@require_safe
@desk
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The open ones with their terms, and the newest rulings; of the cases the reader sees."""
    ruled = request.GET.get("show") == "ruled"
    found = disputes.listed(viewer, ruled=ruled)[:SHOWN]
    terms = deadlines.open_of(disputes.OWNERSHIP, [one.pk for one, _case in found])
    names = Names()
    context = {
        "place": "desk",
        "ruled": ruled,
        "figures": disputes.figures(),
        "lines": [_line(one, case, names, terms) for one, case in found],
    }
    return render(request, "sharing/disputes.html", context)


def _line(one: Dispute, case: Case, names: Names, terms: dict[int, Any]) -> dict[str, Any]:
    return {
        "row": one,
        "case": case,
        "category": names.node(case.category_id or case.suggested_category_id),
        "unit": names.unit(one.unit_id),
        "other": names.unit(one.other_unit_id),
        "first": names.unit(one.first_unit_id),
        "owner": names.unit(one.owner_unit_id),
        "by": names.staff(one.ruled_by_id),
        "chip": chips.time_chip(terms[one.pk].due_at) if one.pk in terms else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def dispute(request: HttpRequest, viewer: Viewer, dispute_id: int) -> HttpResponse:
    """One dispute; `part` says which form was sent."""
    part = request.POST.get("part", "")
    forms_of = {"statement": StatementForm, "ruling": RulingForm}
    form = forms_of[part](request.POST) if part in forms_of else None
    status = 200
    if form is not None and form.is_valid():
        try:
            _take(viewer, dispute_id, part, form.cleaned_data)
            return redirect("sharing:dispute", dispute_id)
        except RuleError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
            status = refused.status
    elif form is not None:
        status = 422
    case, found = disputes.find(viewer, dispute_id)
    names = Names()
    open_now = found.ruled_at is None
    context = {
        "place": "desk",
        **_line(found, case, names, deadlines.open_of(disputes.OWNERSHIP, [found.pk])),
        "masks": story.masks_for(case),
        "opened_by": names.staff(found.opened_by_id),
        "other_by": names.staff(found.other_by_id),
        "statement": _form(form, StatementForm) if open_now and found.other_unit_id in viewer.units else None,
        "ruling": _form(form, RulingForm) if open_now and disputes.may_rule(viewer, case, found) else None,
    }
    return render(request, "sharing/dispute.html", context, status=status)


def _form(sent: forms.Form | None, kind: type[forms.Form]) -> forms.Form:
    return sent if isinstance(sent, kind) else kind()


def _take(viewer: Viewer, dispute_id: int, part: str, told: dict[str, Any]) -> None:
    if part == "statement":
        disputes.answer(viewer, dispute_id, told["text"])
    else:
        sharing.rule(viewer, dispute_id, told["owner"], told["text"])
