"""The events of cases, read back from their chains as clocks hear them."""

from collections.abc import Sequence
from typing import Any

from bihuan.cases.models import CaseEvent
from bihuan.sla.book import Happened

_OF_THE_EVENT = ("reached", "policy")
"""Facts that belong to one event only; all others hold until a later event says otherwise."""


def happened(case_ids: Sequence[int]) -> dict[int, list[Happened]]:
    """The events of these cases by case, oldest first: one statement.

    Facts are gathered on the way: an event's payload may carry `facts` (those that changed). `waiting` carries `pauses`
    when its reason stops the clocks, `contacted` carries `reached`.
    """
    rows = CaseEvent.objects.filter(case_id__in=case_ids).order_by("case_id", "seq")
    known: dict[int, dict[str, Any]] = {case_id: {} for case_id in case_ids}
    found: dict[int, list[Happened]] = {case_id: [] for case_id in case_ids}
    columns = ("case_id", "kind", "at", "recorded_at", "why", "payload")
    for case_id, kind, at, recorded_at, why, payload in rows.values_list(*columns).iterator(chunk_size=5000):
        facts = known[case_id] | payload.get("facts", {})
        known[case_id] = facts
        own = {name: payload[name] for name in _OF_THE_EVENT if name in payload}
        if kind == "waiting":
            own["pauses"] = bool(payload.get("pauses"))
        found[case_id].append(Happened(kind, at, facts | own, why, recorded_at))
    return found
