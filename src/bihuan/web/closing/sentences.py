"""Events around closing as sentences of the timeline: icon, tone, title, and what is told of the payload as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.handling.models import Means
from bihuan.requests import rules
from bihuan.requests.models import Kind
from bihuan.reviews.models import Lack
from bihuan.revisit.models import Care
from bihuan.web.desk.words import SATISFACTION

Payload = Mapping[str, Any]
_OUTCOMES = dict(Care.Outcome.choices)
_MEANS = dict(Means.choices)
_LACKS = dict(Lack.choices)


class Known(Protocol):
    """Names, as the desk has them."""

    def staff(self, staff_id: int | None) -> str: ...

    def reason(self, kind: str, code: str) -> str: ...


Tell = Callable[[Payload, Any], tuple[str, str]]


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _requested(payload: Payload, names: Known) -> tuple[str, str]:
    who = _("请 %(name)s 审批") % {"name": names.staff(payload.get("approver"))}
    return _joined(names.reason("exception", payload.get("exception", "")), who), ""


def _decided(payload: Payload, names: Known) -> tuple[str, str]:
    asked = _("申请人 %(name)s") % {"name": names.staff(payload.get("requested_by"))}
    return _joined(names.reason("exception", payload.get("exception", "")), asked), ""


def led_to(told: str) -> str:
    """What a bad rating or a care call led to, in words."""
    if not told:
        return ""
    return _("转回重新处理") if told == "reopened" else _("另立投诉 %(number)s") % {"number": told}


def _care(payload: Payload, names: Known) -> tuple[str, str]:
    outcome = _OUTCOMES.get(payload.get("outcome", ""), "")
    said = SATISFACTION.get(payload.get("satisfaction") or 0, "")
    return _joined(outcome, said, led_to(payload.get("led_to", ""))), ""


def _survey(payload: Payload, names: Known) -> tuple[str, str]:
    score = _("%(score)s 分") % {"score": payload.get("score", "")}
    solved = {True: _("问题已解决"), False: _("问题没有解决")}.get(payload.get("solved"), "")  # type: ignore[arg-type]
    parts = [
        f"{name} {payload[key]}"
        for key, name in (("attitude", _("态度")), ("speed", _("速度")), ("communication", _("沟通")))
        if payload.get(key)
    ]
    return _joined(score, solved, *parts), payload.get("text", "")


def _interview(payload: Payload, names: Known) -> tuple[str, str]:
    lines = "\n".join(f"{question} {answer}" for question, _kind, answer in payload.get("answers", []))
    return _joined(payload.get("sheet", "")), lines


def _linked(payload: Payload, names: Known) -> tuple[str, str]:
    how = _("前一张投诉 %(number)s") if payload.get("how") == "earlier" else _("后续投诉 %(number)s")
    return how % {"number": payload.get("to", "")}, ""


def _converted(payload: Payload, names: Any) -> tuple[str, str]:
    kind = dict(Kind.choices).get(payload.get("kind", ""), "")
    return _joined(kind, payload.get("request", ""), "→ " + names.unit(payload.get("unit"))), payload.get("text", "")


def _moved(payload: Payload, names: Any) -> tuple[str, str]:
    step = rules.STEPS.get(payload.get("step", ""))
    unit = "→ " + names.unit(payload.get("unit")) if payload.get("step") == "passing" else ""
    return _joined(payload.get("request", ""), step.name if step else "", unit), payload.get("text", "")


def _reviewed(payload: Payload, names: Any) -> tuple[str, str]:
    verdict = _("本可当场解决") if payload.get("solvable") else _("派得对")
    lacks = _("、").join(str(_LACKS.get(lack, lack)) for lack in payload.get("lacks", []))
    return _joined(verdict, _("缺：%(what)s") % {"what": lacks} if lacks else ""), ""


def _confirmed(payload: Payload, names: Any) -> tuple[str, str]:
    how = _MEANS.get(payload.get("means", ""), "") if payload.get("by") != "customer" else _("客户本人在查询页确认")
    through = _("就并入的 %(number)s") % {"number": payload["through"]} if payload.get("through") else ""
    return _joined(how, through, _("超过期限") if payload.get("late") else ""), payload.get("text", "")


def _dropped(payload: Payload, names: Known) -> tuple[str, str]:
    return _("客户信息已依法删除，无法再联系；回访人员记录一次未接通，即可按联系不上申请例外结单"), ""


SENTENCES: Mapping[str, tuple[str, str, Promise, Tell]] = {
    "confirmation_dropped": ("hand-stop", "wait", gettext_lazy("不再等待客户确认"), _dropped),
    "reply_confirmed": ("check", "good", gettext_lazy("客户确认收到答复"), _confirmed),
    "closing_requested": ("flag", "wait", gettext_lazy("申请例外结单"), _requested),
    "closing_approved": ("check", "good", gettext_lazy("批准例外结单"), _decided),
    "closing_refused": ("hand-stop", "bad", gettext_lazy("退回例外结单"), _decided),
    "care_called": ("phone", "talk", gettext_lazy("关怀回访"), _care),
    "survey_answered": ("message", "talk", gettext_lazy("客户评价"), _survey),
    "interviewed": ("clipboard-text", "talk", gettext_lazy("访谈"), _interview),
    "converted": ("arrows-exchange", "", gettext_lazy("转服务请求或商机"), _converted),
    "request_moved": ("arrows-exchange", "", gettext_lazy("服务请求进展"), _moved),
    "pass_on_reviewed": ("clipboard-text", "", gettext_lazy("转派复盘"), _reviewed),
    "linked": ("arrows-exchange", "", gettext_lazy("关联投诉"), _linked),
}
