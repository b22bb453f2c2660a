"""Money over the API: proposing, the chain of approvals, deciding, paying. Amounts are decimal yuan, written as text."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import Names, masked
from bihuan.api.v1.shapes import Named
from bihuan.api.v1.steps import held
from bihuan.cases.access import access_case
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.compensation import actions, queries
from bihuan.compensation.models import Proposal
from bihuan.customers import queries as customers
from bihuan.flow import compensation as flow
from bihuan.identity import roles

Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?$", description="Yuan, e.g. 49.90")]


class CompensationIn(_In):
    """What is to be given, how much, why."""

    kind: Literal["refund", "adjustment", "compensation", "gift"]
    amount: Amount
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]
    feasibility: Note = ""


class DecisionIn(_In):
    """Approved or not; a refusal says why."""

    approved: bool
    why: Annotated[str, Meta(max_length=1000)] = ""


class PaymentIn(_In):
    """The number of the voucher or order it was paid with."""

    reference: Annotated[str, Meta(min_length=1, max_length=100)]


class ApprovalsOf(_In):
    """From where on."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[str, Meta(max_length=64, description="From the page before")] = ""


class RungOut(Struct, kw_only=True):
    """One approval of the chain."""

    id: int
    role: str
    staff: str
    asked_at: datetime | None
    due_at: datetime | None
    approved: bool | None
    decided_at: datetime | None


class CompensationOut(Struct, kw_only=True):
    """One sum with its chain."""

    id: int
    complaint: str
    kind: str
    amount: str
    status: str
    reason: str
    feasibility: str
    unit: Named | None
    proposed_at: datetime
    decided_at: datetime | None
    paid_at: datetime | None
    reference: str
    approvals: list[RungOut]


class CompensationList(Struct, kw_only=True):
    """Sums in order."""

    items: list[CompensationOut]


class ApprovalList(Struct, kw_only=True):
    """What waits, the nearest term first; `after` is the key of the next page, empty on the last."""

    items: list[CompensationOut]
    after: str


def propose(call: Call) -> Answer:
    """`POST /complaints/{number}/compensation`."""
    told: CompensationIn = call.body
    case = held(call, roles.HANDLE)
    doer = Doer.of(call.viewer)
    one = flow.propose(case, doer, told.kind, told.amount, told.reason, feasibility=told.feasibility)
    return Answer(_shown([one])[0], {"ETag": f'"{case.version}"'})


def of_case(call: Call) -> Answer:
    """`GET /complaints/{number}/compensation`."""
    case = access_case(call.viewer, call.places["number"])
    return Answer(CompensationList(items=_shown(queries.of_case(case.id))))


def waiting(call: Call) -> Answer:
    """`GET /approvals`."""
    rungs, after = queries.page(call.viewer, call.query.limit, call.query.after)
    return Answer(ApprovalList(items=_shown([rung.proposal for rung in rungs]), after=after))


def decide(call: Call) -> Answer:
    """`POST /approvals/{id}/decision`."""
    case, rung = queries.access_approval(call.viewer, int(call.places["id"]))
    flow.decide(case, rung, Doer.of(call.viewer), call.body.approved, call.body.why)
    return Answer(_shown([rung.proposal])[0], {"ETag": f'"{case.version}"'})


def pay(call: Call) -> Answer:
    """`POST /compensation/{id}/payment`."""
    case, one = queries.access_proposal(call.viewer, int(call.places["id"]), roles.MONEY)
    actions.pay(case, one, Doer.of(call.viewer), call.body.reference)
    return Answer(_shown([one])[0], {"ETag": f'"{case.version}"'})


def _shown(stale: list[Proposal]) -> list[CompensationOut]:
    ids = [one.pk for one in stale]
    fresh = {one.pk: one for one in Proposal.objects.filter(pk__in=ids).prefetch_related("approvals")}
    cases, names = Case.objects.in_bulk({one.case_id for one in fresh.values()}), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    return [_out(fresh[ident], cases, masks, names) for ident in ids]


def _out(one: Proposal, cases: dict[int, Case], masks: dict[int, dict[str, str]], names: Names) -> CompensationOut:
    from bihuan.cases import lexicon

    case, staff = cases[one.case_id], lexicon.current().staff
    mine = masks.get(case.party_id, {})
    return CompensationOut(
        id=one.pk, complaint=case.number, kind=one.kind, amount=str(one.amount), status=one.status,
        reason=masked(one.reason, mine), feasibility=masked(one.feasibility, mine), unit=names.unit(one.unit_id),
        proposed_at=one.proposed_at, decided_at=one.decided_at, paid_at=one.paid_at,
        reference=masked(one.reference, mine),
        approvals=[
            RungOut(
                id=rung.pk, role=rung.role, staff=staff[rung.staff_id].name if rung.staff_id in staff else "",
                asked_at=rung.asked_at, due_at=rung.due_at, approved=rung.approved, decided_at=rung.decided_at,
            )
            for rung in one.approvals.all()
        ],
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "POST", "/complaints/{number}/compensation", "proposeCompensation", "compensation",
        _("申请退费、调账、补偿或小礼：额度内即批准，否则逐级审批"), (roles.HANDLE,), propose, CompensationOut,
        body=CompensationIn, status=201, of_case=True,
        example={"kind": "refund", "amount": "29.90", "reason": "多收一个月月租"},
    ),
    Operation(
        "GET", "/complaints/{number}/compensation", "readCompensation", "compensation", _("一件投诉的全部补偿申请和审批"),
        (roles.READ,), of_case, CompensationList, of_case=True,
    ),
    Operation(
        "GET", "/approvals", "listApprovals", "compensation", _("等我审批的补偿，最急的在前，按键翻页"), (roles.MONEY,), waiting,
        ApprovalList, query=ApprovalsOf,
    ),
    Operation(
        "POST", "/approvals/{id}/decision", "decideApproval", "compensation", _("批准或不批准（要写原因）"), (roles.MONEY,),
        decide, CompensationOut, body=DecisionIn, status=201, of_case=True, example={"approved": True},
    ),
    Operation(
        "POST", "/compensation/{id}/payment", "payCompensation", "compensation", _("记为已兑付，写凭证号"), (roles.MONEY,), pay,
        CompensationOut, body=PaymentIn, status=201, of_case=True, example={"reference": "V-20261121-08"},
    ),
)  # fmt: skip
