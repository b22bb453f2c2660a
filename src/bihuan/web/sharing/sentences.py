"""Events of sharing work as sentences of the timeline: icon, tone, title, and what is told of the payload as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.catalog import snapshot as catalog
from bihuan.web import words as spoken
from bihuan.web.setup import conditions
from bihuan.web.setup.names import listed, named, phrased

Payload = Mapping[str, Any]


class Known(Protocol):
    """Names, as the desk has them."""

    def unit(self, unit_id: int | None) -> str: ...
    def staff(self, staff_id: int | None) -> str: ...
    def reason(self, kind: str, code: str) -> str: ...


Tell = Callable[[Payload, Known], tuple[str, str]]


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _skill(code: str) -> str:
    book = catalog.current()
    node = book.node("phenomenon", code) or book.node("product", code)
    return named(node) if node else code


def because(payload: Payload) -> str:
    """Why she was chosen: `当班，技能 宽带故障，手上 3 件，轮到`."""
    if payload.get("open") is None:
        return ""
    parts = [_("当班") if payload.get("duty") else _("在岗")]
    if payload.get("skill"):
        parts.append(_("技能：%(name)s") % {"name": _skill(payload["skill"])})
    if payload.get("level"):
        parts.append(_("受训服务 %(level)s 星客户") % {"level": payload["level"]})
    parts.append(_("手上 %(count)s 件") % {"count": payload["open"]})
    parts.append(
        _("近期已分 %(count)s 件，%(of)s 人中轮到") % {"count": payload.get("share", 0), "of": payload.get("of", 1)}
    )
    return "，".join(str(part) for part in parts)


def rule_words(rule: Mapping[str, Any]) -> str:
    """Which rule of which version dispatched, and because of what; older events know its code alone."""
    if not rule.get("place"):
        return str(_("按派单规则 %(code)s") % {"code": rule.get("code", "")})
    why = phrased(conditions.told(rule.get("conditions") or {})) or _("其余全部")
    told = {"version": rule.get("version"), "place": rule["place"], "why": why}
    return str(_("按派单规则第 %(version)s 版第 %(place)s 条（%(why)s）") % told)


def _assigned(payload: Payload, names: Known) -> tuple[str, str]:
    to = names.staff(payload.get("to"))
    before, absent = names.staff(payload.get("from")), names.staff(payload.get("for"))
    how = {
        "auto": because(payload),
        "late": _("%(name)s 未按时接单") % {"name": before or _("部门")},
        "deputy": _("%(name)s 不在岗，由代理人代办") % {"name": absent},
        "back": _("从 %(name)s 取回") % {"name": before},
        "lead": _("原处理人 %(name)s") % {"name": before} if before else "",
        "bulk": _("批量指定"),
    }.get(payload.get("how", ""), "")
    return _joined("→ " + (to or _("待接单")), how), ""


def _released(payload: Payload, names: Known) -> tuple[str, str]:
    if payload.get("to"):
        return _joined(_("放回待接单"), "→ " + names.staff(payload["to"])), ""
    return _("放回待接单"), ""


def _undone(payload: Payload, names: Known) -> tuple[str, str]:
    unit, person = names.unit(payload.get("unit")), names.staff(payload.get("handler"))
    return _joined(_("恢复到派单前"), _joined(unit, person)), ""


def _offered(payload: Payload, names: Known) -> tuple[str, str]:
    return _("%(name)s 已返岗，可从 %(deputy)s 取回") % {
        "name": names.staff(payload.get("to")), "deputy": names.staff(payload.get("from"))
    }, ""  # fmt: skip


def _until(payload: Payload) -> str:
    due = parse_datetime(payload["due"]) if payload.get("due") else None
    return _("期限 %(moment)s") % {"moment": spoken.local(due)} if due else ""


def _disputed(payload: Payload, names: Known) -> tuple[str, str]:
    unit, other = names.unit(payload.get("unit")), names.unit(payload.get("other"))
    lines = [_("%(unit)s：%(text)s") % {"unit": unit, "text": payload["text"]}] if payload.get("text") else []
    if payload.get("other_text"):
        lines.append(_("%(unit)s：%(text)s") % {"unit": other, "text": payload["other_text"]})
    first = _("首接 %(unit)s") % {"unit": names.unit(payload["first"])} if payload.get("first") else ""
    return _joined(_("%(unit)s 与 %(other)s") % {"unit": unit, "other": other}, first, _until(payload)), "\n".join(
        lines
    )


def _dispute_answered(payload: Payload, names: Known) -> tuple[str, str]:
    return names.unit(payload.get("unit")), payload.get("text", "")


def _ruled(payload: Payload, names: Known) -> tuple[str, str]:
    owner = _("由 %(unit)s 负责到底") % {"unit": names.unit(payload.get("owner"))}
    if payload.get("settled"):
        return _joined(owner, _("已办结，不再裁定")), ""
    return _joined(owner, _("改变首接部门") if payload.get("overturned") else ""), payload.get("text", "")


def _cohandling_asked(payload: Payload, names: Known) -> tuple[str, str]:
    units = listed(names.unit(one) for one in payload.get("units", []))
    return _joined(units, _until(payload)), payload.get("text", "")


def _cohandling_reported(payload: Payload, names: Known) -> tuple[str, str]:
    return _joined(names.unit(payload.get("unit")), _("本部门部分已完成") if payload.get("done") else ""), payload.get(
        "text", ""
    )


def _transferred(payload: Payload, names: Known) -> tuple[str, str]:
    return _("%(before)s → %(after)s") % {
        "before": names.unit(payload.get("from")), "after": names.unit(payload.get("unit"))
    }, ""  # fmt: skip


SENTENCES: Mapping[str, tuple[str, str, str | Promise, Tell]] = {
    "assigned": ("user", "", gettext_lazy("指定处理人"), _assigned),
    "released": ("arrow-back-up", "wait", gettext_lazy("放回部门"), _released),
    "dispatch_undone": ("arrow-back-up", "wait", gettext_lazy("撤销派单"), _undone),
    "undone_to_returned": ("arrow-back-up", "wait", gettext_lazy("撤销派单"), _undone),
    "undone_to_recalled": ("arrow-back-up", "wait", gettext_lazy("撤销派单"), _undone),
    "undone_to_reopened": ("arrow-back-up", "wait", gettext_lazy("撤销派单"), _undone),
    "offered_back": ("user", "", gettext_lazy("可以取回"), _offered),
    "disputed": ("alert-triangle", "bad", gettext_lazy("归属争议"), _disputed),
    "dispute_answered": ("message", "talk", gettext_lazy("对方陈述理由"), _dispute_answered),
    "ownership_ruled": ("check", "good", gettext_lazy("归属裁定"), _ruled),
    "cohandling_asked": ("users", "", gettext_lazy("请部门协同处理"), _cohandling_asked),
    "cohandling_reported": ("message", "talk", gettext_lazy("报告协同结果"), _cohandling_reported),
    "transferred": ("arrows-exchange", "wait", gettext_lazy("整体移交"), _transferred),
}
