"""Money across rooms: who is asked to approve, and whoever proposed, is told."""

from decimal import Decimal

from django.db import transaction

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.compensation import actions
from bihuan.compensation.models import Approval, Proposal
from bihuan.handling import callers
from bihuan.notices import actions as notices


@transaction.atomic
def propose(
    case: Case, doer: Doer, kind: str, amount: str | int | Decimal, reason: str, *, feasibility: str = ""
) -> Proposal:
    """Propose a sum; whose turn it is to approve is told. Refused while who complains for somebody else is unchecked."""
    callers.refuse_money(case)
    proposal = actions.propose(case, doer, kind, amount, reason, feasibility=feasibility)
    _tell_next(proposal, doer)
    return proposal


@transaction.atomic
def decide(case: Case, rung: Approval, doer: Doer, approved: bool, why: str = "") -> CaseEvent:
    """Approve or reject; the next one up, or whoever proposed, is told."""
    event = actions.decide(case, rung, doer, approved, why)
    proposal = Proposal.objects.get(pk=rung.proposal_id)
    if proposal.status == "pending":
        _tell_next(proposal, doer)
    else:
        facts = {"by": doer.staff_id, "result": "granted" if approved else "refused", "text": rung.why}
        notices.tell("approval_decided", [proposal.proposed_by_id], case.id, facts)
    return event


def _tell_next(proposal: Proposal, doer: Doer) -> None:
    rung = Approval.objects.filter(proposal=proposal, asked_at__isnull=False, decided_at=None).first()
    if rung is not None:
        facts = {"by": doer.staff_id, "due": rung.due_at, "text": f"¥{proposal.amount} {proposal.reason}"}
        notices.tell("approval_asked", [rung.staff_id], proposal.case_id, facts)
