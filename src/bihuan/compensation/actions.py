"""Proposing a sum, approving it rung by rung, paying it, taking it back. Each verb leaves one event on the locked case."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.compensation import budgets, people
from bihuan.compensation.models import Approval, Limit, Proposal
from bihuan.compensation.rules import KINDS, RESERVING, STATUSES, ladder, limit_of, money
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.sla import deadlines
from bihuan.text.vaulted import vaulted

KIND = "approval"
TERM = "24h"
"""How long each rung has."""
_LEAST = 4


def limits() -> dict[str, Decimal]:
    """What each role may grant alone."""
    return dict(Limit.objects.values_list("role", "amount"))


@transaction.atomic
def propose(
    case: Case,
    doer: Doer,
    kind: str,
    amount: str | int | Decimal,
    reason: str,
    *,
    feasibility: str = "",
    at: datetime | None = None,
) -> Proposal:
    """Propose a sum. Within her own limit it is granted at once, otherwise the first rung is asked; the amount is held
    back in her unit's budget either way."""
    if kind not in KINDS:
        raise RuleError("compensation.kind", _("请选择是退费、账单调整、补偿还是小礼。"), field="kind")
    if doer.staff_id is None or doer.unit_id is None:
        raise RuleError("compensation.doer", _("要由员工提出。"))
    sum_ = money(amount)
    said = vaulted(case.party_id, reason, 1000, "reason")
    if len(said) < _LEAST:
        raise RuleError("compensation.reason", _("请写明为什么要给。"), field="reason")
    proposer = Staff.objects.get(pk=doer.staff_id)
    rungs = ladder(sum_, limit_of(proposer.roles, limits()), limits())
    asked = [people.for_role(role, doer.unit_id, proposer.pk) for role in rungs]
    moment = at or clock.now()
    proposal = Proposal.objects.create(
        case_id=case.id, kind=kind, amount=sum_, reason=said,
        feasibility=vaulted(case.party_id, feasibility, 2000, "feasibility"), unit_id=doer.unit_id,
        budget=budgets.reserve(doer.unit_id, sum_), proposed_at=moment, proposed_by_id=doer.staff_id,
    )  # fmt: skip
    Approval.objects.bulk_create(
        Approval(proposal=proposal, place=place, role=role, staff_id=person.pk)
        for place, (role, person) in enumerate(zip(rungs, asked, strict=True), 1)
    )
    payload = {**_facts(proposal), "text": said, "rungs": len(rungs)}
    cases.take(case, "compensation_proposed", doer, at=moment, payload=payload)
    if rungs:
        _ask_next(case, proposal, moment)
    else:
        _grant(case, proposal, doer, moment)
    return proposal


def _ask_next(case: Case, proposal: Proposal, moment: datetime) -> bool:
    """The next rung's turn, with its term; False when there is none."""
    rung = Approval.objects.filter(proposal=proposal, asked_at=None).order_by("place").first()
    if rung is None:
        return False
    rung.asked_at, rung.due_at = moment, deadlines.due_after(moment, TERM)
    rung.save(update_fields=["asked_at", "due_at"])
    person = Staff.objects.select_related("deputy").get(pk=rung.staff_id)
    deputy = people.stand_in(person)
    deadlines.start(
        KIND, rung.pk, case.id, rung.due_at, unit_id=person.unit_id, staff_id=person.pk, deputy_id=deputy, at=moment
    )
    cases.let_read(case, person.unit_id, moment)
    return True


