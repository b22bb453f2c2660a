"""Whose a complaint is, over the API: people within a unit, disputes and rulings, co-handling units, bulk deeds."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Code, Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import Names, masked
from bihuan.api.v1.shapes import CaseAnswer, Named
from bihuan.api.v1.steps import answered, held
from bihuan.cases import lexicon
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.dispatch import actions as dispatching
from bihuan.dispatch import disputes
from bihuan.dispatch.models import Bulk, BulkRow, Dispute
from bihuan.flow import bulk, sharing
from bihuan.identity import book as units
from bihuan.identity import roles
from bihuan.kernel.errors import NotFound, RuleError

Words = Annotated[str, Meta(min_length=1, max_length=2000)]


class AssignmentTo(_In):
    """To whom of the unit that has it; empty: back to those waiting to be received."""

    handler: Annotated[str, Meta(max_length=64, description="Username")] = ""
    why: Note = ""


class Release(_In):
    """Taken by mistake."""

    why: Note = ""


class DisputeOver(_In):
    """Whose it is, and why."""

    unit: Annotated[str, Meta(min_length=1, max_length=64, description="Code of the unit it belongs to")]
    reason: Words


class Statement(_In):
    """The other side's reasons."""

    text: Words


class Ruling(_In):
    """The final owner, and why."""

    owner: Annotated[str, Meta(min_length=1, max_length=64, description="Code of the final owner")]
    text: Words


class CohandlingIn(_In):
    """Which units beside the lead, to do what, within how long."""

    units: Annotated[list[Code], Meta(min_length=1, max_length=20, description="Codes of units")]
    ask: Words
    term: Annotated[str, Meta(max_length=16, description="Such as 24h or 2d")] = "24h"


class ContributionIn(_In):
    """What our unit found; `done` ends its part."""

    report: Annotated[str, Meta(min_length=1, max_length=5000)]
    done: bool = True


class DisputesOf(_In):
    """Open ones, the oldest first, or ruled ones, the newest first."""

    which: Literal["open", "ruled"] = "open"


class BulkIn(_In):
    """One deed on many complaints; `from_unit` instead of numbers: all its open ones."""

    deed: Literal["receipts", "dispatches", "transfers", "assignments", "closures"]
    numbers: Annotated[list[Code], Meta(max_length=20000)] = []
    from_unit: Code = ""
    unit: Annotated[str, Meta(max_length=64, description="For dispatches (empty: by rule) and transfers")] = ""
    handler: Annotated[str, Meta(max_length=64, description="Username, for assignments")] = ""
    cause: Annotated[str, Meta(max_length=64, description="Code of a cause, for closures")] = ""
    why: Note = ""


class DisputeOut(Struct, kw_only=True):
    """One dispute. `first_unit` answers until the ruling; `owner_unit` is final."""

    id: int
    complaint: str
    opened_at: datetime
    unit: Named | None
    reason: str
    other_unit: Named | None
    other_reason: str
    first_unit: Named | None
    ruled_at: datetime | None
    owner_unit: Named | None
    ruling: str
    overturned: bool


class DisputeList(Struct, kw_only=True):
    """Disputes, and the figures of the last thirty days."""

    items: list[DisputeOut]
    figures: dict[str, int]


class RowOut(Struct, kw_only=True):
    """What became of one complaint; `ok` is null until it was tried."""

    number: str
    ok: bool | None
    text: str


class BulkOut(Struct, kw_only=True):
    """A deed: how far it is, and what became of each complaint."""

    id: int
    deed: str
    total: int
    done: int
    good: int
    finished_at: datetime | None
    undoes: int | None
    undone_by: int | None
    rows: list[RowOut]


def _unit(code: str, field: str) -> int:
    found = units.units().by_code.get(code)
    if found is None:
        raise RuleError("unit.unknown", _now("请选择一个在用的责任部门。"), field=field)
    return found.id


def _person(username: str) -> int | None:
    if not username:
        return None
    found = lexicon.current().usernames.get(username)
    if found is None:
        raise RuleError("staff.unknown", _now("没有这个账号，请核对用户名。"), field="handler")
    return found.id


