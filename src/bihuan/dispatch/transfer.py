"""Handing whole stocks of cases from unit to unit, when units are reorganised: a constant number of statements a chunk."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import Doer, Fact
from bihuan.cases.models import Case, CaseUnit
from bihuan.dispatch import assigning
from bihuan.dispatch.assigning import PICKUP, unit_works
from bihuan.dispatch.models import Dispatch
from bihuan.identity import book as units
from bihuan.identity.models import Staff
from bihuan.kernel.errors import RuleError
from bihuan.sla import deadlines

PASSED = ("dispatched", "received", "in_handling", "waiting")
"""States in which a case stands with the unit it was dispatched to."""


@transaction.atomic
def transfer_many(
    found: Sequence[Case], targets: Mapping[int, int], doer: Doer, at: datetime, why: str = "",
    handlers: Mapping[int, int | None] | None = None,
) -> None:  # fmt: skip
    """Locked cases to other units, `targets` by case id. Each keeps its state and limits; whoever handles it keeps it where
    she works for the new unit (or `handlers` names somebody), otherwise it waits there for a person."""
    if not found:
        return
    known, ids = units.units().units, [case.id for case in found]
    if any(unit_id not in known for unit_id in targets.values()):
        raise RuleError("unit.unknown", _("请选择一个在用的责任部门。"), field="unit")
    people = handlers if handlers is not None else {case.id: case.handler_id for case in found}
    homes = dict(
        Staff.objects.filter(pk__in={one for one in people.values() if one}, is_active=True).values_list(
            "pk", "unit_id"
        )
    )
    kept = {case.id: one for case in found if (one := people.get(case.id)) and homes.get(one) == targets[case.id]}
    assigning.ended(ids, "moved", at)
    _move_dispatches(found, targets, doer, at)
    _hold(found, targets, kept, at)
    facts = [
        Fact(
            case.id, "transferred", at,
            {"from": case.holder_unit_id, "unit": targets[case.id], "handler": kept.get(case.id)}, why, doer,
        )
        for case in found
    ]  # fmt: skip
    cases.record_many(facts)
    _await_receipt([case for case in found if case.status == "dispatched"], targets, kept, at)


def _hold(found: Sequence[Case], targets: Mapping[int, int], kept: Mapping[int, int], at: datetime) -> None:
    """The rows say who has it now; the new unit may read it for good."""
    ids = [case.id for case in found]
    CaseUnit.objects.bulk_create(
        [CaseUnit(case_id=one, unit_id=targets[one], since=at) for one in ids], ignore_conflicts=True
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case c SET holder_unit_id = u.unit, handler_id = u.staff"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS u (id, unit, staff) WHERE c.id = u.id",
            [ids, [targets[one] for one in ids], [kept.get(one) for one in ids]],
        )


def _await_receipt(waiting: Sequence[Case], targets: Mapping[int, int], kept: Mapping[int, int], at: datetime) -> None:
    """What nobody received yet is to be received within the new unit's term."""
    spans = {unit_id: told.pickup_term for unit_id, told in unit_works().items() if told.pickup_term}
    terms = [
        deadlines.Term(case.id, case.id, spans[targets[case.id]], targets[case.id], kept.get(case.id))
        for case in waiting
        if targets[case.id] in spans
    ]
    deadlines.start_many(PICKUP, terms, at=at)


def _move_dispatches(found: Sequence[Case], targets: Mapping[int, int], doer: Doer, at: datetime) -> None:
    passed = [case for case in found if case.status in PASSED]
    Dispatch.objects.filter(case_id__in=[case.id for case in passed], ended_at=None).update(
        ended_at=at, outcome="transferred"
    )
    Dispatch.objects.bulk_create(
        [
            Dispatch(
                case_id=case.id, unit_id=targets[case.id], at=at, by_id=doer.staff_id, due_at=case.next_due_at,
                received_at=None if case.status == "dispatched" else at,
            )
            for case in passed
        ]
    )  # fmt: skip
