"""Set-up of money: what each role may grant alone, what each unit may give this month and the next."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.compensation import budgets as verbs
from bihuan.compensation.models import Budget, Limit
from bihuan.compensation.rules import left
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.web.desk.names import Names
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.units import unit_choices


class BudgetForm(forms.Form):
    """One unit's budget of one month."""

    unit = forms.TypedChoiceField(label=gettext_lazy("部门"), coerce=int)
    month = forms.DateField(
        label=gettext_lazy("月份"), input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"}, "%Y-%m")
    )
    amount = forms.CharField(label=gettext_lazy("预算（元）"), max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]


class LimitForm(forms.Form):
    """One role's limit."""

    role = forms.ChoiceField(label=gettext_lazy("哪个角色"))
    amount = forms.CharField(label=gettext_lazy("可直接批准（元）"), max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [(role.code, role.name) for role in roles.ROLES.values() if role.reach]
        self.fields["role"].choices = able  # type: ignore[attr-defined]


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def budgets(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Budgets with what is held back, used and left; and the limits."""
    form = BudgetForm(request.POST or None, initial={"month": verbs.this_month()})

    def act() -> None:
        told = form.cleaned_data
        month: date = told["month"]
        verbs.set_budget(told["unit"], month, told["amount"])

    if request.method == "POST" and taken(form, act):
        tell(request, _("预算已保存。"))
        return redirect("teamwork:budgets")
    return _page(request, form, LimitForm(auto_id="limit_%s"))


def _page(request: HttpRequest, form: BudgetForm, limit_form: LimitForm, status: int = 200) -> HttpResponse:
    names = Names()
    rows = [
        {"row": row, "unit": names.unit(row.unit_id), "left": left(row.amount, row.reserved, row.used)}
        for row in Budget.objects.all()[:200]
    ]
    limits = [(row, roles.ROLES[row.role].name) for row in Limit.objects.all() if row.role in roles.ROLES]
    context = {"form": form, "limit_form": limit_form, "rows": rows, "limits": limits}
    return show(request, "teamwork/budgets.html", context, status=status)


@page(roles.SETUP)
@require_POST
def limit(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Set one role's limit."""
    form = LimitForm(request.POST, auto_id="limit_%s")
    if taken(form, lambda: verbs.set_limit(form.cleaned_data["role"], form.cleaned_data["amount"], by.staff_id)):
        tell(request, _("额度已保存，对之后的申请生效。"))
        return redirect("teamwork:budgets")
    return _page(request, BudgetForm(initial={"month": verbs.this_month()}), form, status=422)
