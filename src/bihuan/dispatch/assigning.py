"""Work given to people within a unit: by the lead, automatically, by taking, to a deputy and back. Many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer, Fact
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch.models import Assignment, UnitWork
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.cached import PerSettings
from bihuan.kernel.errors import RuleError
from bihuan.sla import deadlines
from bihuan.text.vaulted import vaulted

PICKUP = "pickup"
IN_WORK = ("dispatched", "received", "in_handling", "waiting", "reopened")
"""States in which a case has, or can have, its person."""


@dataclass(frozen=True, slots=True)
class Move:
    """One case to one person (None: back to the pool). `how` as in `Assignment`; `because` goes into the event."""

    case_id: int
    unit_id: int
    staff_id: int | None
    how: str
    before: int | None = None
    for_staff_id: int | None = None
    because: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = True
    """Whether it still has to be received: then the unit's term begins for whoever has it now."""


def _load() -> dict[int, UnitWork]:
    return {one.unit_id: one for one in UnitWork.objects.all()}


unit_works = PerSettings(_load, "dispatch_unitwork")
"""How each unit shares its work out, by unit; units without a row are pools without a term."""


def work_of(unit_id: int | None) -> UnitWork:
    """How this unit shares its work out."""
    return unit_works().get(unit_id or 0) or UnitWork(unit_id=unit_id or 0)


def share_span(told: UnitWork) -> timedelta:
    """Over how long a unit counts fair shares."""
    return timedelta(days=told.share_days)


@transaction.atomic
def move_many(moves: Sequence[Move], doer: Doer = SYSTEM, at: datetime | None = None, why: str = "") -> None:
    """Give locked cases to people: nine statements however many. Each keeps its state; its event tells why."""
    if not moves:
        return
    moment = at or clock.now()
    ids = [one.case_id for one in moves]
    Assignment.objects.filter(case_id__in=ids, ended_at=None).update(
        ended_at=moment, outcome="late" if moves[0].how == "late" else "moved"
    )
    Assignment.objects.bulk_create(
        [
            Assignment(
                case_id=one.case_id, unit_id=one.unit_id, staff_id=one.staff_id, at=moment, by_id=doer.staff_id,
                how=one.how, for_staff_id=one.for_staff_id,
            )
            for one in moves
            if one.staff_id is not None
        ]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case c SET handler_id = u.staff FROM unnest(%s::bigint[], %s::bigint[]) AS u (id, staff)"
            " WHERE c.id = u.id",
            [ids, [one.staff_id for one in moves]],
        )
    cases.record_many([Fact(one.case_id, "assigned", moment, _told(one), why, doer) for one in moves])
    _terms(moves, moment)


def _told(one: Move) -> dict[str, Any]:
    told = {"to": one.staff_id, "from": one.before, "how": one.how, "for": one.for_staff_id, **one.because}
    return {key: value for key, value in told.items() if value is not None}


def _terms(moves: Sequence[Move], moment: datetime) -> None:
    deadlines.end(PICKUP, [one.case_id for one in moves], moment)
    terms = {unit_id: told.pickup_term for unit_id, told in unit_works().items() if told.pickup_term}
    waiting = [one for one in moves if one.waits and one.unit_id in terms]
    deadlines.start_many(
        PICKUP,
        [deadlines.Term(one.case_id, one.case_id, terms[one.unit_id], one.unit_id, one.staff_id) for one in waiting],
        at=moment,
    )


def begun(case: Case, at: datetime) -> None:
    """The case was dispatched: the unit's term to receive it begins."""
    told = work_of(case.holder_unit_id)
    if told.pickup_term:
        term = deadlines.Term(case.id, case.id, told.pickup_term, told.unit_id, case.handler_id)
        deadlines.start_many(PICKUP, [term], at=at)


def received(case: Case, doer: Doer, at: datetime) -> None:
    """Somebody took it: her assignment is met, another's ends; what was simply taken counts as a share too."""
    deadlines.end(PICKUP, [case.id], at)
    standing = Assignment.objects.filter(case_id=case.id, ended_at=None)
    if doer.staff_id is None or standing.filter(staff_id=doer.staff_id).update(received_at=at):
        return
    standing.update(ended_at=at, outcome="moved")
    Assignment.objects.create(
        case_id=case.id, unit_id=case.holder_unit_id or 0, staff_id=doer.staff_id, at=at, by_id=doer.staff_id,
        how="take", received_at=at,
    )  # fmt: skip


