"""The events of cases, read back from their chains as clocks hear them."""

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.cases.models import CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.sla.book import Happened
from bihuan.sla.wording import pick

_OF_THE_EVENT = ("reached", "policy", "restores")
"""Facts that belong to one event only; all others hold until a later event says otherwise."""


def happened(case_ids: Sequence[int], lang: str = "zh") -> dict[int, list[Happened]]:
    """The events of these cases by case, oldest first: one statement.

    Facts are gathered on the way: an event's payload may carry `facts` (those that changed). `waiting` carries `pauses`
    when its reason stops the clocks, `contacted` carries `reached`, an undone dispatch `restores`, the moment it had gone
    out. The reason told is the chosen one's name in `lang`, never the note beside it, which may speak of persons.
    """
    rows = CaseEvent.objects.filter(case_id__in=case_ids).order_by("case_id", "seq")
    known: dict[int, dict[str, Any]] = {case_id: {} for case_id in case_ids}
    found: dict[int, list[Happened]] = {case_id: [] for case_id in case_ids}
    columns = ("case_id", "kind", "at", "recorded_at", "payload")
    for case_id, kind, at, recorded_at, payload in rows.values_list(*columns).iterator(chunk_size=5000):
        facts = known[case_id] | payload.get("facts", {})
        known[case_id] = facts
        own = {name: payload[name] for name in _OF_THE_EVENT if name in payload}
        if kind == "waiting":
            own["pauses"] = bool(payload.get("pauses"))
        found[case_id].append(Happened(kind, at, facts | own, _reason(kind, payload, lang), recorded_at))
    return found


def _reason(kind: str, payload: Mapping[str, Any], lang: str) -> str:
    if kind != "waiting" or not payload.get("reason"):
        return ""
    code = payload["reason"]
    chosen = next((r for r in catalog.current().reasons.values() if r.kind == "waiting" and r.code == code), None)
    return pick((chosen.name, chosen.name_en), lang) if chosen else str(code)
