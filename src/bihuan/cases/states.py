"""The life of a case as one pure table: which step leads from which state to which.

Also written down here: what a case in an end state still owes the customer. A declined complaint owes a reply that
carries the reason; a withdrawn one owes nothing, because the customer ended it and was told so at once; a converted one
was no complaint and goes on as a service request or lead, of which the customer was told; a merged one is
owed its reply and revisit through the case it was merged into, which is why only complaints of the same line or
customer may be merged. The verbs enforce it (a decline sends its reason, a closure asks for reply and revisit, a merge for the
same customer), and `bihuan verify` checks it case by case from the events.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REPLY = "reply"
REVISIT = "revisit"
THROUGH_SURVIVOR = "through_survivor"


@dataclass(frozen=True)
class State:
    """`open`: someone still has work with it. `owes`: what the customer must still get, or have got, at this state."""

    code: str
    name: Promise
    open: bool
    owes: frozenset[str] = frozenset()


def _state(code: str, name: Promise, *, open: bool = True, owes: tuple[str, ...] = ()) -> State:
    return State(code, name, open, frozenset(owes))


STATES: dict[str, State] = {
    state.code: state
    for state in (
        _state("registered", _("已登记")),
        _state("accepted", _("已受理")),
        _state("declined", _("不予受理"), open=False, owes=(REPLY,)),
        _state("dispatched", _("已派单")),
        _state("received", _("已接单")),
        _state("in_handling", _("处理中")),
        _state("waiting", _("已挂起")),
        _state("returned", _("已退单")),
        _state("recalled", _("已撤回")),
        _state("replied", _("已答复")),
        _state("in_revisit", _("回访中")),
        _state("reopened", _("重新处理")),
        _state("closed", _("已结单"), open=False, owes=(REPLY, REVISIT)),
        _state("withdrawn", _("已撤诉"), open=False),
        _state("merged", _("已并单"), open=False, owes=(THROUGH_SURVIVOR,)),
        _state("converted", _("已转服务请求"), open=False),
    )
}


@dataclass(frozen=True)
class Step:
    """`verb` is the event kind it leaves; empty `target` keeps the state; `right` is what the doer needs."""

    verb: str
    sources: frozenset[str]
    target: str
    right: str
    name: Promise


def _step(verb: str, sources: str, target: str, right: str, name: Promise) -> Step:
    return Step(verb, frozenset(sources.split()), target, right, name)


_BEFORE_REPLY = "registered accepted dispatched received in_handling waiting returned recalled reopened"
_OPEN = _BEFORE_REPLY + " replied in_revisit"
_ANY = _OPEN + " declined closed withdrawn merged converted"

STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        _step("accepted", "registered", "accepted", "case.accept", _("受理")),
        _step("declined", "registered", "declined", "case.accept", pgettext_lazy("step", "不予受理")),
        _step("classified", _OPEN, "", "case.accept", _("分类")),
        _step("priority_changed", _OPEN, "", "case.accept", _("调整优先级")),
        _step("dispatched", "accepted returned recalled reopened", "dispatched", "case.dispatch", _("派单")),
        _step("recalled", "dispatched received in_handling waiting", "recalled", "case.dispatch", _("撤回派单")),
        _step("dispatch_undone", "recalled", "accepted", "case.dispatch", _("撤销派单")),
        _step("undone_to_returned", "recalled", "returned", "case.dispatch", _("撤销派单")),
        _step("undone_to_recalled", "recalled", "recalled", "case.dispatch", _("撤销派单")),
        _step("undone_to_reopened", "recalled", "reopened", "case.dispatch", _("撤销派单")),
        _step("received", "dispatched", "received", "case.receive", _("接单")),
        _step("assigned", "dispatched received in_handling waiting reopened", "", "case.dispatch", _("指定处理人")),
        _step("released", "received", "dispatched", "case.receive", _("放回部门")),
        _step("returned", "dispatched received in_handling", "returned", "case.receive", _("退单")),
        _step("handling_started", "received reopened", "in_handling", "case.handle", _("开始处理")),
        _step("contacted", "accepted received in_handling waiting reopened", "", "case.handle", _("联系客户")),
        _step("waiting", "in_handling", "waiting", "case.handle", _("挂起")),
        _step("resumed", "waiting", "in_handling", "case.handle", _("恢复处理")),
        _step("evidence_added", _ANY, "", "case.handle", _("添加证据")),
        _step("caller_checked", _OPEN, "", "case.chase", _("核实代办人")),
        _step("caller_code_sent", _OPEN, "", "case.chase", _("发送核实验证码")),
        _step("signed", _OPEN, "", "case.handle", _("客户签名")),
        _step("packed", _ANY, "", "case.export", _("导出证据包")),
        _step(
            "first_replied",
            "accepted dispatched received in_handling waiting returned recalled reopened",
            "",
            "case.handle",
            _("首次回复"),
        ),
        _step(
            "replied",
            "accepted received in_handling waiting reopened returned recalled",
            "replied",
            "case.handle",
            _("答复"),
        ),
        _step("reply_confirmed", "replied in_revisit", "", "case.confirm", _("确认客户收到答复")),
        _step("revisit_attempted", "replied in_revisit", "in_revisit", "case.revisit", _("回访未接通")),
        _step("revisited", "replied in_revisit", "in_revisit", "case.revisit", _("回访")),
        _step("closed", "in_revisit", "closed", "case.close", _("结单")),
        _step("closing_requested", "in_revisit", "", "case.close", _("申请例外结单")),
        _step("closing_approved", "in_revisit", "", "duty.manage", _("批准例外结单")),
        _step("closing_refused", "in_revisit", "", "duty.manage", _("退回例外结单")),
        _step("care_called", "closed", "", "case.revisit", _("关怀回访")),
        _step("interviewed", "replied in_revisit closed", "", "case.revisit", _("访谈")),
        _step(
            "reopened",
            "replied in_revisit closed declined",
            "reopened",
            "case.reopen",
            pgettext_lazy("step", "重新处理"),
        ),
        _step("withdrawn", _OPEN, "withdrawn", "case.withdraw", _("撤诉")),
        _step("merged", _BEFORE_REPLY, "merged", "case.merge", _("并单")),
        _step("unmerged", "merged", "reopened", "case.merge", _("撤销并单")),
        _step("disputed", "dispatched received in_handling", "", "case.receive", _("提请裁定归属")),
        _step(
            "cohandling_asked",
            "accepted dispatched received in_handling waiting returned recalled reopened",
            "",
            "case.dispatch",
            _("请部门协同处理"),
        ),
        _step(
            "cohandling_reported",
            "dispatched received in_handling waiting reopened",
            "",
            "case.handle",
            _("报告协同结果"),
        ),
        _step(
            "assistance_asked",
            "accepted dispatched received in_handling waiting returned recalled reopened",
            "",
            "case.handle",
            _("请求协查"),
        ),
        _step(
            "compensation_proposed",
            "registered accepted received in_handling waiting returned recalled reopened replied in_revisit",
            "",
            "case.handle",
            _("申请补偿"),
        ),
        _step("converted", "registered accepted returned recalled", "converted", "case.accept", _("转服务请求或商机")),
        _step(
            "appointment_booked",
            "accepted dispatched received in_handling waiting returned recalled reopened",
            "",
            "case.handle",
            _("预约上门"),
        ),
        _step(
            "repair_sent",
            "accepted dispatched received in_handling waiting returned recalled reopened",
            "",
            "case.handle",
            _("派维修单"),
        ),
        _step("visit_wished", _BEFORE_REPLY, "", "case.chase", _("上门时间意愿")),
        _step("news_wished", _OPEN, "", "case.chase", _("进展告知意愿")),
        _step("report_begun", _OPEN, "", "case.dispatch", _("重大投诉报告")),
        _step("tracking_begun", _OPEN, "", "case.reopen", _("专项跟踪")),
        _step("pass_on_reviewed", _ANY, "", "review.judge", _("转派复盘")),
        _step("escalated", _OPEN, "", "case.handle", _("上报")),
        _step("supervision_ordered", _OPEN, "", "case.supervise", pgettext_lazy("step", "督办")),
        _step("supervision_reported", _ANY, "", "case.handle", _("报督办进展")),
        _step("supervision_ended", _ANY, "", "case.supervise", _("办结督办")),
        _step("asked", _OPEN, "", "case.ask", _("请教上级")),
        _step("answered", _ANY, "", "case.read", _("答复请教")),
        _step("chased", _OPEN, "", "case.chase", _("催办")),
        _step("material_added", _OPEN, "", "case.register", _("补充材料")),
    )
}
"""Steps people take. The clock's own facts (`clock_warned`, `clock_breached`, `clock_escalated`) never change a state."""


