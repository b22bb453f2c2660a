"""API tokens: issued by the manager, shown once, withdrawn by her or by the security administrator."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.identity import roles, tokens
from bihuan.identity.models import Staff, Token
from bihuan.identity.scopes import SCOPES
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.setup.names import listed, named


class TokenForm(forms.Form):
    """A token to be issued."""

    owner = forms.TypedChoiceField(label=gettext_lazy("所属账号"), coerce=int)
    name = forms.CharField(label=gettext_lazy("用途"), help_text=gettext_lazy("如：掌厅 H5、绿网工单。"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限范围"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    source_system = forms.CharField(
        label=gettext_lazy("来源系统"),
        help_text=gettext_lazy("填写后，经它登记的投诉都记为这个来源。"),
        max_length=64,
        required=False,
    )
    expires = forms.DateField(
        label=gettext_lazy("有效期至"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )

    def __init__(self, *args: Any, by: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Staff.objects.filter(Q(is_system=True) | Q(pk=by.staff_id), is_active=True)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (row.pk, f"{named(row)} ({row.username})") for row in rows.order_by("-is_system", "username")
        ]

    def expires_at(self) -> datetime | None:
        """The end of the day asked for."""
        day = self.cleaned_data["expires"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


@page(roles.SETUP, roles.GRANTS)
@require_safe
def token_list(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All tokens: whose, what for, what they open; never the token itself."""
    q = request.GET.get("q", "").strip()
    rows = Token.objects.select_related("owner").order_by("-id")
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(owner__username__icontains=q) | Q(hint=q))
    context = paged(request, rows) | {"q": q, "now": clock.now(), "may_issue": by.can(roles.SETUP)}
    context["lines"] = [
        {"row": row, "scopes": listed(SCOPES.get(scope, scope) for scope in row.scopes)} for row in context["rows"]
    ]
    return show(request, "setup/tokens.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Issue a token; it is shown on this answer and never again."""
    form = TokenForm(request.POST or None, by=by)
    made: list[str] = []

    def issue() -> None:
        told = form.cleaned_data
        made.append(
            tokens.issue(
                told["owner"], told["name"], told["scopes"], by,
                source_system=told["source_system"], expires_at=form.expires_at(),
            )
        )  # fmt: skip

    if request.method == "POST" and taken(form, issue):
        return show(request, "setup/token.html", {"token": made[0]})
    context = {"form": form, "title": _("发放令牌"), "up": "setup:tokens", "up_label": _("接口令牌")}
    return show(request, "setup/edit.html", context)


@page(roles.SETUP, roles.GRANTS)
@require_POST
def revocation(request: HttpRequest, by: Viewer, token_id: int) -> HttpResponse:
    """From now on it opens nothing."""
    if not Token.objects.filter(pk=token_id).exists():
        raise NotFound("token")
    tokens.withdraw(token_id, by)
    tell(request, _("令牌已吊销，立即失效。"))
    return redirect("setup:tokens")
