"""Events about proof as sentences of the timeline: icon, tone, title, and what is told as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.handling.callers import QUESTIONS
from bihuan.handling.models import CallerCheck, Signature
from bihuan.web.desk import words
from bihuan.web.teamwork.sentences import Known

Payload = Mapping[str, Any]
Tell = Callable[[Payload, Known], tuple[str, str]]


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _packed(payload: Payload, names: Known) -> tuple[str, str]:
    shown = {True: _("明文"), False: _("脱敏")}.get(payload.get("plain"), "")  # type: ignore[arg-type]
    files = {True: _("含原件"), False: _("不含原件")}.get(payload.get("originals"), "")  # type: ignore[arg-type]
    return _joined(words.PURPOSES.get(payload.get("purpose", ""), ""), shown, files), ""


def _quarantined(payload: Payload, names: Known) -> tuple[str, str]:
    return _joined(payload.get("name", ""), payload.get("found", "")), ""


def _signed(payload: Payload, names: Known) -> tuple[str, str]:
    kind = dict(Signature.Kind.choices).get(payload.get("signed", ""), "")
    relative = _("家属代签") if payload.get("signer") == "relative" else ""
    return _joined(kind, relative, payload.get("place", "")), payload.get("text", "")


def _checked(payload: Payload, names: Known) -> tuple[str, str]:
    passed = {True: _("核实通过"), False: _("核实未通过")}.get(payload.get("passed"), "")  # type: ignore[arg-type]
    relation = dict(CallerCheck.Relation.choices).get(payload.get("relation", ""), "")
    means = dict(CallerCheck.Means.choices).get(payload.get("means", ""), "")
    right = _("、").join(str(QUESTIONS[one]) for one in payload.get("answered", []) if one in QUESTIONS)
    return _joined(passed, payload.get("who", ""), relation, means, right), payload.get("note", "")


def _nothing(payload: Payload, names: Known) -> tuple[str, str]:
    return "", ""


SENTENCES: dict[str, tuple[str, str, str | Promise, Tell]] = {
    "evidence_quarantined": ("alert-octagon", "bad", gettext_lazy("文件带病毒，已隔离"), _quarantined),
    "caller_checked": ("shield-lock", "", gettext_lazy("核实代办人"), _checked),
    "caller_code_sent": ("send", "", gettext_lazy("发送核实验证码"), _nothing),
    "signed": ("edit", "good", gettext_lazy("客户签名"), _signed),
    "packed": ("download", "", gettext_lazy("导出证据包"), _packed),
}
