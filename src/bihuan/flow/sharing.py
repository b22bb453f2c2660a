"""Whose a case is, across rooms: given to people, returned, disputed, ruled, worked on together. People are told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatching
from bihuan.dispatch import assigning, cohandling, disputes, queries
from bihuan.dispatch.models import Dispute
from bihuan.dispatch.rules import Choice
from bihuan.identity import roles
from bihuan.identity.book import units
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.notices import actions as notices


@transaction.atomic
def assign(case: Case, doer: Doer, staff_id: int | None, why: str = "", *, at: datetime | None = None) -> CaseEvent:
    """Give it to a person of the unit, or back to the pool; she is told."""
    before = case.handler_id
    event = assigning.assign(case, doer, staff_id, why, at=at)
    facts = {"by": doer.staff_id}
    notices.tell("assigned", [staff_id], case.id, facts)
    if event.payload.get("how") == "lead" and case.status != "dispatched":
        notices.tell("taken_back", [before], case.id, facts)
    return event


@transaction.atomic
def give_back(case: Case, doer: Doer, reason_code: str, note: str, *, at: datetime | None = None) -> CaseEvent:
    """Returned; the second return between units opens a dispute, and the first receiver has it until the ruling."""
    event = dispatching.give_back(case, doer, reason_code, note, at=at)
    if disputes.after_return(case, at=event.at) is not None:
        _ask_for_ruling(case)
    return event


@transaction.atomic
def open_dispute(case: Case, doer: Doer, reason: str, other_unit_id: int, *, at: datetime | None = None) -> CaseEvent:
    """On request of the unit that has it; who may rule and the other side are told."""
    event = disputes.open_dispute(case, doer, reason, other_unit_id, at=at)
    _ask_for_ruling(case)
    return event


@transaction.atomic
def rule(viewer: Viewer, dispute_id: int, owner_unit_id: int, text: str) -> CaseEvent:
    """The ruling; both sides are told."""
    event = disputes.rule(viewer, dispute_id, owner_unit_id, text)
    found = Dispute.objects.get(pk=dispute_id)
    facts = {"by": viewer.staff_id, "unit": owner_unit_id, "text": found.ruling}
    notices.tell(
        "ruling_given", _responsible({found.unit_id, found.other_unit_id, owner_unit_id}), event.case_id, facts
    )
    return event


@transaction.atomic
def dispatch_together(
    case: Case,
    doer: Doer,
    unit_id: int,
    beside: Sequence[int] = (),
    *,
    handler_id: int | None = None,
    demands: str = "",
    choice: Choice | None = None,
    why: str = "",
) -> CaseEvent:
    """To the unit that leads and, with the same demands, to those that co-handle. Whoever is named is told."""
    event = dispatching.dispatch(case, doer, unit_id, handler_id=handler_id, demands=demands, choice=choice, why=why)
    notices.tell("assigned", [case.handler_id], case.id, {"by": doer.staff_id})
    others = [one for one in beside if one != unit_id]
    if others:
        ask_cohandling(case, doer, others, demands or event.payload["demands"])
    return event


@transaction.atomic
def ask_cohandling(
    case: Case, doer: Doer, unit_ids: Sequence[int], what: str, *, term: str = cohandling.TERM
) -> CaseEvent:
    """Units beside the lead; who answers for each is told."""
    event = cohandling.ask(case, doer, unit_ids, what, term=term)
    facts = {"by": doer.staff_id, "due": event.payload.get("due"), "text": event.payload.get("text", "")}
    notices.tell("cohandling_asked", _responsible(set(event.payload["units"])), case.id, facts)
    return event


@transaction.atomic
def report_part(case: Case, doer: Doer, text: str, *, done: bool) -> CaseEvent:
    """What a co-handling unit found; whoever leads is told when its part is done."""
    event = cohandling.report(case, doer, text, done=done)
    if done:
        lead = case.handler_id or next(iter(_responsible({case.holder_unit_id or 0})), None)
        notices.tell("cohandling_done", [lead], case.id, {"by": doer.staff_id, "unit": doer.unit_id})
    return event


def over(case: Case, at: datetime) -> None:
    """The case was answered or ended: open parts are called off, an open dispute is settled by it."""
    cohandling.end_all(case, at)
    disputes.settle(case, at)


def _responsible(unit_ids: set[int]) -> list[int]:
    known = units().units
    return [staff for one in unit_ids if one in known and (staff := known[one].responsible_id) is not None]


def _ask_for_ruling(case: Case) -> None:
    found = queries.open_dispute(case.id)
    if found is None:
        return
    home = units().answering("service_center", (case.province_id, case.city_id, case.district_id))
    people = Staff.objects.filter(unit_id=home.id if home else 0, is_active=True, is_system=False)
    rulers = [one.pk for one in people if one.can(roles.RULE)]
    facts = {"unit": found.unit_id, "text": found.reason}
    notices.tell("ruling_asked", [*rulers, *_responsible({found.other_unit_id})], case.id, facts)