def assignments(call: Call) -> Answer:
    """`POST /complaints/{number}/assignments`."""
    case = held(call, roles.DISPATCH)
    event = sharing.assign(case, Doer.of(call.viewer), _person(call.body.handler), call.body.why)
    return answered(case, event.seq)


def releases(call: Call) -> Answer:
    """`POST /complaints/{number}/releases`."""
    case = held(call, roles.RECEIVE)
    return answered(case, dispatching.release(case, Doer.of(call.viewer), call.body.why).seq)


def disputing(call: Call) -> Answer:
    """`POST /complaints/{number}/disputes`."""
    case = held(call, roles.RECEIVE)
    unit = _unit(call.body.unit, "unit")
    return answered(case, sharing.open_dispute(case, Doer.of(call.viewer), call.body.reason, unit).seq)


def cohandling(call: Call) -> Answer:
    """`POST /complaints/{number}/cohandling`."""
    case = held(call, roles.DISPATCH)
    ids = [_unit(code, "units") for code in call.body.units]
    event = sharing.ask_cohandling(case, Doer.of(call.viewer), ids, call.body.ask, term=call.body.term)
    return answered(case, event.seq)


def contributions(call: Call) -> Answer:
    """`POST /complaints/{number}/contributions`."""
    case = held(call, roles.HANDLE, together=True)
    event = sharing.report_part(case, Doer.of(call.viewer), call.body.report, done=call.body.done)
    return answered(case, event.seq)


def dispute_list(call: Call) -> Answer:
    """`GET /disputes`."""
    found = disputes.listed(call.viewer, ruled=call.query.which == "ruled")
    return Answer(DisputeList(items=_shown(found), figures=dict(disputes.figures())))


def statement(call: Call) -> Answer:
    """`POST /disputes/{id}/statement`."""
    found = disputes.answer(call.viewer, int(call.places["id"]), call.body.text)
    return _dispute(call, found.pk)


def ruling(call: Call) -> Answer:
    """`POST /disputes/{id}/ruling`."""
    ident = int(call.places["id"])
    sharing.rule(call.viewer, ident, _unit(call.body.owner, "owner"), call.body.text)
    return _dispute(call, ident)


def _dispute(call: Call, ident: int) -> Answer:
    case, found = disputes.find(call.viewer, ident)
    return Answer(_shown([(found, case)])[0])


def _shown(found: list[tuple[Dispute, Case]]) -> list[DisputeOut]:
    names, masks = Names(), customers.masks_of(case.party_id for _one, case in found)
    return [
        DisputeOut(
            id=one.pk, complaint=case.number, opened_at=one.opened_at, unit=names.unit(one.unit_id),
            reason=masked(one.reason, masks.get(case.party_id, {})), other_unit=names.unit(one.other_unit_id),
            other_reason=masked(one.other_reason, masks.get(case.party_id, {})),
            first_unit=names.unit(one.first_unit_id), ruled_at=one.ruled_at,
            owner_unit=names.unit(one.owner_unit_id), ruling=masked(one.ruling, masks.get(case.party_id, {})),
            overturned=one.overturned,
        )
        for one, case in found
    ]  # fmt: skip


def bulk_start(call: Call) -> Answer:
    """`POST /bulk`."""
    told: BulkIn = call.body
    values = {
        "unit": _unit(told.unit, "unit") if told.unit else None,
        "staff": _person(told.handler),
        "cause": told.cause,
        "why": told.why,
    }
    numbers = bulk.numbers_of_unit(call.viewer, _unit(told.from_unit, "from_unit")) if told.from_unit else told.numbers
    made = bulk.start(call.viewer, told.deed, numbers, {name: value for name, value in values.items() if value})
    return Answer(_bulk(made))


def bulk_state(call: Call) -> Answer:
    """`GET /bulk/{id}`."""
    return Answer(_bulk(_own(call)))


