"""Everything one case page shows, in a constant number of statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.flow import originals
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.revisit.models import Merge
from bihuan.sla import queries as sla
from bihuan.sla.clocks import ALIVE
from bihuan.sla.queries import ClockView
from bihuan.web import chips
from bihuan.web.chips import TimeChip
from bihuan.web.desk import confirming, sentences, words
from bihuan.web.desk.names import Names, either
from bihuan.web.desk.offers import offers
from bihuan.web.fieldwork import beside as fieldwork
from bihuan.web.sharing import beside as sharing
from bihuan.web.teamwork import beside

MOST_RELATED = 10


@dataclass(frozen=True)
class Related:
    """Another case that belongs to this one: `how` says in which way."""

    how: str
    number: str
    status: str
    at: datetime
    category: str


def masks_for(case: Case) -> dict[str, str]:
    """What screens show of this case's personal data."""
    return customers.masks_of([case.party_id]).get(case.party_id, {})


def personal_context(viewer: Viewer, case: Case, masks: dict[str, str]) -> dict[str, Any]:
    """The customer's data as masks, and whether this reader may have them opened."""
    return {
        "case": case,
        "personal": [(str(words.FIELDS[code]), masks[code]) for code in words.FIELDS if masks.get(code)],
        "may_reveal": bool(masks) and access.may(viewer, case, roles.REVEAL),
    }


def of(viewer: Viewer, case: Case) -> dict[str, Any]:
    """The template's context of one case for this reader."""
    names = Names()
    masks = masks_for(case)
    events = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq"))
    views = sla.clocks_of(case.id, clock.now())
    kinds = frozenset(event.kind for event in events)
    timeline = sentences.entries(events, names, masks)
    return {
        **personal_context(viewer, case, masks),
        "masks": masks,
        "may_files": originals.may_read(viewer, case),
        "kinds": kinds,
        "facts": [*facts(case, names), *confirmation(events, names)],
        "flags": [str(words.FLAGS.get(flag, flag)) for flag in case.flags],
        "clocks": [(view, chip_of(view)) for view in views if view.state in ALIVE],
        "past_clocks": [(view, chip_of(view)) for view in views if view.state not in ALIVE],
        "timeline": timeline,
        "limits_told": sum(1 for entry in timeline if entry.clock),
        "offers": offers(viewer, case, names),
        "next_due": next_due(views),
        "teamwork": beside.of(case, names, kinds),
        "sharing": sharing.of(case, names, kinds),
        "fieldwork": fieldwork.of(viewer, case, names, kinds),
        "related": related(viewer, case, names),
        "holder": names.unit(case.holder_unit_id),
        "handler": names.staff(case.handler_id),
        "taken_by": names.staff(case.registered_by_id),
        "place": names.area(case.area_id, whole=True),
    }


def chip_of(view: ClockView) -> TimeChip:
    """A clock as a chip; one that ended says whether in time."""
    name = either(view.policy.name, view.policy.name_en)
    if view.tone in {"met", "cancelled"}:
        return chips.time_chip(view.due_at, name=name, met=True)
    if view.stopped_at is not None:
        return chips.time_chip(view.due_at, name=name, met=False)
    if view.tone in {"paused", "unknown"}:
        return chips.time_chip(None, name=name, paused=True)
    return chips.time_chip(view.due_at, name=name, warn_at=clock.now() if view.tone == "soon" else None)


def next_due(views: list[ClockView]) -> TimeChip | None:
    """The running limit that ends first: by when the next step is wanted; None while nothing runs."""
    running = [view for view in views if view.state in ALIVE and view.due_at and view.tone not in {"paused", "unknown"}]
    first = min(running, key=lambda view: view.due_at or view.started_at, default=None)
    return chip_of(first) if first is not None else None


def facts(case: Case, names: Names) -> list[tuple[str, str]]:
    """What was told and decided, label and words; empty ones are left out."""
    from bihuan.web.desk.facts import lines

    return [(label, text) for label, text in lines(case, names) if text]


def confirmation(events: list[CaseEvent], names: Names) -> list[tuple[str, str]]:
    """How a written answer stands, as one more fact; none for other cases."""
    told = confirming.line(events, names)
    return [(_("答复确认"), told)] if told else []


def related(viewer: Viewer, case: Case, names: Names) -> list[Related]:
    """Repeats, other complaints of the same line or customer, and what was merged, as far as this reader may see them."""
    merged = list(Merge.objects.filter(into_id=case.id, undone_at=None).values_list("case_id", flat=True))
    parties = customers.neighbours(case.party_id, MOST_RELATED)
    wanted = [ident for ident in (case.repeat_of_id, case.merged_into_id, *merged) if ident is not None]
    # a case and its party share the id: one look-up by primary key (`OR party_id IN` would read the whole table)
    found = access.visible(viewer).exclude(pk=case.id).filter(pk__in={*wanted, *parties})
    return [_related(other, case, merged, names) for other in found.order_by("-id")[:MOST_RELATED]]


def _related(other: Case, case: Case, merged: list[int], names: Names) -> Related:
    how = "line"
    if other.id in merged:
        how = "merged"
    elif other.id == case.merged_into_id:
        how = "survivor"
    elif other.id == case.repeat_of_id or other.repeat_of_id == case.id:
        how = "repeat"
    category = names.node(other.category_id or other.suggested_category_id)
    return Related(how, other.number, other.status, other.registered_at, category)