@transaction.atomic
def decide(
    case: Case, rung: Approval, doer: Doer, approved: bool, why: str = "", *, at: datetime | None = None
) -> CaseEvent:
    """Approve or reject (then with a reason) at one rung. Nobody decides on her own proposal."""
    proposal = rung.proposal
    if proposal.proposed_by_id == doer.staff_id:
        raise Forbidden("compensation.own", _("不能审批自己提出的申请。"))
    if rung.decided_at is not None or rung.asked_at is None or proposal.status != "pending":
        raise Conflict("compensation.decided", _("这一级已经审批过，或还没有轮到。"))
    said = vaulted(case.party_id, why, 1000, "why")
    if not approved and len(said) < _LEAST:
        raise RuleError("compensation.why", _("不批准要写明原因。"), field="why")
    moment = at or clock.now()
    rung.approved, rung.decided_at, rung.decided_by_id, rung.why = approved, moment, doer.staff_id, said
    rung.save(update_fields=["approved", "decided_at", "decided_by_id", "why"])
    deadlines.end(KIND, [rung.pk], moment)
    payload = {**_facts(proposal), "rung": rung.place, "text": said}
    if not approved:
        proposal.status, proposal.decided_at = "rejected", moment
        proposal.save(update_fields=["status", "decided_at"])
        budgets.give_back(proposal)
        return cases.append(case, "compensation_rejected", doer, at=moment, payload=payload)
    event = cases.append(case, "compensation_approved", doer, at=moment, payload=payload)
    return event if _ask_next(case, proposal, moment) else _grant(case, proposal, doer, moment)


def _grant(case: Case, proposal: Proposal, doer: Doer, moment: datetime) -> CaseEvent:
    proposal.status, proposal.decided_at = "granted", moment
    proposal.save(update_fields=["status", "decided_at"])
    return cases.append(case, "compensation_granted", doer, at=moment, payload=_facts(proposal))


@transaction.atomic
def pay(case: Case, proposal: Proposal, doer: Doer, reference: str, *, at: datetime | None = None) -> CaseEvent:
    """Mark a granted sum as paid out, with the number of the voucher or order."""
    _check(proposal, ("granted",))
    said = vaulted(case.party_id, reference, 100, "reference")
    if not said:
        raise RuleError("compensation.reference", _("请填写凭证号或业务单号。"), field="reference")
    moment = at or clock.now()
    proposal.status, proposal.paid_at, proposal.paid_by_id, proposal.reference = "paid", moment, doer.staff_id, said
    proposal.save(update_fields=["status", "paid_at", "paid_by_id", "reference"])
    budgets.use(proposal)
    return cases.append(case, "compensation_paid", doer, at=moment, payload={**_facts(proposal), "text": said})


@transaction.atomic
def reverse(case: Case, proposal: Proposal, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """Take it back: what was held back is free again; of a paid sum this says that the money has come back."""
    _check(proposal, (*RESERVING, "paid"))
    said = vaulted(case.party_id, why, 1000, "why")
    if len(said) < _LEAST:
        raise RuleError("compensation.why", _("请写明原因。"), field="why")
    moment, paid = at or clock.now(), proposal.status == "paid"
    deadlines.end(KIND, Approval.objects.filter(proposal=proposal).values_list("pk", flat=True), moment)
    proposal.status, proposal.reversed_at = "reversed", moment
    proposal.save(update_fields=["status", "reversed_at"])
    budgets.give_back(proposal, paid=paid)
    payload = {**_facts(proposal), "text": said, "paid": paid}
    return cases.append(case, "compensation_reversed", doer, at=moment, payload=payload)


@transaction.atomic
def call_off(case: Case, why: str, *, doer: Doer = SYSTEM, at: datetime | None = None) -> int:
    """The customer withdrew: what is not yet paid is reversed. Answers how many."""
    found = list(Proposal.objects.select_for_update().filter(case_id=case.id, status__in=RESERVING))
    for proposal in found:
        reverse(case, proposal, doer, why, at=at)
    return len(found)


def _check(proposal: Proposal, sources: tuple[str, ...]) -> None:
    if proposal.status not in sources:
        raise Conflict(
            "compensation.status",
            _("这笔申请现在是“%(status)s”，不能这样办。") % {"status": STATUSES[proposal.status]},
            data={"status": proposal.status},
        )


def _facts(proposal: Proposal) -> Mapping[str, Any]:
    return {"compensation": proposal.pk, "kind": proposal.kind, "amount": str(proposal.amount)}


__all__ = ["call_off", "decide", "limits", "pay", "propose", "reverse"]
