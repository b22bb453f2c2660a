"""What may be done with an appeal in which status, and whether a body had to take it at all. Pure."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Status:
    """`open`: the body still waits for something from us."""

    code: str
    name: Promise
    open: bool = False


STATUSES: Mapping[str, Status] = {
    one.code: one
    for one in (
        Status("in_hand", gettext_lazy("办理中"), open=True),
        Status("mediation", gettext_lazy("调解中"), open=True),
        Status("closed_by_mediation", gettext_lazy("调解结案")),
        Status("mediation_filed", gettext_lazy("调解归档")),
        Status("closed_filed", gettext_lazy("结案归档")),
        Status("declined_filed", gettext_lazy("不予受理归档")),
        Status("withdrawn", gettext_lazy("已撤诉")),
        Status("merged", gettext_lazy("已并案")),
        Status("shut", gettext_lazy("已关闭")),
    )
}
OPEN = tuple(code for code, one in STATUSES.items() if one.open)


@dataclass(frozen=True)
class Step:
    """A step of an appeal as a noun. `kind` is the event it leaves; `asks_why`: it has to be said why."""

    noun: str
    sources: frozenset[str]
    target: str
    kind: str
    name: Promise
    asks_why: bool = False


def _step(noun: str, sources: str, target: str, kind: str, name: Promise, *, asks_why: bool = False) -> Step:
    return Step(noun, frozenset(sources.split()), target, kind, name, asks_why)


STEPS: Mapping[str, Step] = {
    one.noun: one
    for one in (
        _step("filing", "in_hand mediation", "closed_filed", "appeal_ended", gettext_lazy("结案归档")),
        _step("mediation", "in_hand", "mediation", "appeal_step", gettext_lazy("进入调解"), asks_why=True),
        _step("settlement", "mediation", "closed_by_mediation", "appeal_ended", gettext_lazy("调解结案"), asks_why=True),
        _step("mediation-filing", "closed_by_mediation", "mediation_filed", "appeal_step", gettext_lazy("调解归档")),
        _step("declination", "in_hand", "declined_filed", "appeal_ended", gettext_lazy("退回不予受理"), asks_why=True),
        _step("withdrawal", "in_hand mediation", "withdrawn", "appeal_ended", gettext_lazy("申诉人撤诉"), asks_why=True),
        _step("merging", "in_hand", "merged", "appeal_ended", gettext_lazy("并入另一件申诉"), asks_why=True),
        _step(
            "return", "closed_filed declined_filed closed_by_mediation mediation_filed", "in_hand", "appeal_resumed",
            gettext_lazy("转办单位退回重办"), asks_why=True,
        ),
        _step(
            "shutting", "closed_filed declined_filed withdrawn merged closed_by_mediation mediation_filed", "shut",
            "appeal_step", gettext_lazy("关闭"),
        ),
    )
}  # fmt: skip


def allowed(status: str) -> list[Step]:
    """The steps from this status, the likeliest first."""
    return [step for step in STEPS.values() if status in step.sources]


EVENTS: Mapping[str, Promise] = {
    "appeal_received": gettext_lazy("收到转办申诉"),
    "appeal_corrected": gettext_lazy("更正申诉登记"),
    "appeal_judged": gettext_lazy("申诉定责"),
    "appeal_drafted": gettext_lazy("起草答复函"),
    "appeal_answered": gettext_lazy("向转办单位发出答复"),
    "appeal_step": gettext_lazy("申诉进展"),
    "appeal_ended": gettext_lazy("申诉办结"),
    "appeal_resumed": gettext_lazy("申诉重办"),
}
"""The events an appeal leaves on its case, as timelines call them."""
BODIES: tuple[str, ...] = ("miit", "12300", "12345", "12315")
SOURCES: Mapping[str, str] = {"miit": "管局", "12300": "12300", "12345": "12345", "12315": "12315"}
"""The originating system that cases of each body carry."""
CHECKS: Mapping[str, Promise] = {
    "interested": gettext_lazy("申诉人是直接利害关系人"),
    "named": gettext_lazy("有明确的被申诉企业，且是本公司"),
    "claim": gettext_lazy("有具体的诉求和事实根据"),
    "details": gettext_lazy("姓名、地址、电话、邮编等材料齐全"),
    "complained": gettext_lazy("已先向企业投诉，对结果不满意或逾期未答复"),
    "too_old": gettext_lazy("争议没有超过规定的期限"),
    "settled": gettext_lazy("没有达成和解并已履行"),
    "elsewhere": gettext_lazy("没有由法院、仲裁、消协或其他机关受理"),
}
"""What a body asks before it takes an appeal; each body has its own choice of them (order 35 articles 10 to 12)."""
UNANSWERED, DISSATISFIED, ACCEPTED = "unanswered", "dissatisfied", "accepted"
OUTCOMES: Mapping[str, Promise] = {
    DISSATISFIED: gettext_lazy("对企业答复不满意"),
    UNANSWERED: gettext_lazy("企业没有答复"),
    ACCEPTED: gettext_lazy("已接受企业答复"),
}
ELSEWHERE: Mapping[str, Promise] = {
    "": gettext_lazy("没有"),
    "court": gettext_lazy("法院"),
    "arbitration": gettext_lazy("仲裁机构"),
    "consumer_body": gettext_lazy("消费者协会"),
    "agency": gettext_lazy("其他行政机关"),
}
DISPUTES: Mapping[str, Promise] = {"fee": gettext_lazy("费用争议"), "other": gettext_lazy("其他争议")}


@dataclass(frozen=True)
class Limits:
    """One body's conditions: which checks it makes, after how many months it is too late (0: never), how many days an
    operator has before "unanswered" counts."""

    checks: frozenset[str]
    fee_months: int = 5
    other_months: int = 24
    unanswered_days: int = 15

    def months(self, dispute: str) -> int:
        """After how many months a dispute of this kind is too old; 0 for never."""
        return (self.fee_months if dispute == "fee" else 0) or self.other_months


@dataclass(frozen=True)
class Claim:
    """What is known of an appeal, as far as the conditions ask. Days are those of the operator's calendar."""

    received_on: date
    interested: bool = True
    named: bool = True
    claim: str = ""
    dispute: str = "other"
    arose_on: date | None = None
    complained_on: date | None = None
    outcome: str = DISSATISFIED
    settled: bool = False
    elsewhere: str = ""
    missing: tuple[Promise | str, ...] = field(default_factory=tuple)


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def too_old(claim: Claim, limits: Limits) -> bool:
    """True when more than the allowed months have passed since the dispute arose; unknown is not too old."""
    months = limits.months(claim.dispute)
    if not months or claim.arose_on is None or claim.arose_on > claim.received_on:
        return False
    return claim.received_on > months_after(claim.arose_on, months)


