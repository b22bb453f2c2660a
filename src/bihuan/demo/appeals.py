"""A handful of appeals, one or two a public body, in every stage: answered, nearly due, late, in mediation, sent back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bihuan.appeals import actions, letters, queries, rules
from bihuan.appeals.models import Appeal
from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day
from bihuan.cases.models import Case
from bihuan.demo.content import Script
from bihuan.flow import actions as flow
from bihuan.flow import appeals as passed_on
from bihuan.flow import escalation
from bihuan.flow.appeals import AppealIn
from bihuan.identity.viewer import Viewer
from bihuan.intake.schema import Customer
from bihuan.kernel import clock

_OLD_ENOUGH = timedelta(days=4)
_ANSWER = (
    "经核实，套餐到期时系统自动续约且短信提醒未送达，属我公司责任。已退还多收费用 297 元并关闭自动续约，已电话告知。"
)


@dataclass(frozen=True)
class Plan:
    """One appeal: which body passed it on how many days ago, what it says, what became of it (`fate`)."""

    body: str
    number: str
    days: float
    category: str
    content: str
    demand: str
    fate: str
    told: dict[str, Any] = field(default_factory=dict)


PLANS: tuple[Plan, ...] = (
    Plan(
        "miit", "苏通申〔2026〕1187", 8, "C0101", "宽带到期后被自动续约一年，打 10000 号要求退费被拒，称已发短信，本人没有收到。",
        "退还自动续约的费用并书面道歉。", "filed", {"own": {"office": "江苏省通信管理局", "document": "苏通申转〔2026〕412号"}},
    ),
    Plan(
        "miit", "苏通申〔2026〕1203", 9.2, "N0101", "小区楼内三个月没有信号，报修四次都说在规划，没有给过完成时间。",
        "给出解决时间，减免三个月月租。", "in_hand", {"dispute": "other", "own": {"office": "江苏省通信管理局"}},
    ),
    Plan(
        "miit", "苏通申〔2026〕1209", 5, "C0101", "去年办的彩铃每月扣 6 元，一直不知道，要求全部退还。", "退还全部彩铃费用。",
        "declined", {"arose": 400, "own": {"office": "江苏省通信管理局"}},
    ),
    Plan(
        "12300", "12300-261108-0457", 6, "S0201", "营业厅办理携号转网被以有合约为由拒绝，不告知合约内容和违约金。",
        "说明合约内容，办理携号转网。", "mediation", {"dispute": "other"},
    ),
    Plan(
        "12345", "CZ20261031-77120", 13, "N0501", "村里光缆被货车挂断五天无人来修，老人看不了电视也打不了电话。", "尽快修复。",
        "in_hand", {"own": {"order_kind": "help", "asks_visit": True}},
    ),
    Plan(
        "12315", "320411-2026-118834", 0.15, "C0301", "办卡时口头承诺送手机，付款后说要另交 600 元。", "兑现承诺或全额退款。",
        "new", {"own": {"platform": "platform", "amount": "600", "agrees_mediation": True}},
    ),
)  # fmt: skip


def play(scripts: Sequence[Script], numbers: dict[str, str], viewers: dict[str, Viewer], now: datetime) -> int:
    """Everything up to `now`, in the caller's transaction; `numbers` are the cases of `scripts`. Answers how many."""
    if Appeal.objects.exists():
        return 0
    earlier = [
        one for one in sorted(scripts, key=lambda script: script.at)
        if one.city == "cz" and one.key in numbers and one.at <= now - _OLD_ENOUGH and one.complaint.customer.phone
    ]  # fmt: skip
    for place, plan in enumerate(PLANS):
        before = earlier[place % len(earlier)] if earlier and plan.body != "12345" else None
        _play(plan, before, numbers, viewers["czmgmt1"], now)
    with clock.at(now):
        escalation.run_limits()
    return len(PLANS)


def _play(plan: Plan, before: Script | None, numbers: dict[str, str], who: Viewer, now: datetime) -> None:
    passed = now - timedelta(days=plan.days)
    linked = before is not None and before.at < passed - timedelta(days=2)
    order = _order(plan, before if linked else None, numbers, passed)
    with clock.at(passed):
        case, appeal = passed_on.receive(who, order)
    if plan.fate != "new":
        with clock.at(min(now, passed + timedelta(hours=2))):
            flow.accept(case, Doer.of(who), category=plan.category)
    _FATES[plan.fate](case, appeal, who, passed)


def _order(plan: Plan, before: Script | None, numbers: dict[str, str], passed: datetime) -> AppealIn:
    told = dict(plan.told)
    day = local_day(passed - timedelta(days=1))
    customer = before.complaint.customer if before else Customer(name="陈桂英", phone="13800517788")
    complaint = before.complaint if before else None
    plain: dict[str, Any] = {
        "body": plan.body, "number": plan.number, "received_at": passed - timedelta(days=1), "transferred_at": passed,
        "content": plan.content, "demand": plan.demand, "reason": "已多次反映，答复不能接受。", "customer": customer,
        "address": complaint.address if complaint and complaint.address else "常州市新北区三井街道太湖路12号",
        "complained_number": complaint.complained_number if complaint else "", "postcode": "213022",
        "area": complaint.area if complaint and complaint.area else "320411",
        "arose_on": day - timedelta(days=told.pop("arose", 70)), "dispute": "fee",
        "complained_on": None if before else day - timedelta(days=20), "earlier": numbers[before.key] if before else "",
    }  # fmt: skip
    return AppealIn(**{**plain, **told})


def _filed(case: Case, appeal: Appeal, who: Viewer, passed: datetime) -> None:
    """Answered to customer and body, liability judged, filed when the body agreed."""
    doer = Doer.of(who)
    with clock.at(passed + timedelta(days=2)):
        flow.answer(case, doer, "call", _ANSWER, solution="退费 297 元，关闭自动续约", accepted=True)
        actions.judge(case, appeal, doer, liable=True, reasonable=True)
        title, text = letters.proposal(appeal, case, "")
        letter = letters.write(case, appeal, doer, title, text)
    with clock.at(passed + timedelta(days=2, hours=3)):
        passed_on.send(who, case, appeal, letter.version)
    with clock.at(passed + timedelta(days=4)):
        actions.step(case, appeal, doer, "filing", "管局已确认收到答复")


def _declined(case: Case, appeal: Appeal, who: Viewer, passed: datetime) -> None:
    """Sent back: the dispute is too old."""
    claim, asked = queries.claim_of(appeal, case), queries.limits_of(appeal.body)
    with clock.at(passed + timedelta(hours=20)):
        actions.step(
            case, appeal, Doer.of(who), "declination", rules.grounds(appeal.failing, claim, asked) or "超过期限"
        )


def _mediated(case: Case, appeal: Appeal, who: Viewer, passed: datetime) -> None:
    with clock.at(passed + timedelta(days=1)):
        actions.step(case, appeal, Doer.of(who), "mediation", "申诉人不接受首次答复，要求调解")


def _in_hand(case: Case, appeal: Appeal, who: Viewer, passed: datetime) -> None:
    """Passed on to the unit that answers for it."""
    with clock.at(passed + timedelta(hours=3)):
        flow.dispatch_by_rule(case, Doer.of(who))


def _untouched(case: Case, appeal: Appeal, who: Viewer, passed: datetime) -> None:
    """Just arrived."""


_FATES = {
    "filed": _filed,
    "declined": _declined,
    "mediation": _mediated,
    "in_hand": _in_hand,
    "new": _untouched,
}
