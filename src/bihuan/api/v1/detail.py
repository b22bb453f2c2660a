"""One complaint with everything its reader may see: masked data, timeline, clocks, the steps she may take now. Handlers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.api.v1 import rendering
from bihuan.api.v1.operation import BASE, Answer, Call
from bihuan.api.v1.rendering import Names, masked, masked_all
from bihuan.api.v1.shapes import CaseDetail, ClockOut, CustomerMark, CustomerMasked, EventOut, NextStep, Position
from bihuan.appeals.rules import EVENTS
from bihuan.cases import states
from bihuan.cases.access import access_case, may, visible
from bihuan.cases.lexicon import either
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import marks
from bihuan.customers import queries as customers
from bihuan.dispatch import queries as routing
from bihuan.flow import marks as marking
from bihuan.handling import confirming, evidence
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.sla import queries as limits

NOUNS = {
    "accepted": "acceptance",
    "declined": "acceptance",
    "classified": "classification",
    "dispatched": "dispatches",
    "recalled": "recalls",
    "unmerged": "separations",
    "received": "receipts",
    "returned": "returns",
    "contacted": "contacts",
    "waiting": "waits",
    "resumed": "resumptions",
    "evidence_added": "evidence",
    "first_replied": "replies",
    "replied": "replies",
    "reply_confirmed": "confirmations",
    "revisit_attempted": "revisits",
    "revisited": "revisits",
    "closed": "closure",
    "closing_requested": "closing-requests",
    "closing_approved": "closing-decisions",
    "closing_refused": "closing-decisions",
    "reopened": "reopenings",
    "withdrawn": "withdrawal",
    "merged": "merges",
    "converted": "requests",
    "pass_on_reviewed": "pass-on-reviews",
    "care_called": "care-calls",
    "interviewed": "interviews",
    "chased": "chasers",
    "material_added": "materials",
}
"""Where each step is posted, under the complaint."""

_CLOCK_FACTS = {
    "registered": _("登记"),
    "clock_warned": _("临期提醒"),
    "clock_breached": _("超时"),
    "clock_escalated": _("超时升级"),
    "deadline_warned": _("期限将至"),
    "deadline_breached": _("期限已过"),
    "deadline_escalated": _("逾期升级"),
    **EVENTS,
}
_UNITS = ("unit", "from")
_PEOPLE = ("handler", "approved_by", "requested_by", "approver", "to", "staff", "deputy")
_LEFT_OUT = (
    "text_digest",
    "suggested",
    "score",
    "facts",
    "area",
    "repeat_of",
    "number",
    "source",
    "into",
    "to",
    "led_to",
)
"""Of an event's payload: what is internal, stands elsewhere in the answer, or may name a case its reader must not know."""


def reading(call: Call) -> Answer:
    """`GET /complaints/{number}`."""
    case = access_case(call.viewer, call.places["number"])
    return Answer(detail(case, call.viewer), {"ETag": f'"{case.version}"'})


def detail(case: Case, viewer: Viewer) -> CaseDetail:
    """The whole complaint for this viewer: a fixed number of statements."""
    events = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq"))
    files = evidence.of_case(case.id)
    masks = customers.masks_of([case.party_id]).get(case.party_id, {})
    names = Names()
    others = _others(case, viewer)
    return CaseDetail(
        **rendering.summary_fields(case, names, masks),
        **_told(case, names, masks, _mark(case, viewer)),
        **_course(case, names),
        repeat_of=others.get(case.repeat_of_id or 0),
        merged_into=others.get(case.merged_into_id or 0),
        clocks=_clocks(case),
        events=[_event(event, names, masks) for event in events],
        evidence=[rendering.evidence_out(case, kept, names, masks) for kept in files],
        allowed=allowed(case, viewer),
    )


def _others(case: Case, viewer: Viewer) -> dict[int, str]:
    """Numbers of the cases this one points to, as far as they exist for the viewer."""
    ids = [number for number in (case.repeat_of_id, case.merged_into_id) if number]
    return dict(visible(viewer).filter(pk__in=ids).values_list("id", "number")) if ids else {}


def _mark(case: Case, viewer: Viewer) -> CustomerMark | None:
    """The mark that stands on the customer, for who may know her."""
    found = marks.of_party(case.party_id) if marking.may_see(viewer) else None
    return CustomerMark(kind=found.kind, review_on=found.review_on) if found else None