def complained(claim: Claim, days: int) -> bool:
    """True when she complained to the operator first and is dissatisfied, or had no answer in so many days."""
    if claim.complained_on is None or claim.complained_on > claim.received_on:
        return False
    if claim.outcome == UNANSWERED:
        return (claim.received_on - claim.complained_on).days >= days
    return claim.outcome == DISSATISFIED


def failing(claim: Claim, limits: Limits) -> list[str]:
    """The codes of the conditions that this appeal does not meet, in the order of `CHECKS`."""
    met = {
        "interested": claim.interested,
        "named": claim.named,
        "claim": bool(claim.claim.strip()),
        "details": not claim.missing,
        "complained": complained(claim, limits.unanswered_days),
        "too_old": not too_old(claim, limits),
        "settled": not claim.settled,
        "elsewhere": not claim.elsewhere,
    }
    return [code for code in CHECKS if code in limits.checks and not met[code]]


def ground(code: str, claim: Claim, limits: Limits) -> str:
    """Why the appeal should go back, as a sentence for the body."""
    if code == "too_old":
        words = _("争议发生于 %(day)s，距申诉超过 %(months)d 个月。")
        return words % {"day": claim.arose_on, "months": limits.months(claim.dispute)}
    if code == "details":
        return _("申诉材料缺少：%(what)s。") % {"what": "、".join(str(one) for one in claim.missing)}
    if code == "complained":
        return _complained_ground(claim, limits.unanswered_days)
    return {
        "interested": _("申诉人不是直接利害关系人，也没有提供授权。"),
        "named": _("被申诉企业不明确，或不是本公司。"),
        "claim": _("没有具体的诉求和事实根据。"),
        "settled": _("双方已就同一事项达成和解并履行。"),
        "elsewhere": _("同一事项已由%(who)s受理或处理。") % {"who": ELSEWHERE.get(claim.elsewhere, claim.elsewhere)},
    }[code]


def _complained_ground(claim: Claim, days: int) -> str:
    if claim.complained_on is None or claim.complained_on > claim.received_on:
        return _("申诉人没有先向企业投诉。")
    if claim.outcome == UNANSWERED:
        words = _("申诉人 %(day)s 才向企业投诉，企业的 %(days)d 日答复期未满。")
        return words % {"day": claim.complained_on, "days": days}
    return _("申诉人已接受企业的答复。")


def grounds(codes: Iterable[str], claim: Claim, limits: Limits) -> str:
    """The proposed text for returning it to the body: numbered sentences, one a failing condition."""
    told = [ground(code, claim, limits) for code in codes]
    return told[0] if len(told) == 1 else "\n".join(f"{n}. {text}" for n, text in enumerate(told, 1))
