"""Make one from a case, take it, pass it on, end it. Each step is told on the case it came from."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer, append, let_read
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity.book import units
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.requests import rules
from bihuan.requests.models import Kind, Request, State
from bihuan.sla import deadlines, steps
from bihuan.text.vaulted import vaulted

TERM = "request"
LONG = {"service": "3wd", "lead": "5wd"}
"""How long the owning unit has."""


@transaction.atomic
def convert(
    case: Case, doer: Doer, kind: str, unit_id: int, wish: str, *, at: datetime | None = None
) -> tuple[CaseEvent, Request]:
    """An enquiry goes on as a service request or lead of another unit: the case ends, its clocks with it."""
    if kind not in Kind.values:
        raise RuleError("request.kind", _("请选择服务请求还是商机。"), field="kind")
    if case.service_type not in rules.ASKING:
        raise Conflict("request.complaint", _("这是投诉或故障，不能转成服务请求；如分类有误，请先改服务类型。"))
    if unit_id not in units().units:
        raise RuleError("request.unit", _("请选择一个在用的部门。"), field="unit")
    said = vaulted(case.party_id, wish, 2000, "wish")
    if not said:
        raise RuleError("request.wish", _("请写明客户要什么。"), field="wish")
    moment = at or clock.now()
    row = Request.objects.create(
        number=f"{'FW' if kind == Kind.SERVICE else 'SJ'}{case.number.removeprefix('TS')}", case_id=case.id,
        party_id=case.party_id, kind=kind, wish=said, unit_id=unit_id, made_at=moment, made_by_id=doer.staff_id,
        due_at=deadlines.due_after(moment, LONG[kind], "cn-work"),
    )  # fmt: skip
    payload = {"request": row.number, "kind": kind, "unit": unit_id, "text": said}
    event = steps.take(case, "converted", doer, at=moment, payload=payload, ended_at=moment)
    let_read(case, unit_id, moment)
    deadlines.start(TERM, row.pk, case.id, row.due_at or moment, unit_id=unit_id, escalate=("24h",), at=moment)
    return event, row


@transaction.atomic
def step(
    row: Request,
    case: Case,
    doer: Doer,
    code: str,
    note: str = "",
    *,
    unit_id: int | None = None,
    worth: Decimal | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """Take, pass on or end it; row and case are locked. Passing needs another unit, a win may name what it is worth."""
    what = rules.STEPS.get(code)
    if what is None or what not in rules.allowed(row.kind, row.state):
        raise Conflict("request.state", _("现在不能这样办，请刷新后再看。"))
    said = vaulted(row.party_id, note, 2000, "note")
    if what.said and not said:
        raise RuleError("request.note", _("请写明情况。"), field="note")
    if code == "passing" and (unit_id is None or unit_id == row.unit_id or unit_id not in units().units):
        raise RuleError("request.unit", _("请选择另一个在用的部门。"), field="unit")
    moment = at or clock.now()
    _move(row, case, doer, what, said, unit_id, worth, moment)
    payload = {"request": row.number, "step": code, "state": row.state, "unit": row.unit_id, "text": said}
    return append(case, "request_moved", doer, at=moment, payload=payload)


def _move(
    row: Request,
    case: Case,
    doer: Doer,
    what: rules.Step,
    said: str,
    unit_id: int | None,
    worth: Decimal | None,
    at: datetime,
) -> None:
    row.state = what.target
    if what.code == "taking":
        row.taken_at, row.owner_id = at, doer.staff_id
        deadlines.hand(TERM, row.pk, unit_id=row.unit_id, staff_id=doer.staff_id)
    elif what.code == "passing" and unit_id is not None:
        row.unit_id, row.owner_id = unit_id, None
        let_read(case, unit_id, at)
        deadlines.hand(TERM, row.pk, unit_id=unit_id, staff_id=None)
    else:
        row.ended_at, row.ended_by_id, row.result = at, doer.staff_id, said
        row.worth = worth if row.state == State.WON else None
        deadlines.end(TERM, [row.pk], at)
    row.save()
