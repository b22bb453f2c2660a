"""Events of appeals as sentences of the timeline: icon, tone, title, and what is told of the payload as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.appeals import rules

Payload = Mapping[str, Any]


class Units(Protocol):
    """Names of units, as the desk has them."""

    def unit(self, unit_id: int | None) -> str: ...


Tell = Callable[[Payload, Units], tuple[str, str]]
BODIES: Mapping[str, str | Promise] = {
    "miit": gettext_lazy("通信管理局"),
    "12300": "12300",
    "12345": "12345",
    "12315": "12315",
}


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _failing(payload: Payload) -> str:
    named = "；".join(str(rules.CHECKS[code]) for code in payload.get("failing", []) if code in rules.CHECKS)
    return _("不符合：%(what)s") % {"what": named} if named else ""


def _received(payload: Payload, names: Units) -> tuple[str, str]:
    body = BODIES.get(payload.get("body", ""), payload.get("body", ""))
    agent = _("代理人申诉") if payload.get("agent") else ""
    return _joined(body, payload.get("appeal_number", ""), agent, _failing(payload)), ""


def _corrected(payload: Payload, names: Units) -> tuple[str, str]:
    return _failing(payload) or (_("受理条件都符合") if payload else ""), ""


def _judged(payload: Payload, names: Units) -> tuple[str, str]:
    liable = {True: _("企业有责任"), False: _("企业无责任")}.get(payload.get("liable"), "")  # type: ignore[arg-type]
    reasonable = {True: _("诉求合理"), False: _("诉求不合理")}.get(payload.get("reasonable"), "")  # type: ignore[arg-type]
    raised = _("升格处理才办结") if payload.get("raised") else ""
    penalty = ""
    if payload.get("penalty"):
        penalty = _("考核 %(unit)s %(amount)s 元") % {
            "unit": names.unit(payload.get("unit")), "amount": payload["penalty"],
        }  # fmt: skip
    return _joined(liable, reasonable, raised, penalty), ""


def _letter(payload: Payload, names: Units) -> tuple[str, str]:
    return (_("第 %(number)s 版") % {"number": payload["letter"]} if payload.get("letter") else ""), ""


def _step(payload: Payload, names: Units) -> tuple[str, str]:
    step = rules.STEPS.get(payload.get("step", ""))
    return str(step.name) if step else "", ""


SENTENCES: Mapping[str, tuple[str, str, Promise, Tell]] = {
    "appeal_received": ("file-text", "bad", rules.EVENTS["appeal_received"], _received),
    "appeal_corrected": ("edit", "", rules.EVENTS["appeal_corrected"], _corrected),
    "appeal_judged": ("flag", "", rules.EVENTS["appeal_judged"], _judged),
    "appeal_drafted": ("edit", "", rules.EVENTS["appeal_drafted"], _letter),
    "appeal_answered": ("send", "good", rules.EVENTS["appeal_answered"], _letter),
    "appeal_step": ("route", "", rules.EVENTS["appeal_step"], _step),
    "appeal_ended": ("check", "good", rules.EVENTS["appeal_ended"], _step),
    "appeal_resumed": ("arrow-back-up", "bad", rules.EVENTS["appeal_resumed"], _step),
}
