"""Call back, reopen, withdraw, merge; closing is a module of its own (`closing`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import CUSTOMER, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.revisit import book, care, closing, plan, queries
from bihuan.revisit.closing import check_not_handler
from bihuan.revisit.models import CallPlan, Merge, Reopening, Revisit, Withdrawal
from bihuan.revisit.queries import DISSATISFIED, NEUTRAL, SATISFIED
from bihuan.revisit.review import EVIDENCE_KINDS
from bihuan.sla import steps
from bihuan.text.vaulted import vaulted

__all__ = ["DISSATISFIED", "EVIDENCE_KINDS", "NEUTRAL", "SATISFIED", "check_not_handler"]


def _stored(case: Case, note: str) -> str:
    return vaulted(case.party_id, note, 2000, "note")


@transaction.atomic
def attempt(
    case: Case,
    doer: Doer,
    note: str = "",
    *,
    means: str = "call",
    again_at: datetime | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """A call-back that did not reach the customer, or at a bad time: `again_at` is when she asked to be called."""
    check_not_handler(case, doer)
    moment = at or clock.now()
    if means not in plan.MEDIA:
        raise RuleError("attempt.means", _("请选择回访方式。"), field="means")
    if again_at is not None and again_at <= moment:
        raise RuleError("attempt.again_at", _("约定的时间要晚于现在。"), field="again_at")
    rule = book.rule_of(case)
    following = plan.next_attempt(rule.plan, moment, again_at)
    payload = {"means": means, "reached": False, "next": following, "promised": again_at is not None}
    event = steps.take(case, "revisit_attempted", doer, at=moment, why=_stored(case, note), payload=payload)
    Revisit.objects.create(
        case_id=case.id, at=moment, by_id=doer.staff_id, means=means, reached=False, rule_id=rule.id,
        rule_version=rule.version,
    )  # fmt: skip
    CallPlan.objects.update_or_create(
        case_id=case.id, defaults={"next_at": following, "promised": again_at is not None}
    )
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
    answers: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """A call-back that reached the customer: satisfied or not, solved at the root or not, anything left.

    `answers`: to the further questions of the case's rule, by question.
    """
    check_not_handler(case, doer)
    if satisfaction not in {SATISFIED, NEUTRAL, DISSATISFIED}:
        raise RuleError("revisit.satisfaction", _("请记录客户是否满意。"), field="satisfaction")
    found = {"satisfaction": satisfaction, "root_solved": root_solved, "left_over": left_over}
    return _reached(case, doer, found, _stored(case, note), means, answers or {}, at or clock.now())


def _reached(
    case: Case, doer: Doer, found: Mapping[str, Any], note: str, means: str, answers: Mapping[str, str], at: datetime
) -> CaseEvent:
    """Step and row of a call that reached her, with the questions as they were asked; nobody has to call again."""
    rule = book.rule_of(case)
    told = [[question, _stored(case, answers.get(question, ""))] for question in rule.questions]
    said = [pair for pair in told if pair[1]]
    event = steps.take(
        case, "revisited", doer, at=at, why=note, payload={"means": means, "reached": True, **found, "answers": said},
        satisfaction=found["satisfaction"], revisited_at=at,
    )  # fmt: skip
    Revisit.objects.create(
        case_id=case.id, at=at, by_id=doer.staff_id, means=means, reached=True, **found,
        reply_id=queries.latest_reply_id(case.id), answers=said, rule_id=rule.id, rule_version=rule.version,
    )  # fmt: skip
    CallPlan.objects.filter(pk=case.id).delete()
    return event


@transaction.atomic
def reopen(case: Case, doer: Doer, reason: str, note: str, *, at: datetime | None = None) -> CaseEvent:
    """Back to handling with the unit that had it: a dissatisfied customer, a rejected answer, a recurrence."""
    if reason not in {"dissatisfied", "rejected", "supervision", "recurred"}:
        raise RuleError("reopening.reason", _("请选择重新处理的原因。"), field="reason")
    moment = at or clock.now()
    event = steps.take(
        case, "reopened", doer, at=moment, why=_stored(case, note),
        payload={"reason": reason, "round": case.reopen_count + 1}, ended_at=None, reopen_count=case.reopen_count + 1,
    )  # fmt: skip
    Reopening.objects.create(case_id=case.id, at=moment, by_id=doer.staff_id, reason=reason, round=case.reopen_count)
    _left(case, moment)
    return event


def _left(case: Case, at: datetime) -> None:
    """The case goes on elsewhere: no call, no approval, no care call waits for it any more."""
    CallPlan.objects.filter(pk=case.id).delete()
    closing.call_off(case, at)
    care.call_off(case, at)


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
    _left(case, moment)
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
