"""Marks on customers: set on a case, reviewed in one list. Shown to staff only."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.customers import marks as held
from bihuan.customers import queries as customers
from bihuan.customers.models import Mark
from bihuan.flow import marks
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.desk.names import Names
from bihuan.web.guard import address_of
from bihuan.web.leading.tabs import tabs
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import page, paged, show, taken, tell


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), help_text=_("最长一年；到期未续自动失效。"),
        error_messages={"required": _("请选择日期。"), "invalid": _("请选择日期。")},
    )  # fmt: skip


class MarkForm(forms.Form):
    """What for, on what grounds, until when."""

    kind = forms.ChoiceField(label=_("标记"), choices=Mark.Kind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    evidence = forms.CharField(
        label=_("依据"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如历次工单编号、裁判文书、录音。"),
    )
    review_on = _day(_("复核日期"))


class RenewForm(forms.Form):
    """Until when."""

    review_on = _day(_("续到"))


@page(roles.DUTY)
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, by: Viewer, number: str) -> HttpResponse:
    """Mark the customer of a case."""
    case = access.access_case(by, number)
    form = MarkForm(
        request.POST or None, initial={"kind": "professional", "review_on": held.today() + timedelta(days=180)}
    )

    def act() -> None:
        marks.mark(case, by, **form.cleaned_data, address=address_of(request))

    if request.method == "POST" and taken(form, act):
        tell(request, str(_("已标记。标记不改变工单的优先级和处理，客户看不到。")))
        return redirect("proof:marks")
    return show(
        request,
        "proof/mark.html",
        {"form": form, "case": case, "standing": held.of_party(case.party_id), "place": "desk"},
    )


@page(roles.DUTY)
@require_safe
def listing(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All marks that are not ended, those to review soonest first; overdue ones no longer stand."""
    context = paged(request, held.to_review())
    context |= {"rows": _rows(by, context["rows"]), "tabs": tabs(by, "marks"), "place": "leading"}
    return show(request, "proof/marks.html", context)


def _rows(by: Viewer, found: list[Mark]) -> list[dict[str, Any]]:
    names, masks = Names(), customers.masks_of(one.party_id for one in found)
    cases = {case.party_id: case for case in access.visible(by).filter(party_id__in=[one.party_id for one in found])}
    return [_row(one, masks.get(one.party_id, {}), names, cases.get(one.party_id)) for one in found]


def _row(one: Mark, masks: dict[str, str], names: Names, case: Case | None) -> dict[str, Any]:
    return {
        "one": one, "line": masks.get("complained_number") or masks.get("phone", ""), "case": case,
        "reason": masked_text(one.reason, masks), "evidence": masked_text(one.evidence, masks),
        "by": names.staff(one.marked_by_id), "unit": names.unit(one.unit_id), "over": one.review_on < held.today(),
        "form": RenewForm(initial={"review_on": held.today() + timedelta(days=180)}, auto_id=f"m{one.pk}_%s"),
    }  # fmt: skip


@page(roles.DUTY)
@require_POST
def step(request: HttpRequest, by: Viewer, ident: int, noun: str) -> HttpResponse:
    """Renew a mark, or take it off."""
    if noun == "ending":
        marks.end(ident, by, address=address_of(request))
        tell(request, str(_("标记已取消。")))
        return redirect("proof:marks")
    if noun != "renewal":
        raise NotFound("step")
    form = RenewForm(request.POST)
    if taken(form, lambda: marks.renew(ident, by, form.cleaned_data["review_on"], address=address_of(request))):
        tell(request, str(_("已续期。")))
    else:
        tell(request, " ".join(str(one) for one in form.errors.get("review_on", form.non_field_errors())))
    return redirect("proof:marks")
