"""Recordings opened from a case, each time written down; the hosts they may lie on, as a setting."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases import access
from bihuan.handling import packs, recordings
from bihuan.handling.models import RecordingHost
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden
from bihuan.web.desk.door import desk
from bihuan.web.setup.door import page, show, taken, tell


@require_safe
@desk
def recording(request: HttpRequest, viewer: Viewer, number: str, ident: int) -> HttpResponse:
    """On to the recording, for who may open originals; the audit log keeps who did."""
    case = access.access_case(viewer, number)
    if not packs.may_read_originals(viewer, case):
        raise Forbidden("recording.read", _now("录音未脱敏：只有承办部门或有明文查看权限的人可以打开。"))
    one = recordings.find(case.id, ident)
    audit.record(
        "reveal", actor_id=viewer.staff_id, actor_name=viewer.name, subject=case.number,
        address=request.META.get("REMOTE_ADDR", ""), detail={"recording": one.pk},
    )  # fmt: skip
    answer = HttpResponseRedirect(one.address)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


class HostForm(forms.Form):
    """One host."""

    host = forms.CharField(label=_("录音系统主机"), max_length=255, help_text=_("例如 rec.example.com"))
    id_address = forms.CharField(
        label=_("按编号的地址"),
        required=False,
        max_length=500,
        help_text=_("例如 https://rec.example.com/play/{id}，可不填。"),
    )


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def hosts(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The hosts there are, and one more."""
    form = HostForm(request.POST or None)

    def act() -> Any:
        return recordings.allow(form.cleaned_data["host"], form.cleaned_data["id_address"], by.staff_id)

    if request.method == "POST" and taken(form, act):
        tell(request, _now("已保存。"))
        return redirect("proof:recording-hosts")
    return show(request, "proof/recording_hosts.html", {"form": form, "rows": RecordingHost.objects.all()})


@page(roles.SETUP)
@require_POST
def refusal(request: HttpRequest, by: Viewer, ident: int) -> HttpResponse:
    """No longer allow a host."""
    recordings.refuse(ident, by.staff_id)
    tell(request, _now("已移除，链接到那里的录音不能再打开。"))
    return redirect("proof:recording-hosts")