def target(state: str, verb: str) -> str | None:
    """The state a case is in after `verb`, or None when the step is not allowed from `state`."""
    step = STEPS.get(verb)
    if step is None or state not in step.sources:
        return None
    return step.target or state


def allowed(state: str) -> list[Step]:
    """Every step that may be taken from `state`, in the table's order."""
    return [step for step in STEPS.values() if state in step.sources]


OPEN_STATES: tuple[str, ...] = tuple(code for code, state in STATES.items() if state.open)
AWAITING_DISPATCH: tuple[str, ...] = ("registered", "accepted", "returned", "recalled", "reopened")
AWAITING_REVISIT: tuple[str, ...] = ("replied", "in_revisit")


def markdown() -> str:
    """The table as docs show it, drawn from the code itself."""
    lines = ["| step | 中文 | from | to | right |", "|---|---|---|---|---|"]
    for step in STEPS.values():
        sources = ", ".join(code for code in STATES if code in step.sources)
        if set(_ANY.split()) == step.sources:
            sources = "any"
        elif set(_OPEN.split()) == step.sources:
            sources = "any open"
        lines.append(f"| `{step.verb}` | {step.name} | {sources} | {step.target or '—'} | `{step.right}` |")
    lines += ["", "| state | 中文 | open | owes the customer |", "|---|---|---|---|"]
    for state in STATES.values():
        owes = ", ".join(sorted(state.owes)) or "—"
        lines.append(f"| `{state.code}` | {state.name} | {'yes' if state.open else 'no'} | {owes} |")
    return "\n".join(lines) + "\n"
