"""Call back, close, reopen, withdraw, merge."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import CUSTOMER, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.revisit import queries
from bihuan.revisit.models import Closure, Merge, Reopening, Revisit, Withdrawal
from bihuan.sla import steps
from bihuan.text.vaulted import vaulted

SATISFIED, NEUTRAL, DISSATISFIED = 3, 2, 1
EVIDENCE_KINDS = ("kpi", "alarm", "field_test", "interference", "signalling")


def _stored(case: Case, note: str) -> str:
    return vaulted(case.party_id, note, 2000, "note")


def check_not_handler(case: Case, doer: Doer) -> None:
    """Whoever handled a case does not revisit it."""
    if doer.staff_id is not None and queries.handled_by(case.id, doer.staff_id):
        raise Forbidden("revisit", _("您处理过这张工单，回访要由其他人来做。"))


@transaction.atomic
def attempt(case: Case, doer: Doer, note: str = "", *, means: str = "call", at: datetime | None = None) -> CaseEvent:
    """A call-back that did not reach the customer."""
    check_not_handler(case, doer)
    moment = at or clock.now()
    event = steps.take(
        case, "revisit_attempted", doer, at=moment, why=_stored(case, note), payload={"means": means, "reached": False}
    )
    Revisit.objects.create(case_id=case.id, at=moment, by_id=doer.staff_id, means=means, reached=False)
    return event


@transaction.atomic
def revisit(
    case: Case,
    doer: Doer,
    satisfaction: int,
    *,
    root_solved: bool | None = None,
    left_over: bool = False,
    note: str = "",
    means: str = "call",
    at: datetime | None = None,
) -> CaseEvent:
    """A call-back that reached the customer: satisfied or not, solved at the root or not, anything left."""
    check_not_handler(case, doer)
    if satisfaction not in {SATISFIED, NEUTRAL, DISSATISFIED}:
        raise RuleError("revisit.satisfaction", _("请记录客户是否满意。"), field="satisfaction")
    moment = at or clock.now()
    payload = {
        "means": means,
        "reached": True,
        "satisfaction": satisfaction,
        "root_solved": root_solved,
        "left_over": left_over,
    }
    event = steps.take(
        case,
        "revisited",
        doer,
        at=moment,
        why=_stored(case, note),
        payload=payload,
        satisfaction=satisfaction,
        revisited_at=moment,
    )
    Revisit.objects.create(
        case_id=case.id, at=moment, by_id=doer.staff_id, means=means, reached=True, satisfaction=satisfaction,
        root_solved=root_solved, left_over=left_over, reply_id=queries.latest_reply_id(case.id),
    )  # fmt: skip
    return event


@transaction.atomic
def close(
    case: Case,
    doer: Doer,
    cause: str,
    *,
    evidence_kinds: Sequence[str] = (),
    value_cause: bool = False,
    system_cause: bool = False,
    people_cause: bool = False,
    exception: str = "",
    approved_by_id: int | None = None,
    note: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """The closing review: this reply revisited, the customer satisfied (or an approved exception), the cause coded."""
    check_not_handler(case, doer)
    node = catalog.current().node("cause", cause)
    if node is None:
        raise RuleError("closure.cause", _("结单前要选择原因树中的原因。"), field="cause")
    strange = set(evidence_kinds) - set(EVIDENCE_KINDS)
    if strange:
        raise RuleError("closure.evidence", _("没有这种证据类型，请从列表中选择。"), field="evidence_kinds")
    reason = _exception(case, doer, exception, approved_by_id)
    _check_complete(case, excused=reason is not None)
    moment = at or clock.now()
    payload = {
        "cause": node.code,
        "evidence": list(evidence_kinds),
        "exception": exception,
        "approved_by": approved_by_id,
    }
    event = steps.take(
        case, "closed", doer, at=moment, why=_stored(case, note), payload=payload, cause_id=node.id, ended_at=moment
    )
    Closure.objects.create(
        case_id=case.id, at=moment, by_id=doer.staff_id, cause_id=node.id, evidence_kinds=list(evidence_kinds),
        value_cause=value_cause, system_cause=system_cause, people_cause=people_cause,
        exception_id=reason.id if reason else None, approved_by_id=approved_by_id,
    )  # fmt: skip
    return event


def _exception(case: Case, doer: Doer, code: str, approved_by_id: int | None) -> "catalog.ReasonInfo | None":
    if not code:
        return None
    reason = catalog.current().reason("exception", code)
    if reason is None:
        raise RuleError("closure.exception", _("请选择例外结单的原因。"), field="exception")
    if approved_by_id is None or approved_by_id == doer.staff_id:
        raise RuleError("closure.approval", _("例外结单要由另一位主管批准。"), field="approved_by")
    approver = Staff.objects.filter(pk=approved_by_id, is_active=True).first()
    if approver is None or not approver.can(roles.DUTY):
        raise RuleError("closure.approver", _("批准人必须是在岗的班组长、值班长或业务管理员。"), field="approved_by")
    return reason


def _check_complete(case: Case, *, excused: bool) -> None:
    if case.reply_count == 0:
        raise Conflict("closure.no_reply", _("还没有答复客户，不能结单。"))
    last = queries.latest_revisit(case.id)
    fresh = last is not None and last.reply_id == queries.latest_reply_id(case.id)
    if not excused and not (fresh and last is not None and last.satisfaction in {SATISFIED, NEUTRAL}):
        raise Conflict(
            "closure.not_revisited", _("客户还没有就最近一次答复表示满意，不能结单；如确需结单请走例外审批。")
        )


@transaction.atomic
def reopen(case: Case, doer: Doer, reason: str, note: str, *, at: datetime | None = None) -> CaseEvent:
    """Back to handling with the unit that had it: a dissatisfied customer, a rejected answer, a recurrence."""
    if reason not in {"dissatisfied", "rejected", "supervision", "recurred"}:
        raise RuleError("reopening.reason", _("请选择重新处理的原因。"), field="reason")
    moment = at or clock.now()
    event = steps.take(
        case, "reopened", doer, at=moment, why=_stored(case, note), payload={"reason": reason}, ended_at=None,
        reopen_count=case.reopen_count + 1,
    )  # fmt: skip
    Reopening.objects.create(case_id=case.id, at=moment, by_id=doer.staff_id, reason=reason)
    return event


@transaction.atomic
def withdraw(case: Case, doer: Doer, proven_by: str, note: str = "", *, at: datetime | None = None) -> CaseEvent:
    """The customer ends it. By staff it needs the call or letter it rests on."""
    if proven_by not in {"code", "call", "letter"} or (proven_by == "code") != (doer == CUSTOMER):
        raise RuleError("withdrawal.proof", _("请写明撤诉依据：客户来电或书面。"), field="proven_by")
    if proven_by != "code" and not note.strip():
        raise RuleError("withdrawal.note", _("代客户撤诉要写明沟通情况。"), field="note")
    moment = at or clock.now()
    event = steps.take(
        case, "withdrawn", doer, at=moment, why=_stored(case, note), payload={"proven_by": proven_by}, ended_at=moment
    )
    Withdrawal.objects.create(case_id=case.id, at=moment, by_id=doer.staff_id, proven_by=proven_by)
    return event


@transaction.atomic
def merge(case: Case, survivor: Case, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """Fold a complaint into another open one of the same customer or line, which then owes the reply for both."""
    if case.id == survivor.id or survivor.ended_at is not None or survivor.status == "merged":
        raise RuleError("merge.survivor", _("请选择另一张未办结的工单。"), field="into")
    if not customers.same_person(case.party_id, survivor.party_id):
        raise RuleError("merge.strangers", _("不是同一客户或号码，各自都要答复，不能并单。"), field="into")
    moment = at or clock.now()
    before = case.status
    event = steps.take(
        case,
        "merged",
        doer,
        at=moment,
        why=_stored(case, why),
        payload={"into": survivor.number},
        merged_into_id=survivor.id,
        ended_at=moment,
    )
    Merge.objects.create(case_id=case.id, into_id=survivor.id, at=moment, by_id=doer.staff_id, state_before=before)
    return event


@transaction.atomic
def unmerge(case: Case, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """Undo a wrong merge: the complaint stands on its own again, to be dispatched or handled; nothing was lost."""
    if not why.strip():
        raise RuleError("unmerge.reason", _("撤销并单要写明原因。"), field="why")
    moment = at or clock.now()
    survivor = Case.objects.filter(pk=case.merged_into_id or 0).values_list("number", flat=True).first()
    payload = {"from": survivor}
    event = steps.take(
        case, "unmerged", doer, at=moment, why=_stored(case, why), payload=payload, merged_into_id=None, ended_at=None
    )
    Merge.objects.filter(case_id=case.id, undone_at=None).update(undone_at=moment)
    return event
