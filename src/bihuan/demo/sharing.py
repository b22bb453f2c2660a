"""How the demo's units share their work out, who can do what, and a few cases over which units differ or work together."""

from datetime import datetime

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.dispatch import cohandling, disputes, team
from bihuan.dispatch.models import Skill, UnitWork
from bihuan.flow import sharing
from bihuan.identity import book
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer, viewer_of
from bihuan.kernel import clock

_WAYS = {
    "cz.maintenance": {"mode": "auto", "pickup_term": "2h", "late_to": "lead", "most_open": 15, "share_days": 14},
    "cz.marketing": {"mode": "lead", "pickup_term": "4h", "late_to": "lead", "most_open": 0, "share_days": 14},
}
"""Every other unit is a pool, as it comes."""
_SKILLS: dict[str, tuple[list[str], list[str], int]] = {
    "handler1": (["N01", "N04"], [], 0),
    "handler2": (["N02"], ["P02"], 6),
    "czmarketing1": (["C01", "C02"], [], 6),
    "czmarketing2": (["C03", "C04"], [], 0),
}
"""Phenomena, products, and from which customer level on they are trained."""
_REASONS = ("现场测试网络正常，客户反映的是套餐内流量限速", "线路已测正常，属于协议到期后的资费争议")
_ASKS = ("请核对客户套餐与赠费到账情况", "请上门核查户内终端与室内布线")


def settings() -> None:
    """Ways and skills, where none are kept yet; booked to the manager."""
    manager = Staff.objects.filter(username="manager1").first()
    if manager is None or UnitWork.objects.exists() or Skill.objects.exists():
        return
    by, known = viewer_of(manager, book.units()), book.units().by_code
    for code, told in _WAYS.items():
        team.set_unit(known[code].id, told, by)
    for username, (categories, products, level) in _SKILLS.items():
        staff = Staff.objects.get(username=username)
        team.set_skills(staff.pk, categories, products, level, by)


def play(viewers: dict[str, Viewer], now: datetime) -> None:
    """One dispute open, one ruled, two cases worked on together; by the real verbs, at the present moment."""
    known = book.units().by_code
    repair, market, district = (known[code].id for code in ("cz.maintenance", "cz.marketing", "cz.wj"))
    in_hand = Case.objects.select_for_update().filter(status__in=("received", "in_handling"), handler_id__isnull=False)
    ours = list(in_hand.filter(holder_unit_id=repair).order_by("-id")[:4])
    lead, duty = viewers["dispatcher1"], viewers["dutymanager1"]
    with clock.at(now):
        for case, reason in zip(ours[:2], _REASONS, strict=False):
            sharing.open_dispute(case, Doer.of(_handler(case, viewers)), reason, market)
        found = [dispute for dispute, _case in disputes.listed(duty)]
        if found:
            disputes.answer(viewers["czmarketing1"], found[0].pk, "客户未订购限速包，账单无异常，请继续核查网络侧。")
        if len(found) > 1:
            sharing.rule(duty, found[1].pk, market, "测试报告完整，争议点在协议条款，由市场部负责到底。")
        for case, ask in zip(ours[2:], _ASKS, strict=False):
            unit = market if case is ours[2] else district
            sharing.ask_cohandling(case, Doer.of(lead), [unit], ask)
        if len(ours) > 2:
            ours[2].refresh_from_db()
            cohandling.report(ours[2], Doer.of(viewers["czmarketing1"]), "套餐无误，赠费已于本月 1 日到账。", done=True)


def _handler(case: Case, viewers: dict[str, Viewer]) -> Viewer:
    return next(viewer for viewer in viewers.values() if viewer.staff_id == case.handler_id)
