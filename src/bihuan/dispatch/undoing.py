"""A dispatch that should not have been, taken back so that all stands as it stood before it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import queries
from bihuan.dispatch.actions import recall
from bihuan.dispatch.models import Assignment
from bihuan.identity import book as units
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict
from bihuan.sla import steps
from bihuan.sla.past import happened

VERBS = {
    "registered": "dispatch_undone",
    "accepted": "dispatch_undone",
    "returned": "undone_to_returned",
    "recalled": "undone_to_recalled",
    "reopened": "undone_to_reopened",
}
"""By the state before: what was only registered stays accepted, the customer was told of it."""
_ROUTED = ("unit", "unit_kind", "routed")
"""The facts a dispatch sets."""


@transaction.atomic
def undo_dispatch(
    case: Case, doer: Doer, why: str, before: Mapping[str, Any], *, at: datetime | None = None
) -> CaseEvent:
    """The latest dispatch of a locked case on which nothing was done since: recalled, then put back into the state it had
    before, with the unit, the person and the clocks that had it. `before`: `status`, `unit`, `handler`, `priority`."""
    sent = queries.latest(case.id)
    verb = VERBS.get(str(before.get("status", "")))
    if sent is None or verb is None:
        raise Conflict("undo.unknown", _("派单前的情况没有记录，请撤回派单。"))
    moment, facts = at or clock.now(), _facts_before(case.id)
    unit = before.get("unit") if before.get("unit") in units.units().units else case.registered_unit_id
    people = Staff.objects.filter(pk=before.get("handler") or 0, is_active=True, unit_id=unit or 0)
    handler = people.values_list("pk", flat=True).first()
    recall(case, doer, why, at=moment)
    first = case.dispatch_count <= 1
    event = steps.take(
        case, verb, doer, at=moment,
        payload={"unit": unit, "handler": handler, "restores": sent.at, "facts": facts},
        holder_unit_id=unit, handler_id=handler, priority=before.get("priority", case.priority),
        dispatch_count=max(case.dispatch_count - 1, 0), dispatched_at=None if first else case.dispatched_at,
    )  # fmt: skip
    given = Assignment.objects.filter(case_id=case.id, staff_id=handler or 0, at__lt=sent.at)
    given.filter(ended_at=moment, outcome="recalled").update(ended_at=None, outcome="")
    return event


def _facts_before(case_id: int) -> dict[str, Any]:
    """What clocks knew of the case's way before its latest dispatch; empty words where they knew nothing."""
    past = happened([case_id])[case_id]
    last = max(place for place, event in enumerate(past) if event.kind == "dispatched")
    known = past[last - 1].facts if last else {}
    return {name: known.get(name, "") for name in _ROUTED}