def _told(case: Case, names: Names, masks: Mapping[str, str], mark: CustomerMark | None) -> dict[str, Any]:
    """What the customer said, masked."""
    place = None
    if case.lat is not None and case.lon is not None:
        place = Position(lat=case.lat, lon=case.lon, datum=case.datum)
    return {
        "called_hotline": case.called_hotline,
        "customer": CustomerMasked(
            name=masks.get("name", ""),
            identity_number=masks.get("identity_number", ""),
            phone=masks.get("phone", ""),
            other_contact=masks.get("other_contact", ""),
            level=case.customer_level,
            mark=mark,
        ),
        "relation": case.relation,
        "content": masked(case.content, masks),
        "demand": masked(case.demand, masks),
        "occurred_at": case.occurred_at,
        "frequency": masked(case.frequency, masks),
        "address": masks.get("address", ""),
        "location": place,
        "product": names.node(case.product_id),
        "complained_number": masks.get("complained_number", ""),
        "calling_number": masks.get("calling_number", ""),
        "called_number": masks.get("called_number", ""),
        "terminal": case.terminal,
        "extra": masked_all(case.extra, masks),
    }


def _course(case: Case, names: Names) -> dict[str, Any]:
    """How it was judged and what became of it."""
    return {
        "suggested_category": names.node(case.suggested_category_id),
        "suggested_score": case.suggested_score,
        "service_type": case.service_type,
        "dispute": names.node(case.dispute_id),
        "cause": names.node(case.cause_id),
        "impact": rendering.IMPACT[case.impact],
        "complexity": rendering.COMPLEXITY[case.complexity],
        "flags": case.flags,
        "satisfaction": rendering.SATISFACTION.get(case.satisfaction or 0),
        "registered_by": names.username(case.registered_by_id),
        "customer_contact": names.username(routing.customer_contact(case)),
        "registered_unit": names.unit(case.registered_unit_id),
        "accepted_at": case.accepted_at,
        "dispatched_at": case.dispatched_at,
        "received_at": case.received_at,
        "first_reply_at": case.first_reply_at,
        "revisited_at": case.revisited_at,
        "limit_at": case.limit_at,
        "dispatches": case.dispatch_count,
        "returns": case.return_count,
        "reopenings": case.reopen_count,
        "chasers": case.chaser_count,
        "replies": case.reply_count,
    }


def _clocks(case: Case) -> list[ClockOut]:
    return [
        ClockOut(
            policy=view.policy.code,
            name=either(view.policy.name, view.policy.name_en),
            owner=view.policy.owner,
            state=view.state.name.lower(),
            tone=view.tone,
            started_at=view.started_at,
            due_at=view.due_at,
            stopped_at=view.stopped_at,
            granted_seconds=_seconds(view.granted),
            used_seconds=_seconds(view.used),
            paused_seconds=_seconds(view.paused),
            overdue_seconds=_seconds(view.overdue),
        )
        for view in limits.clocks_of(case.id, clock.now())
    ]


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def _event(event: CaseEvent, names: Names, masks: Mapping[str, str]) -> EventOut:
    step = states.STEPS.get(event.kind)
    return EventOut(
        seq=event.seq,
        kind=event.kind,
        name=str(step.name if step else _CLOCK_FACTS.get(event.kind, event.kind)),
        at=event.at,
        recorded_at=event.recorded_at,
        actor=names.person(event.actor_id),
        unit=names.unit(event.unit_id),
        source=event.source,
        why=masked(event.why, masks),
        details=_details(event.payload, names, masks),
    )


def _details(payload: Mapping[str, Any], names: Names, masks: Mapping[str, str]) -> dict[str, Any]:
    """An event's payload with codes for ids and masks for personal numbers."""
    found: dict[str, Any] = {}
    for key, value in payload.items():
        if key in _UNITS:
            unit = names.unit(value)
            found[key] = unit.code if unit else None
        elif key in _PEOPLE:
            found[key] = names.username(value)
        elif key == "told" and isinstance(value, list):
            found[key] = [names.username(one) for one in value]
        elif key not in _LEFT_OUT:
            found[key] = masked_all(value, masks)
    return found


def allowed(case: Case, viewer: Viewer) -> list[NextStep]:
    """The steps this viewer may take from the case's state, one line a noun."""
    steps: Sequence[states.Step] = states.allowed(case.status)
    found: dict[str, NextStep] = {}
    for step in steps:
        if step.verb == "reply_confirmed" and not confirming.awaits(case):
            continue
        if (noun := NOUNS.get(step.verb)) and noun not in found and may(viewer, case, step.right):
            found[noun] = NextStep(step=noun, name=str(step.name), href=f"{BASE}/complaints/{case.number}/{noun}")
    if case.status == "registered" and may(viewer, case, roles.HANDLE):
        # Answered on the spot: the reply accepts it in the same step.
        name = str(states.STEPS["replied"].name)
        found["replies"] = NextStep(step="replies", name=name, href=f"{BASE}/complaints/{case.number}/replies")
    return list(found.values())