def released(case: Case, staff_id: int | None, at: datetime) -> None:
    """A receipt is taken back: whoever had it before (None: nobody) is expected again, until when she was before."""
    standing = Assignment.objects.filter(case_id=case.id, ended_at=None)
    if staff_id is None or not standing.filter(staff_id=staff_id).update(received_at=None):
        standing.update(ended_at=at, outcome="moved")
        _given_again(case, staff_id, at)
    term = deadlines.all_of(PICKUP, [case.id]).get(case.id)
    if term is not None and term.due_at > at and term.unit_id == case.holder_unit_id:
        deadlines.start(PICKUP, case.id, case.id, term.due_at, unit_id=term.unit_id, staff_id=staff_id, at=at)
    else:
        begun(case, at)


def _given_again(case: Case, staff_id: int | None, at: datetime) -> None:
    """The assignment somebody else's receipt had ended, anew."""
    if staff_id is None:
        return
    earlier = Assignment.objects.filter(case_id=case.id, staff_id=staff_id).order_by("-id").first()
    if earlier is not None:
        Assignment.objects.create(
            case_id=case.id, unit_id=earlier.unit_id, staff_id=staff_id, at=at, by_id=earlier.by_id, how=earlier.how,
            for_staff_id=earlier.for_staff_id,
        )  # fmt: skip


def ended(case_ids: Sequence[int], outcome: str, at: datetime) -> None:
    """The cases left the unit or were answered: nobody is expected to receive them, assignments end."""
    deadlines.end(PICKUP, case_ids, at)
    Assignment.objects.filter(case_id__in=case_ids, ended_at=None).update(ended_at=at, outcome=outcome)


@transaction.atomic
def assign(
    case: Case, doer: Doer, staff_id: int | None, why: str = "", *, how: str = "lead", at: datetime | None = None
) -> CaseEvent:
    """Give a locked case to a person of the unit that holds it, or (None) back to the pool, whatever it is in work for."""
    if case.status not in IN_WORK:
        raise RuleError("assignment.state", _("只有已派到部门、尚未答复的工单可以指定处理人。"), field="staff")
    if staff_id is None and case.status != "dispatched":
        raise RuleError("assignment.pool", _("已接单的工单要指定新的处理人，不能放回待接单。"), field="staff")
    people = Staff.objects.filter(unit_id=case.holder_unit_id or 0, is_active=True)
    if staff_id is not None and not people.filter(pk=staff_id).exists():
        raise RuleError("handler.elsewhere", _("责任人不在所选部门，请重新选择。"), field="staff")
    if staff_id == case.handler_id:
        raise RuleError("assignment.same", _("这张工单已经在她手上。"), field="staff")
    move = Move(case.id, case.holder_unit_id or 0, staff_id, how, case.handler_id, waits=case.status == "dispatched")
    move_many([move], doer, at, vaulted(case.party_id, why, 2000, "why"))
    return _refreshed(case)


@transaction.atomic
def take_back(case: Case, doer: Doer, *, at: datetime | None = None) -> CaseEvent:
    """She is back and takes over what her deputy did for her."""
    held = Assignment.objects.filter(case_id=case.id, ended_at=None, for_staff_id=doer.staff_id or 0).first()
    if held is None or held.offered_at is None:
        raise RuleError("assignment.not_offered", _("这张工单没有交还给您，请向代理人或班组长了解。"))
    waits = case.status == "dispatched"
    move_many([Move(case.id, held.unit_id, doer.staff_id, "back", case.handler_id, waits=waits)], doer, at)
    return _refreshed(case)


def offered_to(case_id: int, staff_id: int) -> bool:
    """True while this person may take the case back from her deputy."""
    standing = Assignment.objects.filter(case_id=case_id, ended_at=None, for_staff_id=staff_id)
    return standing.exclude(offered_at=None).exists()


def _refreshed(case: Case) -> CaseEvent:
    case.refresh_from_db()
    return CaseEvent.objects.get(case_id=case.id, seq=case.event_count)
