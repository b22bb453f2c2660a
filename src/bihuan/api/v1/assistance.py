"""Assistance over the API: asking units, the tasks of a case, a unit's queue, and the steps of a task."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Code, Moment, Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import Names, masked
from bihuan.api.v1.shapes import Named
from bihuan.api.v1.steps import held
from bihuan.assistance import actions, queries
from bihuan.assistance.models import Task
from bihuan.assistance.rules import OPEN
from bihuan.cases.access import access_case
from bihuan.cases.actions import Doer
from bihuan.customers import queries as customers
from bihuan.flow import assistance as flow
from bihuan.handling import evidence
from bihuan.identity import book as units
from bihuan.identity import roles
from bihuan.kernel.errors import RuleError


class AssistanceIn(_In):
    """Which units, what to find out, until when: a moment, or a duration such as `4h` or `2d`."""

    units: Annotated[list[Code], Meta(min_length=1, max_length=20, description="Codes of units")]
    question: Annotated[str, Meta(min_length=1, max_length=2000)]
    needed: Annotated[str, Meta(max_length=500)] = ""
    due: Moment | None = None
    term: Annotated[str, Meta(max_length=16, description="When no moment is given")] = "24h"


class AssistanceStep(_In):
    """A step of a task: the asked unit receives, answers or sends back; whoever asked calls it off."""

    step: Literal["receipt", "answer", "return", "recall"]
    text: Note = ""
    evidence: Annotated[int, Meta(ge=1, le=2**63 - 1, description="A file already kept on this complaint")] | None = (
        None
    )


class TasksOf(_In):
    """Which tasks of my unit: to do (the nearest term first), done, or asked by us."""

    which: Literal["todo", "done", "asked"] = "todo"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class TaskOut(Struct, kw_only=True):
    """One task; `late` is past its term and still open, or ended after it."""

    id: int
    complaint: str
    unit: Named | None
    status: str
    question: str
    needed: str
    answer: str
    evidence: int | None
    asked_at: datetime
    asked_unit: Named | None
    due_at: datetime
    received_at: datetime | None
    ended_at: datetime | None
    late: bool


class TaskList(Struct, kw_only=True):
    """Tasks in order."""

    items: list[TaskOut]


def ask(call: Call) -> Answer:
    """`POST /complaints/{number}/assistance`."""
    told: AssistanceIn = call.body
    case = held(call, roles.HANDLE)
    known = units.units().by_code
    strange = [code for code in told.units if code not in known]
    if strange:
        raise RuleError("assistance.units", _now("请选择一个或几个在用的部门。"), field="units")
    ids = [known[code].id for code in told.units]
    doer = Doer.of(call.viewer)
    tasks = flow.ask(case, doer, ids, told.question, told.due or told.term, needed=told.needed)
    return Answer(TaskList(items=_shown(tasks)), {"ETag": f'"{case.version}"'})


def of_case(call: Call) -> Answer:
    """`GET /complaints/{number}/assistance`."""
    case = access_case(call.viewer, call.places["number"])
    return Answer(TaskList(items=_shown(queries.of_case(case.id))))


def listing(call: Call) -> Answer:
    """`GET /assistance`."""
    wanted: TasksOf = call.query
    found = (
        queries.asked_by(call.viewer)
        if wanted.which == "asked"
        else queries.mine(call.viewer, to_do=wanted.which == "todo")
    )
    return Answer(TaskList(items=_shown(list(found[: wanted.limit]))))


def step(call: Call) -> Answer:
    """`POST /assistance/{id}/steps`."""
    told: AssistanceStep = call.body
    ident = int(call.places["id"])
    case, task = queries.access_task(call.viewer, ident, asked=told.step != "recall", lock=True)
    doer = Doer.of(call.viewer)
    if told.step == "receipt":
        actions.receive(case, task, doer)
    elif told.step == "answer":
        kept = evidence.find(case.id, told.evidence) if told.evidence is not None else None
        flow.answer(case, task, doer, told.text, evidence_id=kept.pk if kept else None)
    elif told.step == "return":
        flow.give_back(case, task, doer, told.text)
    else:
        actions.recall(case, task, doer, told.text)
    return Answer(_shown([task])[0], {"ETag": f'"{case.version}"'})


def _shown(tasks: list[Task]) -> list[TaskOut]:
    from bihuan.kernel import clock

    cases, names, now = queries.cases_of(tasks), Names(), clock.now()
    masks = customers.masks_of(case.party_id for case in cases.values())
    found = []
    for one in tasks:
        case = cases[one.case_id]
        mine = masks.get(case.party_id, {})
        found.append(
            TaskOut(
                id=one.pk, complaint=case.number, unit=names.unit(one.unit_id), status=one.status,
                question=masked(one.question, mine), needed=masked(one.needed, mine), answer=masked(one.answer, mine),
                evidence=one.evidence_id, asked_at=one.asked_at, asked_unit=names.unit(one.asked_unit_id),
                due_at=one.due_at, received_at=one.received_at, ended_at=one.ended_at,
                late=one.due_at < (now if one.status in OPEN else one.ended_at or now),
            )
        )  # fmt: skip
    return found


OPERATIONS = (
    Operation(
        "POST", "/complaints/{number}/assistance", "askAssistance", "assistance", _("请一个或几个部门协查，各有期限"),
        (roles.HANDLE,), ask, TaskList, body=AssistanceIn, status=201, of_case=True,
        example={"units": ["cz.marketing"], "question": "请核对近三月账单", "term": "8h"},
    ),
    Operation(
        "GET", "/complaints/{number}/assistance", "readAssistance", "assistance", _("一件投诉的全部协查和回复"),
        (roles.READ,), of_case, TaskList, of_case=True,
    ),
    Operation(
        "GET", "/assistance", "listAssistance", "assistance", _("本部门的协查：待办、已办、发起的"), (roles.HANDLE,), listing,
        TaskList, query=TasksOf,
    ),
    Operation(
        "POST", "/assistance/{id}/steps", "stepAssistance", "assistance", _("协查的一步：接收、回复、退回、撤销"),
        (roles.HANDLE,), step, TaskOut, body=AssistanceStep, status=201, of_case=True,
        example={"step": "answer", "text": "账单无误，明细已附。"},
    ),
)  # fmt: skip
