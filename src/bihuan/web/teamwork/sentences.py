"""Events of teamwork as sentences of the timeline: icon, tone, title, and what is told of the payload as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.compensation.rules import KINDS
from bihuan.tracking.models import CAUSES, OUTCOMES
from bihuan.web import words as spoken

Payload = Mapping[str, Any]


class Known(Protocol):
    """Names, as the desk has them."""

    def unit(self, unit_id: int | None) -> str: ...
    def staff(self, staff_id: int | None) -> str: ...
    def reason(self, kind: str, code: str) -> str: ...


Tell = Callable[[Payload, Known], tuple[str, str]]


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _until(payload: Payload, key: str = "due") -> str:
    due = parse_datetime(payload[key]) if payload.get(key) else None
    return _("期限 %(moment)s") % {"moment": spoken.local(due)} if due else ""


def _asked(payload: Payload, names: Known) -> tuple[str, str]:
    units = _("、").join(names.unit(one.get("unit")) for one in payload.get("tasks", []))
    return _joined(units, _until(payload)), "\n".join(
        part for part in (payload.get("text", ""), payload.get("needed", "")) if part
    )


def _task(payload: Payload, names: Known) -> tuple[str, str]:
    late = _("超过期限") if payload.get("late") else ""
    return _joined(names.unit(payload.get("unit")), late), payload.get("text", "")


def _money(payload: Payload, names: Known) -> tuple[str, str]:
    kind = KINDS.get(payload.get("kind", ""), "")
    amount = _("%(amount)s 元") % {"amount": payload["amount"]} if payload.get("amount") else ""
    rungs = _("需 %(count)d 级审批") % {"count": payload["rungs"]} if payload.get("rungs") else ""
    return _joined(kind, amount, rungs), payload.get("text", "")


def _track(payload: Payload, names: Known) -> tuple[str, str]:
    cause = {**CAUSES, **OUTCOMES}.get(payload.get("cause") or payload.get("outcome") or "", "")
    text = "\n".join(part for part in (payload.get("text", ""), payload.get("next", "")) if part)
    return _joined(cause, names.staff(payload.get("owner")), _until(payload)), text


def _news(payload: Payload, names: Known) -> tuple[str, str]:
    if "told" in payload:
        return (_("客户要进展通知") if payload["told"] else _("客户不要进展通知")), ""
    return "", payload.get("text", "")


def _report(payload: Payload, names: Known) -> tuple[str, str]:
    version = _("第 %(number)s 版") % {"number": payload["version"]} if payload.get("version") else ""
    late = _("超过期限") if payload.get("late") else ""
    return _joined(
        names.staff(payload.get("lead")), names.unit(payload.get("unit")), version, late, _until(payload)
    ), ""


SENTENCES: dict[str, tuple[str, str, str | Promise, Tell]] = {
    "assistance_asked": ("users", "", gettext_lazy("请求协查"), _asked),
    "assistance_received": ("inbox", "", gettext_lazy("接收协查"), _task),
    "assistance_answered": ("message", "good", gettext_lazy("回复协查"), _task),
    "assistance_returned": ("arrow-back-up", "bad", gettext_lazy("退回协查"), _task),
    "compensation_proposed": ("copy", "", gettext_lazy("申请补偿"), _money),
    "compensation_approved": ("check", "", gettext_lazy("同意补偿"), _money),
    "compensation_granted": ("check", "good", gettext_lazy("补偿已批准"), _money),
    "compensation_rejected": ("x", "bad", gettext_lazy("补偿未批准"), _money),
    "compensation_paid": ("check", "good", gettext_lazy("补偿已兑付"), _money),
    "compensation_reversed": ("arrow-back-up", "wait", gettext_lazy("补偿已冲回"), _money),
    "tracking_begun": ("eye", "bad", gettext_lazy("列入专项跟踪"), _track),
    "tracking_noted": ("edit", "", gettext_lazy("跟踪记录"), _track),
    "tracking_handed": ("users", "", gettext_lazy("跟踪换责任人"), _track),
    "tracking_ended": ("check", "good", gettext_lazy("专项跟踪结束"), _track),
    "progress_told": ("send", "talk", gettext_lazy("告知客户进展"), _news),
    "news_wished": ("bell", "", gettext_lazy("进展告知意愿"), _news),
    "report_begun": ("file-text", "bad", gettext_lazy("要求重大投诉报告"), _report),
    "report_drafted": ("edit", "", gettext_lazy("写重大投诉报告"), _report),
    "report_handed_in": ("send", "good", gettext_lazy("重大投诉报告已上报"), _report),
    "assistance_recalled": ("x", "wait", gettext_lazy("撤销协查"), _task),
}
