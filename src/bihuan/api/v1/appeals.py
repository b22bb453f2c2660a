"""Appeals over the API: what a public body's own system passes on, the list, one of them, and its steps."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Code, Note, _In
from bihuan.api.v1.operation import BASE, Answer, Call, Operation
from bihuan.api.v1.rendering import masked
from bihuan.api.v1.shapes import Due
from bihuan.appeals import actions, queries, rules
from bihuan.appeals.models import Appeal
from bihuan.cases.access import visible
from bihuan.cases.actions import Doer, check_version
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.flow import appeals as flow
from bihuan.flow.appeals import AppealIn
from bihuan.identity import roles
from bihuan.sla import queries as limits

BodyName = Literal["miit", "12300", "12345", "12315"]
StatusName = Literal[
    "", "open", "in_hand", "mediation", "closed_by_mediation", "mediation_filed", "closed_filed", "declined_filed",
    "withdrawn", "merged", "shut",
]  # fmt: skip


class AppealsOf(_In):
    """Which appeals, newest first."""

    body: Literal["", "miit", "12300", "12345", "12315"] = ""
    status: Annotated[StatusName, Meta(description="A status, or open for all the body still waits for")] = ""
    number: Annotated[str, Meta(max_length=64, description="The body's number, or the complaint's")] = ""
    late: Annotated[bool, Meta(description="Only those past the body's own limit")] = False
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[int, Meta(ge=0, le=10**15, description="From the page before")] = 0


class AppealStep(_In):
    """A step of the appeal; `into` is the complaint number of the appeal it is merged into."""

    step: Literal[
        "filing", "mediation", "settlement", "mediation-filing", "declination", "withdrawal", "merging", "return",
        "shutting",
    ]  # fmt: skip
    why: Note = ""
    into: Code = ""


class AppealOut(Struct, kw_only=True):
    """An appeal; `complaint` is the case registered for it, `failing` the conditions it does not meet."""

    complaint: str
    href: str
    body: str
    number: str
    status: str
    status_name: str
    received_at: datetime
    transferred_at: datetime
    appellant: str
    templated: bool
    dispute: str
    arose_on: date | None
    complained_on: date | None
    outcome: str
    earlier: str | None
    reason: str
    own: dict[str, Any]
    failing: list[str]
    grounds: str
    liable: bool | None
    reasonable: bool | None
    raised: bool
    answered_at: datetime | None
    ended_at: datetime | None
    due: Due | None
    steps: list[str]


_PLAIN = (
    "number", "status", "received_at", "transferred_at", "appellant", "templated", "dispute", "arose_on",
    "complained_on", "outcome", "own", "failing", "liable", "reasonable", "raised", "answered_at", "ended_at",
)  # fmt: skip


class AppealList(Struct, kw_only=True):
    """One page; `after` is the key of the next, null on the last."""

    items: list[AppealOut]
    after: int | None


def receive(call: Call) -> Answer:
    """`POST /appeals`."""
    case, appeal = flow.receive(call.viewer, call.body)
    told = _shown([appeal], call)[0]
    return Answer(told, {"Location": told.href, "ETag": f'"{case.version}"'})


def listing(call: Call) -> Answer:
    """`GET /appeals`."""
    wanted: AppealsOf = call.query
    found = queries.listing(
        call.viewer,
        queries.Wanted(body=wanted.body, status=wanted.status, number=wanted.number.strip(), late=wanted.late),
    )
    if wanted.after:
        found = found.filter(id__lt=wanted.after)
    rows = list(found[: wanted.limit + 1])
    page = rows[: wanted.limit]
    return Answer(AppealList(items=_shown(page, call), after=page[-1].pk if len(rows) > wanted.limit else None))


def reading(call: Call) -> Answer:
    """`GET /appeals/{number}`."""
    case, appeal = queries.access_appeal(call.viewer, call.places["number"])
    return Answer(_shown([appeal], call)[0], {"ETag": f'"{case.version}"'})


def step(call: Call) -> Answer:
    """`POST /appeals/{number}/steps`."""
    told: AppealStep = call.body
    case, appeal = queries.access_appeal(call.viewer, call.places["number"], roles.APPEAL, lock=True)
    check_version(case, call.seen)
    into = queries.access_appeal(call.viewer, told.into)[1] if told.into else None
    actions.step(case, appeal, Doer.of(call.viewer), told.step, told.why, into=into)
    return Answer(_shown([appeal], call)[0], {"ETag": f'"{case.version}"'})


def _shown(found: list[Appeal], call: Call) -> list[AppealOut]:
    """Appeals as the API shows them: a fixed number of statements."""
    cases = Case.objects.in_bulk([one.case_id for one in found])
    masks = customers.masks_of(case.party_id for case in cases.values())
    held = queries.clocks(list(cases))
    wanted = [one.earlier_case_id for one in found if one.earlier_case_id]
    earlier = dict(visible(call.viewer).filter(pk__in=wanted).values_list("id", "number")) if wanted else {}
    return [_out(one, cases[one.case_id], masks, held, earlier) for one in found]


def _out(one: Appeal, case: Case, masks: Any, held: Any, earlier: dict[int, str]) -> AppealOut:
    clock = held.get(case.id)
    policy = limits.book().policy(clock.policy_id) if clock else None
    running = clock is not None and clock.state.stopped_at is None and clock.state.due_at is not None
    mine = masks.get(case.party_id, {})
    claim, asked = queries.claim_of(one, case, mine), queries.limits_of(one.body)
    return AppealOut(
        **{name: getattr(one, name) for name in _PLAIN},
        complaint=case.number,
        href=f"{BASE}/appeals/{case.number}",
        body=one.body.code,
        status_name=str(rules.STATUSES[one.status].name),
        earlier=earlier.get(one.earlier_case_id or 0),
        reason=masked(one.reason, mine),
        grounds=rules.grounds(one.failing, claim, asked) if one.failing else "",
        due=Due(at=clock.state.due_at, policy=policy.code, owner=policy.owner) if running and policy else None,
        steps=[step.noun for step in rules.allowed(one.status)],
    )


_EXAMPLE = {
    "body": "miit", "number": "苏通申2026-0311", "received_at": "2026-03-02T09:00:00+08:00",
    "transferred_at": "2026-03-03T10:00:00+08:00", "content": "宽带到期后被自动续费，答复不予退费。",
    "demand": "退还多收的费用", "customer": {"name": "王小明", "phone": "13912345678"}, "area": "320412",
    "address": "常州市武进区人民路", "postcode": "213161", "dispute": "fee", "complained_on": "2026-02-10",
}  # fmt: skip

OPERATIONS = (
    Operation(
        "POST", "/appeals", "receiveAppeal", "appeals", _("登记转办申诉：同时登记工单，开始对转办单位计时"), (roles.APPEAL,),
        receive, AppealOut, body=AppealIn, status=201, example=_EXAMPLE,
    ),
    Operation(
        "GET", "/appeals", "listAppeals", "appeals", _("列出申诉，最新的在前"), (roles.READ,), listing, AppealList,
        query=AppealsOf,
    ),
    Operation(
        "GET", "/appeals/{number}", "readAppeal", "appeals", _("查看一件申诉：受理条件、退回理由、时限、可办理的步骤"),
        (roles.READ,), reading, AppealOut, of_case=True,
    ),
    Operation(
        "POST", "/appeals/{number}/steps", "stepAppeal", "appeals", _("申诉的一步：结案归档、调解、退回、撤诉、并案、重办、关闭"),
        (roles.APPEAL,), step, AppealOut, body=AppealStep, status=201, of_case=True,
        example={"step": "mediation", "why": "申诉人要求调解"},
    ),
)  # fmt: skip
