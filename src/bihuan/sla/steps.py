"""One step of one case with everything time has to do with it: state, event, clocks, nearest due moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bihuan.cases import actions as cases
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.scales import CODES
from bihuan.catalog import snapshot as catalog
from bihuan.identity.book import units
from bihuan.sla import actions as clocks


def facts_of(case: Case) -> dict[str, Any]:
    """What time limits may ask about, from the case as it stands."""
    node = catalog.current().nodes.get(case.category_id) if case.category_id else None
    return {
        "service_type": case.service_type,
        "urgency": CODES["urgency"][case.urgency],
        "impact": CODES["impact"][case.impact],
        "complexity": CODES["complexity"][case.complexity],
        "category": node.code if node else "",
        "channel": case.channel,
        "source_system": case.source_system,
        "customer_level": case.customer_level,
        "flags": list(case.flags),
        "province": case.province_id,
    }


def take(
    case: Case,
    verb: str,
    doer: Doer,
    *,
    at: datetime | None = None,
    why: str = "",
    payload: Mapping[str, Any] | None = None,
    pause_reason: str = "",
    **changes: Any,
) -> CaseEvent:
    """Take a step of a locked case and let its clocks follow.

    `pause_reason` is the code of the reason a `waiting` step rests on, where that reason pauses clocks.
    """
    told = dict(payload or {})
    if verb in {"classified", "priority_changed"}:
        for name, value in changes.items():
            setattr(case, name, value)
        told["facts"] = facts_of(case)
    if verb == "dispatched" and told.get("unit"):
        unit = units().units.get(told["unit"])
        told["facts"] = {"unit": told["unit"], "unit_kind": unit.kind if unit else ""}
        if told.get("routed") or told.get("again"):
            told["facts"]["routed"] = told.get("routed", "")  # a later dispatch without the word ends what it meant
    if pause_reason:
        told["pauses"] = pause_reason
    event = cases.take(case, verb, doer, at=at, why=why, payload=told, **changes)
    follow(case, verb, event.at)
    return event


def follow(case: Case, kind: str, at: datetime) -> None:
    """Let the clocks of a locked case follow the event of this kind that was just appended to its chain, and keep the
    nearest due moment on the case. The facts are read from the chain, so that replay finds the same."""
    standing = clocks.apply([clocks.Step(case.id, kind, at, area_id=case.area_id)])[case.id]
    case.next_due_at = standing.due_at
    case.next_due_policy = standing.policy
    case.next_due_owner = standing.owner
    case.paused = standing.paused
    columns = ["next_due_at", "next_due_policy", "next_due_owner", "paused"]
    if standing.limit_at is not None:
        case.limit_at = standing.limit_at
        columns.append("limit_at")
    case.save(update_fields=columns)


def keep(case_ids: Sequence[int]) -> None:
    """Write the nearest due moment of these cases into their rows after their clocks changed: three statements."""
    standings = clocks.standings(case_ids)
    cases_kept = list(Case.objects.filter(id__in=case_ids).only("id"))
    for case in cases_kept:
        standing = standings[case.id]
        case.next_due_at, case.next_due_policy = standing.due_at, standing.policy
        case.next_due_owner, case.paused = standing.owner, standing.paused
        case.limit_at = standing.limit_at
    columns = ["next_due_at", "next_due_policy", "next_due_owner", "paused"]
    Case.objects.bulk_update([case for case in cases_kept if case.limit_at], [*columns, "limit_at"], batch_size=1000)
    Case.objects.bulk_update([case for case in cases_kept if not case.limit_at], columns, batch_size=1000)
