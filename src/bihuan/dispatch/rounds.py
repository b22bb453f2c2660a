"""What happens by itself within units: sharing out, what was not received in time, work of absent people and its return.

Each round takes at most `CHUNK` cases with a constant number of statements, passing over cases somebody works on at this
moment; what is left is taken by the next one, a few seconds later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Q

from bihuan.cases import queues
from bihuan.cases.actions import Fact, record_many
from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.snapshot import NodeInfo
from bihuan.dispatch import assigning
from bihuan.dispatch.assigning import PICKUP, Move
from bihuan.dispatch.models import Assignment, Mode, Skill
from bihuan.dispatch.sharing import Person, Standing, Work, plan
from bihuan.identity import book as units
from bihuan.identity import presence, roles
from bihuan.identity.models import Staff
from bihuan.identity.presence import Presence
from bihuan.identity.units import UnitBook
from bihuan.kernel.cached import PerSettings
from bihuan.sla import deadlines
from bihuan.sla.models import Deadline

CHUNK = 1000
_ON_DESK = ("dispatched", "received", "in_handling", "waiting", "reopened")


@dataclass(frozen=True)
class Member:
    """One person of a unit who can be given work; `leads` are asked only where nobody else is there."""

    id: int
    unit_id: int
    leads: bool


def _skills() -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for staff_id, kind, code in Skill.objects.values_list("staff_id", "kind", "code").order_by("code"):
        found.setdefault(staff_id, []).append((kind, code))
    return found


skills = PerSettings(_skills, "dispatch_skill")
"""(kind, code) of everybody's skills, by person."""


def person(staff_id: int, held: Sequence[tuple[str, str]]) -> Person:
    """Somebody with her skills, as the choice takes her."""
    return Person(
        staff_id,
        tuple(code for kind, code in held if kind == "category"),
        tuple(code for kind, code in held if kind == "product"),
        max((int(code) for kind, code in held if kind == "level"), default=0),
    )


def members(unit_ids: Sequence[int]) -> dict[int, list[Member]]:
    """Who of these units can receive work, by unit; one statement."""
    found: dict[int, list[Member]] = {}
    people = Staff.objects.filter(unit_id__in=list(unit_ids), is_active=True, is_system=False).order_by("id")
    for one in people:
        if one.can(roles.RECEIVE):
            found.setdefault(one.unit_id, []).append(Member(one.pk, one.unit_id, one.can(roles.DUTY)))
    return found


def workers(unit_id: int, people: Sequence[Member], there: Presence) -> list[int]:
    """Who of a unit can be given work now: whoever is on duty; the leads only where nobody else is."""
    here = set(there.working(unit_id, [one.id for one in people]))
    plain = [one.id for one in people if one.id in here and not one.leads]
    return plain or [one.id for one in people if one.id in here]


def standing_of(staff_ids: Sequence[int], now: datetime) -> Standing:
    """Load and recent shares of these people: two statements."""
    found = Standing()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT handler_id, count(*), sum(CASE WHEN status = 'waiting' THEN 0.5 WHEN priority = 1 THEN 2"
            " WHEN priority = 2 THEN 1.5 ELSE 1 END) FROM cases_case"
            " WHERE handler_id = ANY(%s) AND status = ANY(%s) GROUP BY handler_id",
            [list(staff_ids), list(_ON_DESK)],
        )
        for staff_id, count, load in cursor.fetchall():
            found.open[staff_id], found.load[staff_id] = count, float(load)
    since = Q()
    for told in assigning.unit_works().values():
        since |= Q(unit_id=told.unit_id, at__gte=now - assigning.share_span(told))
    rows = Assignment.objects.filter(since, staff_id__in=list(staff_ids)).values_list("staff_id")
    found.share.update(dict(rows.annotate(n=Count("id"))))
    return found


@transaction.atomic
def share_out(now: datetime) -> list[Move]:
    """Give every case that waits in an automatic unit to somebody; answers what was given. Fourteen statements."""
    told = {unit_id: one for unit_id, one in assigning.unit_works().items() if one.mode == Mode.AUTO}
    found = _waiting(list(told)) if told else []
    if not found:
        return []
    there, people = presence.at(now), members(list({case.holder_unit_id or 0 for case in found}))
    standing = standing_of([one.id for held in people.values() for one in held], now)
    lapsed, known, vip = _lapsed([case.id for case in found]), skills(), queues.vip_level()
    nodes = catalog.current().nodes
    moves: list[Move] = []
    for unit_id, held in people.items():
        works = [_work(case, nodes, lapsed) for case in found if case.holder_unit_id == unit_id]
        here = [person(one, known.get(one, [])) for one in workers(unit_id, held, there)]
        chosen = plan(works, here, standing, most_open=told[unit_id].most_open, vip_level=vip)
        duty = {"duty": True} if unit_id in there.rostered else {}
        moves += [Move(one.case_id, unit_id, one.staff_id, "auto", because={**duty, **one.because}) for one in chosen]
    assigning.move_many(moves, at=now)
    return moves


def _waiting(unit_ids: Sequence[int]) -> list[Case]:
    """Cases nobody has, the most urgent first, of which as many as fit into one round are locked."""
    rows = Case.objects.select_for_update(skip_locked=True).filter(
        holder_unit_id__in=unit_ids, status="dispatched", handler_id=None
    )
    return list(rows.order_by("priority", "next_due_at", "id")[:CHUNK])


