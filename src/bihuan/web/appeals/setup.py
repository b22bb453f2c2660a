"""Set-up of the bodies: conditions, how long each gives in which province, and its answer letter."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.appeals import bodies as verbs
from bihuan.appeals import papers, rules
from bihuan.appeals.models import Body, Term
from bihuan.catalog import snapshot as catalog
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.sla import models as sla
from bihuan.sla.durations import Duration
from bihuan.sla.wording import duration
from bihuan.web.desk.names import Names
from bihuan.web.setup import history
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.names import english, named

TABLE = "appeals_body"


class BodyForm(forms.Form):
    """One body's conditions and letter."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("受理条件"), choices=list(rules.CHECKS.items()), widget=forms.CheckboxSelectMultiple,
        required=False, help_text=gettext_lazy("不符合所选条件的，登记时会指出并给出退回理由。"),
    )  # fmt: skip
    fee_months = forms.IntegerField(
        label=gettext_lazy("费用争议期限（月）"), min_value=0, help_text=gettext_lazy("0：与其他争议相同")
    )
    other_months = forms.IntegerField(
        label=gettext_lazy("其他争议期限（月）"), min_value=0, help_text=gettext_lazy("0：不限")
    )
    unanswered_days = forms.IntegerField(label=gettext_lazy("企业答复期（日）"), min_value=0)
    letter = forms.CharField(
        label=gettext_lazy("答复函模板"), max_length=10_000, widget=forms.Textarea({"rows": 12}), required=False
    )
    masked = forms.BooleanField(
        label=gettext_lazy("答复函里的客户信息脱敏"), required=False,
        help_text=gettext_lazy("不脱敏时，每次发出都写入个人信息使用登记。"),
    )  # fmt: skip
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False)


class TermForm(forms.Form):
    """How long, by which calendar, in which province."""

    province = forms.TypedChoiceField(label=gettext_lazy("省份"), coerce=int, empty_value=None, required=False)
    duration = forms.CharField(
        label=gettext_lazy("时长"), max_length=16, help_text=gettext_lazy("10d 自然日，5wd 工作日，48h 小时")
    )
    calendar = forms.ChoiceField(label=gettext_lazy("日历"))
    conditions = forms.CharField(
        label=gettext_lazy("受理条件说明"), max_length=2000, widget=forms.Textarea({"rows": 2}), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = [(area.id, named(area)) for area in catalog.current().areas.values() if area.level == 1]
        self.fields["province"].choices = [("", _("全国（其他省份）")), *sorted(provinces)]  # type: ignore[attr-defined]
        calendars = sla.Calendar.objects.filter(active=True)
        self.fields["calendar"].choices = [(row.code, named(row)) for row in calendars]  # type: ignore[attr-defined]


@page(roles.SETUP)
@require_safe
def bodies(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The bodies, each with how long it gives where."""
    rows = [(row, _terms(row)) for row in Body.objects.all()]
    return show(request, "appeals/bodies.html", {"rows": rows})


def _terms(row: Body) -> list[dict[str, Any]]:
    names, lang = Names(), "en" if english() else "zh"
    policies = {
        one.code: one
        for one in sla.Policy.objects.filter(latest=True, code__startswith="appeal.").select_related("calendar")
    }
    found = []
    for term_row in Term.objects.filter(body=row):
        policy = policies.get(term_row.policy_code)
        found.append(
            {
                "row": term_row,
                "where": names.area(term_row.province_id) if term_row.province_id else _("全国（其他省份）"),
                "length": duration(Duration.parse(policy.duration), lang) if policy else "—",
                "duration": policy.duration if policy else "",
                "calendar": named(policy.calendar) if policy else "",
                "calendar_code": policy.calendar.code if policy else "",
                "active": bool(policy and policy.active),
            }
        )
    return found


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def body(request: HttpRequest, by: Viewer, ident: int) -> HttpResponse:
    """One body; saving is kept in the history."""
    row = get_object_or_404(Body, pk=ident)
    form = BodyForm(request.POST or None, initial={name: getattr(row, name) for name in verbs.EDITABLE})
    if request.method == "POST" and taken(form, lambda: verbs.edit_body(ident, form.cleaned_data, by.staff_id)):
        tell(request, _("已保存，对之后登记的申诉生效。"))
        return redirect("appeals:body", ident)
    return _body(request, row, form, TermForm())


def _body(request: HttpRequest, row: Body, form: BodyForm, term_form: TermForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form, "row": row, "title": named(row), "terms": _terms(row), "term_form": term_form,
        "entries": history.entries(TABLE, row.pk), "may_edit": False, "spots": papers.PLACEHOLDERS,
    }  # fmt: skip
    return show(request, "appeals/body.html", context, status=status)


@page(roles.SETUP)
@require_POST
def term(request: HttpRequest, by: Viewer, ident: int) -> HttpResponse:
    """Add a province's term, or change one."""
    row = get_object_or_404(Body, pk=ident)
    form = TermForm(request.POST)

    def act() -> None:
        told = form.cleaned_data
        verbs.set_term(row, told["province"], told["duration"], told["calendar"], told["conditions"], by.staff_id)

    if taken(form, act):
        tell(request, _("时限已保存，对之后收到的转办生效。"))
        return redirect("appeals:body", ident)
    initial = BodyForm(initial={name: getattr(row, name) for name in verbs.EDITABLE})
    return _body(request, row, initial, form, status=422)


@page(roles.SETUP)
@require_POST
def removal(request: HttpRequest, by: Viewer, ident: int, term_id: int) -> HttpResponse:
    """A province goes by the general term again."""
    verbs.drop_term(get_object_or_404(Term, pk=term_id, body_id=ident), by.staff_id)
    tell(request, _("已删除，按全国的时限执行。"))
    return redirect("appeals:body", ident)
