"""Service requests and leads over the API: hand an enquiry on, the list, one of them, its steps."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Note, _In
from bihuan.api.v1.operation import BASE, Answer, Call, Operation
from bihuan.api.v1.rendering import masked
from bihuan.api.v1.shapes import CaseAnswer
from bihuan.api.v1.steps import step as case_step
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.flow import requests as flow
from bihuan.identity import book, roles
from bihuan.kernel.errors import RuleError
from bihuan.requests import actions, queries
from bihuan.requests.models import Request


class Conversion(_In, kw_only=True):
    """What an enquiry goes on as; `unit` is the code of the unit that owns it from now on."""

    kind: Literal["service", "lead"]
    unit: Annotated[str, Meta(min_length=1, max_length=64)]
    wish: Annotated[str, Meta(min_length=1, max_length=2000)]


class RequestsOf(_In):
    """Which ones, newest first."""

    kind: Literal["", "service", "lead"] = ""
    state: Literal["", "unfinished", "open", "in_work", "done", "won", "lost", "cancelled"] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[int, Meta(ge=0, le=10**15, description="From the page before")] = 0


class RequestStep(_In, kw_only=True):
    """One step; passing names another unit, a win may name what it is worth in yuan."""

    step: Literal["taking", "passing", "completion", "win", "loss", "cancellation"]
    note: Note = ""
    unit: Annotated[str, Meta(max_length=64)] = ""
    worth: Annotated[float, Meta(ge=0, le=10**9)] | None = None


class RequestOut(Struct, kw_only=True):
    """One request; `complaint` is the case it came from."""

    number: str
    complaint: str
    kind: str
    state: str
    wish: str
    unit: str
    made_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    result: str
    worth: float | None


class RequestList(Struct, kw_only=True):
    """A page; `after` is null on the last."""

    items: list[RequestOut]
    after: int | None


def _out(rows: list[Request]) -> list[RequestOut]:
    masks = customers.masks_of(row.party_id for row in rows)
    numbers = dict(Case.objects.filter(pk__in=[row.case_id for row in rows]).values_list("id", "number"))
    units = book.units().units
    return [
        RequestOut(
            number=row.number, complaint=numbers.get(row.case_id, ""), kind=row.kind, state=row.state,
            wish=masked(row.wish, masks.get(row.party_id, {})),
            unit=units[row.unit_id].code if row.unit_id in units else "", made_at=row.made_at, due_at=row.due_at,
            ended_at=row.ended_at, result=masked(row.result, masks.get(row.party_id, {})),
            worth=float(row.worth) if row.worth is not None else None,
        )
        for row in rows
    ]  # fmt: skip


def _unit(code: str) -> int:
    unit = book.units().by_code.get(code)
    if unit is None:
        raise RuleError("unit.unknown", _now("请选择一个在用的责任部门。"), field="unit")
    return unit.id


def conversion(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """`POST /complaints/{number}/requests`."""
    return flow.convert(case, doer, told.kind, _unit(told.unit), told.wish)


def listing(call: Call) -> Answer:
    """`GET /requests`."""
    wanted: RequestsOf = call.query
    found = queries.listing(call.viewer, queries.Wanted(wanted.kind, wanted.state))
    if wanted.after:
        found = found.filter(id__lt=wanted.after)
    rows = list(found[: wanted.limit + 1])
    page = rows[: wanted.limit]
    return Answer(RequestList(items=_out(page), after=page[-1].pk if len(rows) > wanted.limit else None))


def reading(call: Call) -> Answer:
    """`GET /requests/{number}`."""
    row, _case = queries.access(call.viewer, call.places["number"])
    return Answer(_out([row])[0])


def stepping(call: Call) -> Answer:
    """`POST /requests/{number}/steps`."""
    row, case = queries.access(call.viewer, call.places["number"], lock=True)
    told: RequestStep = call.body
    unit = _unit(told.unit) if told.unit else None
    worth = Decimal(str(told.worth)).quantize(Decimal("0.01")) if told.worth is not None else None
    actions.step(row, case, Doer.of(call.viewer), told.step, told.note, unit_id=unit, worth=worth)
    return Answer(_out([row])[0], {"Location": f"{BASE}/requests/{row.number}"})


OPERATIONS = (
    Operation(
        "POST", "/complaints/{number}/requests", "convert", "steps", _("咨询转服务请求或商机，工单随之结束"),
        (roles.ACCEPT,), case_step(roles.ACCEPT, conversion), CaseAnswer, body=Conversion, status=201, of_case=True,
        example={"kind": "lead", "unit": "mk_cz", "wish": "想了解企业专线资费"},
    ),
    Operation(
        "GET", "/requests", "listRequests", "complaints", _("列出服务请求和商机"), (roles.READ,), listing, RequestList,
        query=RequestsOf,
    ),
    Operation(
        "GET", "/requests/{number}", "readRequest", "complaints", _("查看一件服务请求或商机"), (roles.READ,), reading,
        RequestOut,
    ),
    Operation(
        "POST", "/requests/{number}/steps", "stepRequest", "complaints", _("办理服务请求或商机：接手、转出、办结"),
        (roles.HANDLE, roles.RECEIVE), stepping, RequestOut, body=RequestStep, example={"step": "taking"},
    ),
)  # fmt: skip
