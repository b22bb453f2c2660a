"""A complaint's progress in the customer's words: which steps are done, what was said to her."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.identity import book
from bihuan.web.masked import masked_text


@dataclass(frozen=True)
class Line:
    """One line of the story: when, what, and the words that belong to it."""

    at: datetime
    what: str
    text: str = ""
    tone: str = ""


def steps(case: Case) -> list[dict[str, Any]]:
    """Four steps for the bar on top, each with its moment when done."""
    ended = case.status in {"closed", "declined", "withdrawn", "merged", "converted"}
    done = [
        (_("已登记"), case.registered_at),
        (_("处理中"), case.accepted_at),
        (_("已答复"), case.replied_at if case.status in {"replied", "in_revisit", "closed"} else None),
        (_("已办结"), case.ended_at if ended else None),
    ]
    current = max((place for place, (_label, at) in enumerate(done) if at), default=0)
    return [
        {"label": label, "at": at, "done": bool(at) and place < current, "current": place == current}
        for place, (label, at) in enumerate(done)
    ]


def lines(case: Case, masks: Mapping[str, str]) -> list[Line]:
    """The story, newest first; nothing internal: no names, no units' quarrels, no other customers."""
    events = CaseEvent.objects.filter(case_id=case.id, kind__in=list(_WORDS)).order_by("-seq")
    told = [_line(event, masks) for event in events]
    return [*_of_survivor(case), *(line for line in told if line is not None)]


def _of_survivor(case: Case) -> list[Line]:
    """What she was answered through the complaint hers was merged into: it is her answer too."""
    into = Case.objects.filter(pk=case.merged_into_id or 0).first() if case.status == "merged" else None
    if into is None:
        return []
    events = CaseEvent.objects.filter(case_id=into.id, kind__in=_ANSWERS).order_by("-seq")
    masks = customers.masks_of([into.party_id]).get(into.party_id, {})
    told = [_line(event, masks) for event in events]
    return [*_of_survivor(into), *(line for line in told if line is not None)]


_WORDS = {
    "registered", "accepted", "declined", "dispatched", "contacted", "first_replied", "replied", "reopened", "closed",
    "withdrawn", "merged", "converted", "chased", "material_added", "waiting", "resumed", "progress_told", "reply_confirmed",
}  # fmt: skip


_ANSWERS = ("first_replied", "replied", "reply_confirmed", "reopened", "closed")
"""Of the complaint hers was merged into, what is hers too."""


def _line(event: CaseEvent, masks: Mapping[str, str]) -> Line | None:
    told = event.payload
    text = masked_text(str(told.get("text", "")), masks)
    if event.kind == "contacted":
        return Line(event.at, _("我们联系了您")) if told.get("reached") else Line(event.at, _("我们联系您，没有接通"))
    if event.kind == "dispatched":
        return Line(event.at, _("已转给 %(unit)s 处理") % {"unit": _unit(told.get("unit"))})
    if event.kind in {"first_replied", "replied"}:
        return Line(event.at, _("我们答复了您"), text, "talk")
    if event.kind == "reply_confirmed":
        own = told.get("by") == "customer"
        return Line(event.at, _("您确认收到答复，问题已解决") if own else _("我们与您确认了答复"), tone="good")
    if event.kind == "progress_told":
        return Line(event.at, _("我们告知您进展"), text, "talk")
    if event.kind == "declined":
        return Line(event.at, _("这件投诉未能受理"), str(told.get("told", "")), "bad")
    if event.kind == "merged":
        return Line(event.at, _("已与您的另一件投诉 %(number)s 合并处理") % {"number": told.get("into", "")})
    if event.kind == "material_added":
        return Line(event.at, _("补充了材料"), text)
    simple = {
        "registered": _("投诉已登记"),
        "accepted": _("已受理，开始处理"),
        "waiting": _("按约定暂缓处理"),
        "resumed": _("继续处理"),
        "reopened": _("重新处理"),
        "closed": _("已办结"),
        "withdrawn": _("您撤回了这件投诉"),
        "converted": _("已转为服务请求，由专门的部门办理"),
        "chased": _("已记录您的催办"),
    }
    return Line(event.at, simple[event.kind], tone="good" if event.kind == "closed" else "")


def _unit(unit_id: Any) -> str:
    unit = book.units().units.get(int(unit_id)) if unit_id else None
    if unit is None:
        return _("责任部门")
    return unit.name_en if (get_language() or "").startswith("en") and unit.name_en else unit.name