def _lapsed(case_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    rows = Assignment.objects.filter(case_id__in=case_ids, outcome="late")
    for case_id, staff_id in rows.values_list("case_id", "staff_id"):
        found.setdefault(case_id, set()).add(staff_id)
    return {case_id: frozenset(ids) for case_id, ids in found.items()}


def _work(case: Case, nodes: Mapping[int, NodeInfo], lapsed: dict[int, frozenset[int]]) -> Work:
    category = nodes.get(case.category_id or case.suggested_category_id or 0)
    product = nodes.get(case.product_id or 0)
    return Work(
        case.id,
        category.code if category else "",
        product.code if product else "",
        case.customer_level,
        lapsed.get(case.id, frozenset()),
    )


@transaction.atomic
def lapse(now: datetime) -> list[Move]:
    """What was not received within its unit's term goes back to the pool or to the lead, as the unit has it.

    Only terms whose breach has been told: the watch writes that first. With the lead it stays; her term ends.
    """
    told = Q(next_at=None) | Q(next_at__gt=F("due_at"))
    due = Deadline.objects.filter(told, kind=PICKUP, ended_at=None, due_at__lte=now).values_list("case_id", flat=True)
    rows = Case.objects.select_for_update(skip_locked=True).filter(id__in=list(due[:CHUNK]))
    found = list(rows.order_by("id"))
    if not found:
        return []
    deadlines.end(PICKUP, [case.id for case in found], now)
    there = presence.at(now)
    pools = {unit_id for unit_id, told in assigning.unit_works().items() if told.late_to == "pool"}
    book, waiting = units.units(), [case for case in found if case.status == "dispatched"]
    moves = [move for case in waiting if (move := _lapsed_move(case, pools, there, book))]
    assigning.move_many(moves, at=now)
    return moves


def _lapsed_move(case: Case, pools: set[int], there: Presence, book: UnitBook) -> Move | None:
    unit_id, before = case.holder_unit_id or 0, case.handler_id
    to_pool = before is not None and unit_id in pools
    lead = None if to_pool else lead_of(unit_id, there, book)
    if not to_pool and (lead is None or lead == before):
        return None  # it stays where it is; the breach stands on the case
    return Move(case.id, unit_id, lead, "late", before, waits=to_pool)


def lead_of(unit_id: int, there: Presence, book: UnitBook) -> int | None:
    """Who answers for a unit and is there: its responsible person, or who stands in; else the unit's above."""
    known = book.units
    unit = known.get(unit_id)
    for step in reversed(unit.path if unit else ()):
        found = known[step].responsible_id if step in known else None
        if found is not None and found in there.homes:
            here = there.stand_in(found) if found in there.away else found
            if here is not None:
                return here
    return None


@transaction.atomic
def deputise(now: datetime) -> list[Move]:
    """Open work of people who are away flows to who stands in for them, from the beginning of the absence on."""
    there = presence.at(now)
    if not there.away:
        return []
    rows = Case.objects.select_for_update(skip_locked=True).filter(handler_id__in=list(there.away), status__in=_ON_DESK)
    found = list(rows.order_by("id")[:CHUNK])
    held = Assignment.objects.filter(case_id__in=[case.id for case in found], ended_at=None)
    pairs = held.filter(for_staff_id__isnull=False).values_list("case_id", "for_staff_id")
    owners = {case_id: owner for case_id, owner in pairs if owner}
    book = units.units()
    moves = [move for case in found if (move := _deputy_move(case, owners, there, book))]
    assigning.move_many(moves, at=now)
    return moves


def _deputy_move(case: Case, owners: dict[int, int], there: Presence, book: UnitBook) -> Move | None:
    away, unit_id = case.handler_id or 0, case.holder_unit_id or 0
    waits = case.status == "dispatched"
    options = [there.stand_in(away), lead_of(unit_id, there, book)]
    unit = book.units.get(unit_id)
    above = unit.path if unit else ()  # her own unit's cases, or those of a unit below hers
    fit = next((one for one in options if one is not None and one != away and there.homes.get(one) in above), None)
    if fit is None and not waits:
        return None  # in hand, and nobody there who could go on: it waits for her, as everyone sees
    return Move(case.id, unit_id, fit, "deputy", away, owners.get(case.id, away), waits=waits)


@transaction.atomic
def offer_back(now: datetime) -> list[tuple[int, int]]:
    """Whoever is back is offered what her deputy still has in hand; answers (case, person). She decides herself."""
    rows = Assignment.objects.select_for_update(skip_locked=True).filter(
        ended_at=None, offered_at=None, for_staff_id__isnull=False
    )
    found = list(rows.order_by("id")[:CHUNK])
    if not found:
        return []
    away = presence.at(now).away
    back = [one for one in found if one.for_staff_id not in away]
    Assignment.objects.filter(pk__in=[one.pk for one in back]).update(offered_at=now)
    facts: list[dict[str, Any]] = [{"to": one.for_staff_id, "from": one.staff_id} for one in back]
    record_many([Fact(one.case_id, "offered_back", now, told) for one, told in zip(back, facts, strict=True)])
    return [(one.case_id, one.for_staff_id or 0) for one in back]
