"""Packs taken away, and packs that come back to be verified."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import access
from bihuan.handling import pack_checking, packs
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.web.desk.door import desk
from bihuan.web.proof.uploads import Unnamed
from bihuan.web.proof.words import FINDINGS
from bihuan.web.setup.door import page

MOST = 256 * 1024 * 1024


@require_safe
@desk
def pack(request: HttpRequest, viewer: Viewer, number: str, ident: int) -> HttpResponseBase:
    """The pack as a download, a piece at a time; each is written into the audit log."""
    case = access.access_case(viewer, number)
    held = packs.access_pack(viewer, case, ident)
    content = packs.content(held)
    audit.record(
        "export", actor_id=viewer.staff_id, actor_name=viewer.name, subject=case.number,
        address=request.META.get("REMOTE_ADDR", ""),
        detail={"pack": held.pk, "plain": held.plain, "originals": held.originals, "purpose": held.purpose},
    )  # fmt: skip
    answer = StreamingHttpResponse(content, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{case.number}-{held.pk}.zip"'
    answer.headers["Content-Length"] = str(held.size)
    return answer


class VerifyForm(forms.Form):
    """A pack."""

    content = forms.FileField(
        label=_("证据包"), help_text=_("从本平台导出的 ZIP 文件，最大 256 MB；更大的请用命令 bihuan verify-pack。"),
        error_messages={"required": _("请选择证据包文件。"), "empty": _("文件是空的，请选择证据包文件。")},
    )  # fmt: skip


@csrf_exempt
def verify(request: HttpRequest) -> HttpResponseBase:
    """The upload's way has to be chosen before anything, the secret against forged forms included, is read from it."""
    request.upload_handlers = [Unnamed(request, MOST)]
    return _verify(request)


@csrf_protect
@page(roles.EXPORT, roles.AUDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def _verify(request: HttpRequest, by: Viewer) -> HttpResponse:
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    context: dict[str, Any] = {"place": "audit" if by.can(roles.AUDIT) else "desk", "form": form}
    if request.method == "POST" and form.is_valid():
        manifest, findings = pack_checking.check(cast(Any, form.cleaned_data["content"]))
        told = [(one, FINDINGS.get(one.kind, one.detail)) for one in findings]
        context |= {"manifest": manifest, "findings": told, "checked": True}
        context["made_at"] = _moment(str(manifest.get("made_at", "")))
        audit.record(
            "pack", actor_id=by.staff_id, actor_name=by.name, subject=str(manifest.get("number", ""))[:200],
            result="ok" if not findings else "findings", address=request.META.get("REMOTE_ADDR", ""),
            detail={"pack": manifest.get("pack"), "findings": [one.kind for one in findings][:20]},
        )  # fmt: skip
    return render(request, "proof/verify.html", context, status=422 if form.is_bound and form.errors else 200)


def _moment(told: str) -> datetime | None:
    """A moment from a manifest nobody may have signed: nothing for what is none."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and 1990 <= moment.year <= 2199 else None
