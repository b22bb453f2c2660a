"""Whose a complaint is, over the API: people within a unit, disputes and rulings, co-handling units."""

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
from bihuan.dispatch.models import Dispute
from bihuan.flow import sharing
from bihuan.identity import book as units
from bihuan.identity import roles
from bihuan.kernel.errors import RuleError

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


def unit_of(code: str, field: str) -> int:
    """The unit with this code; the refusal names the field."""
    found = units.units().by_code.get(code)
    if found is None:
        raise RuleError("unit.unknown", _now("请选择一个在用的责任部门。"), field=field)
    return found.id


def person_of(username: str) -> int | None:
    """The person with this username; None for an empty one."""
    if not username:
        return None
    found = lexicon.current().usernames.get(username)
    if found is None:
        raise RuleError("staff.unknown", _now("没有这个账号，请核对用户名。"), field="handler")
    return found.id


def assignments(call: Call) -> Answer:
    """`POST /complaints/{number}/assignments`."""
    case = held(call, roles.DISPATCH)
    event = sharing.assign(case, Doer.of(call.viewer), person_of(call.body.handler), call.body.why)
    return answered(case, event.seq)


def releases(call: Call) -> Answer:
    """`POST /complaints/{number}/releases`."""
    case = held(call, roles.RECEIVE)
    return answered(case, dispatching.release(case, Doer.of(call.viewer), call.body.why).seq)


def disputing(call: Call) -> Answer:
    """`POST /complaints/{number}/disputes`."""
    case = held(call, roles.RECEIVE)
    unit = unit_of(call.body.unit, "unit")
    return answered(case, sharing.open_dispute(case, Doer.of(call.viewer), call.body.reason, unit).seq)


def cohandling(call: Call) -> Answer:
    """`POST /complaints/{number}/cohandling`."""
    case = held(call, roles.DISPATCH)
    ids = [unit_of(code, "units") for code in call.body.units]
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
    sharing.rule(call.viewer, ident, unit_of(call.body.owner, "owner"), call.body.text)
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


_CASE = "/complaints/{number}"
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
)  # fmt: skip
