"""Reasons staff choose from, what the customer is told, which of them pause the clocks; and single parameters."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.catalog import editing
from bihuan.catalog.models import Parameter, Reason
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.setup import history
from bihuan.web.setup.door import page, show, taken, tell

TABLE, PARAMETERS = "catalog_reason", "catalog_parameter"


class ReasonForm(forms.Form):
    """One reason in both languages."""

    kind = forms.ChoiceField(label=gettext_lazy("用于"), choices=Reason.Kind.choices)
    code = forms.CharField(label=gettext_lazy("代码"), max_length=24)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    told_customer = forms.CharField(
        label=gettext_lazy("告知客户的话"),
        help_text=gettext_lazy("不告知客户的原因可不填。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )
    told_customer_en = forms.CharField(
        label=gettext_lazy("告知客户的话（英文）"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=800,
        required=False,
    )
    pauses = forms.BooleanField(label=gettext_lazy("暂停计时（只限挂起）"), required=False)

    def __init__(self, *args: Any, row: Reason | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["kind"], self.fields["code"]
            if row.kind != Reason.Kind.WAITING:
                del self.fields["pauses"]


@page(roles.SETUP)
@require_safe
def reasons(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All reasons by what they are for."""
    q, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    rows = Reason.objects.order_by("kind", "-active", "code")
    if kind in Reason.Kind.values:
        rows = rows.filter(kind=kind)
    if q:
        rows = (
            rows.filter(name__contains=q) | rows.filter(name_en__icontains=q) | rows.filter(told_customer__contains=q)
        )
    context = {"rows": rows, "q": q, "kind": kind, "kinds": Reason.Kind.choices}
    return show(request, "setup/reasons.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def new_reason(request: HttpRequest, by: Viewer) -> HttpResponse:
    """A reason more."""
    form = ReasonForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})

    def add() -> None:
        told = form.cleaned_data
        editing.add_reason(told["kind"], told["code"], told, by.staff_id)

    if request.method == "POST" and taken(form, add):
        tell(request, _("已新建。"))
        return redirect("setup:reasons")
    context = {"form": form, "title": _("新建原因"), "up": "setup:reasons", "up_label": _("原因与告知语")}
    return show(request, "setup/edit.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, by: Viewer, reason_id: int) -> HttpResponse:
    """One reason and what became of it."""
    row = Reason.objects.filter(pk=reason_id).first()
    if row is None:
        raise NotFound("reason")
    start = {name: getattr(row, name) for name in editing.REASON_FIELDS}
    form = ReasonForm(request.POST or None, row=row, initial=start)
    if request.method == "POST" and taken(form, lambda: editing.edit_reason(row.pk, form.cleaned_data, by.staff_id)):
        tell(request, _("已保存。"))
        return redirect("setup:reason", row.pk)
    context = {"form": form, "reason": row, "entries": history.entries(TABLE, row.pk), "may_edit": True}
    return show(request, "setup/reason.html", context)


@page(roles.SETUP)
@require_POST
def retirement(request: HttpRequest, by: Viewer, reason_id: int) -> HttpResponse:
    """Offer a reason no more, or (`back=1`) again."""
    editing.switch_reason(reason_id, bool(request.POST.get("back")), by.staff_id)
    tell(request, _("已保存。"))
    return redirect("setup:reason", reason_id)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def parameters(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Single values, all on one page, each saved on its own."""
    error = ""
    if request.method == "POST":
        form = forms.Form(request.POST)
        if taken(form, lambda: _set(request, by)):
            tell(request, _("已保存。"))
            return redirect("setup:parameters")
        error = " ".join(str(told) for told in form.non_field_errors())
    lines = [
        {"row": row, "yes_no": isinstance(row.value, bool), "entries": history.entries(PARAMETERS, row.pk, 5)}
        for row in Parameter.objects.all()
    ]
    return show(request, "setup/parameters.html", {"lines": lines, "error": error}, status=422 if error else 200)


def _set(request: HttpRequest, by: Viewer) -> None:
    row = Parameter.objects.filter(code=request.POST.get("code", "")).first()
    if row is None:
        raise NotFound("parameter")
    told: Any = request.POST.get("value", "").strip()
    if isinstance(row.value, bool):
        told = told == "1"
    elif isinstance(row.value, int):
        told = int(told) if told.isascii() and told.isdigit() and len(told) < 8 else -1
    editing.set_parameter(row.code, told, by.staff_id)


def restore(row_id: int, after: dict[str, Any], by: Viewer) -> None:
    """Back to an earlier version of a reason."""
    editing.edit_reason(row_id, {name: after.get(name) for name in editing.REASON_FIELDS}, by.staff_id)


def restore_parameter(row_id: int, after: dict[str, Any], by: Viewer) -> None:
    """Back to an earlier value of a parameter."""
    editing.set_parameter(str(after.get("code")), after.get("value"), by.staff_id)