def bulk_undoing(call: Call) -> Answer:
    """`POST /bulk/{id}/undoing`."""
    return Answer(_bulk(bulk.undo(call.viewer, _own(call).pk)))


def _own(call: Call) -> Bulk:
    ident = int(call.places["id"])
    if ident >= 2**63:
        raise NotFound("bulk")
    return bulk.find(call.viewer, ident)


def _bulk(made: Bulk) -> BulkOut:
    rows = BulkRow.objects.filter(bulk_id=made.pk).order_by("place")
    return BulkOut(
        id=made.pk, deed=made.deed, total=made.total, done=made.done, good=made.good, finished_at=made.finished_at,
        undoes=made.undoes_id, undone_by=made.undone_by_id,
        rows=[RowOut(number=row.number, ok=row.ok, text=row.text) for row in rows],
    )  # fmt: skip


_CASE = "/complaints/{number}"
_WORKERS = (roles.DISPATCH, roles.RECEIVE, roles.CLOSE)
OPERATIONS = (
    Operation(
        "POST", f"{_CASE}/assignments", "assign", "sharing", _("在部门内指定处理人，或放回待接单"), (roles.DISPATCH,),
        assignments, CaseAnswer, body=AssignmentTo, status=201, of_case=True, example={"handler": "handler1"},
    ),
    Operation(
        "POST", f"{_CASE}/releases", "release", "sharing", _("接错了：放回待接单"), (roles.RECEIVE,), releases, CaseAnswer,
        body=Release, status=201, of_case=True, example={"why": "点错了"},
    ),
    Operation(
        "POST", f"{_CASE}/disputes", "dispute", "sharing", _("提请裁定归属"), (roles.RECEIVE,), disputing, CaseAnswer,
        body=DisputeOver, status=201, of_case=True, example={"unit": "cz.marketing", "reason": "属于资费争议"},
    ),
    Operation(
        "GET", "/disputes", "listOwnershipDisputes", "sharing", _("归属争议和裁定统计"), (roles.READ,), dispute_list, DisputeList,
        query=DisputesOf,
    ),
    Operation(
        "POST", "/disputes/{id}/statement", "stateReasons", "sharing", _("对方部门陈述理由"), (roles.READ,), statement,
        DisputeOut, body=Statement, status=201, of_case=True, example={"text": "账单没有问题"},
    ),
    Operation(
        "POST", "/disputes/{id}/ruling", "ruleOwnership", "sharing", _("裁定最终由谁负责"), (roles.RULE,), ruling,
        DisputeOut, body=Ruling, status=201, of_case=True, example={"owner": "cz.marketing", "text": "网络侧已排除"},
    ),
    Operation(
        "POST", f"{_CASE}/cohandling", "askCohandling", "sharing", _("请部门协同处理，主办部门统一答复"), (roles.DISPATCH,),
        cohandling, CaseAnswer, body=CohandlingIn, status=201, of_case=True,
        example={"units": ["cz.marketing"], "ask": "核对套餐"},
    ),
    Operation(
        "POST", f"{_CASE}/contributions", "contribute", "sharing", _("协同部门报告结果"), (roles.HANDLE,), contributions,
        CaseAnswer, body=ContributionIn, status=201, of_case=True, example={"report": "套餐无误", "done": True},
    ),
    Operation(
        "POST", "/bulk", "startBulk", "sharing", _("批量办理：逐张给出结果，超过 200 张在后台办理"), _WORKERS, bulk_start,
        BulkOut, body=BulkIn, status=201, most_bytes=1024 * 1024,
        example={"deed": "transfers", "from_unit": "cz.wj", "unit": "cz.tn"},
    ),
    Operation("GET", "/bulk/{id}", "readBulk", "sharing", _("批量办理的进度和结果"), _WORKERS, bulk_state, BulkOut),
    Operation(
        "POST", "/bulk/{id}/undoing", "undoBulk", "sharing", _("撤销一次批量办理"), _WORKERS, bulk_undoing, BulkOut,
        status=201,
    ),
)  # fmt: skip
