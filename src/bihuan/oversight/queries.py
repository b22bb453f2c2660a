"""Reading: what exists for a viewer, lists page by page along a key, one through its door, what she may do with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.days import midnight
from bihuan.catalog import snapshot as catalog
from bihuan.identity import book, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock, keyset
from bihuan.kernel.errors import Forbidden, NotFound, RuleError
from bihuan.oversight.models import Checklist, Demand, Entry, Evaluation, Leak, Patrol
from bihuan.oversight.words import CHECKLISTS

Row = TypeVar("Row", bound=Model)
MOST_COUNTED = 1000
READERS = (roles.PATROL, roles.HANDLE, roles.DUTY)
"""Whose units may be visited, and who visits."""
SHOWN = ("open", "late", "reported", "accepted")
_BY_DUE, _DONE = ("due_at", "id"), ("-accepted_at", "-id")


def _within(viewer: Viewer, by: str) -> Q:
    """Of which units, or recorded by whom: everything for who inspects everywhere, her area for who inspects there, and
    for everyone what concerns her own units. `by` is the column of who recorded it."""
    if not any(viewer.can(right) for right in READERS):
        return Q(pk__in=[])
    if viewer.can(roles.PATROL) and roles.EVERYWHERE in viewer.reach:
        return Q()
    found = Q(unit_id__in=viewer.units)
    if viewer.can(roles.PATROL):
        found |= Q(**{f"{by}_by_id": viewer.staff_id}) | Q(**{f"{by}_unit_id__in": viewer.units})
        if roles.AREA in viewer.reach:
            found |= Q(unit_id__in=_units_in(viewer.area))
    return found


def _units_in(area: tuple[int, int] | None) -> list[int]:
    """Units that answer for this area or a part of it; all for the whole operator."""
    known, areas = book.units().units.values(), catalog.current().areas
    if area is None:
        return [unit.id for unit in known]
    level, ident = area
    found = []
    for unit in known:
        own = areas.get(unit.area[1]) if unit.area else None
        if own is not None and level <= 3 and own.levels[level - 1] == ident:
            found.append(unit.id)
    return found


def patrols(viewer: Viewer) -> QuerySet[Patrol]:
    """Visits that exist for her."""
    return Patrol.objects.filter(_within(viewer, "made"))


def evaluations(viewer: Viewer) -> QuerySet[Evaluation]:
    """Evaluations that exist for her."""
    return Evaluation.objects.filter(_within(viewer, "made"))


@dataclass(frozen=True)
class Among:
    """Which demands are looked at: of one unit, those asked for since a day; None: whichever."""

    unit_id: int | None = None
    since: date | None = None

    def q(self) -> Q:
        """The condition."""
        found = Q() if self.unit_id is None else Q(unit_id=self.unit_id)
        return found if self.since is None else found & Q(asked_at__gte=midnight(self.since))


ALL = Among()


def demands(viewer: Viewer, shown: str = "", among: Among = ALL) -> QuerySet[Demand]:
    """Demands that exist for her: `open`, `late` (of the open ones), `reported`, `accepted`, or all."""
    found = Demand.objects.filter(_within(viewer, "asked") & among.q())
    if shown == "late":
        return found.filter(state="open", due_at__lte=clock.now())
    return found.filter(state=shown) if shown in SHOWN else found


def leaks(viewer: Viewer) -> QuerySet[Leak]:
    """Leaks, for the few; never one about herself."""
    if not viewer.can(roles.LEAK):
        return Leak.objects.none()
    return Leak.objects.exclude(staff_id=viewer.staff_id)


def page_of_patrols(viewer: Viewer, size: int, after: str = "") -> tuple[list[Patrol], str]:
    """Newest first."""
    return keyset.page(patrols(viewer), ("-day", "-id"), size, after)


def page_of_evaluations(viewer: Viewer, size: int, after: str = "") -> tuple[list[Evaluation], str]:
    """The latest period first."""
    return keyset.page(evaluations(viewer), ("-last_day", "-id"), size, after)


def page_of_demands(
    viewer: Viewer, shown: str, size: int, after: str = "", among: Among = ALL
) -> tuple[list[Demand], str]:
    """By their term, so the late first; accepted ones newest first."""
    return keyset.page(demands(viewer, shown, among), _DONE if shown == "accepted" else _BY_DUE, size, after)


def page_of_leaks(viewer: Viewer, size: int, after: str = "") -> tuple[list[Leak], str]:
    """Newest first."""
    return keyset.page(leaks(viewer), ("-found_on", "-id"), size, after)


def mine(viewer: Viewer) -> int:
    """What waits for her: her units' open demands, and reported ones she may accept."""
    found = 0
    if viewer.can(roles.HANDLE):
        found = demands(viewer, "open").filter(unit_id__in=viewer.units)[:MOST_COUNTED].count()
    if viewer.can(roles.PATROL):
        reported = demands(viewer, "reported").exclude(reported_by_id=viewer.staff_id)
        found += reported.filter(Q(asked_by_id=viewer.staff_id) | Q(asked_unit_id=viewer.unit_id))[
            :MOST_COUNTED
        ].count()
    return found


def undecided(viewer: Viewer) -> int:
    """Leaks without a decision."""
    return leaks(viewer).filter(decided_at=None)[:MOST_COUNTED].count()


def counts(viewer: Viewer, among: Among = ALL) -> dict[str, int]:
    """Demands by how they are listed, each counted up to a thousand."""
    return {shown: demands(viewer, shown, among)[:MOST_COUNTED].count() for shown in ("open", "late", "reported")}


def access_patrol(viewer: Viewer, ident: int) -> Patrol:
    """One visit; `NotFound` for whom it does not exist."""
    return _one(patrols(viewer), ident, "patrol")


def access_evaluation(viewer: Viewer, ident: int) -> Evaluation:
    """One evaluation; `NotFound` for whom it does not exist."""
    return _one(evaluations(viewer), ident, "evaluation")


def access_demand(viewer: Viewer, ident: int) -> Demand:
    """One demand; `NotFound` for whom it does not exist."""
    return _one(demands(viewer), ident, "demand")


def access_leak(viewer: Viewer, ident: int) -> Leak:
    """One leak; `NotFound` for whom it does not exist."""
    return _one(leaks(viewer), ident, "leak")


def _one(found: QuerySet[Row], ident: int, what: str) -> Row:
    row = found.filter(pk=ident).first()
    if row is None:
        raise NotFound(what)
    return row


def may_report(viewer: Viewer, held: Demand) -> bool:
    """People of the unit that has to rectify, and who answers for it, while it is open."""
    unit = book.units().units.get(held.unit_id)
    answers = unit is not None and unit.responsible_id == viewer.staff_id
    return held.state == "open" and (answers or (viewer.can(roles.HANDLE) and held.unit_id in viewer.units))


def may_judge(viewer: Viewer, held: Demand) -> bool:
    """Who asked, her unit, or who inspects everywhere; never who reported it herself."""
    asked = viewer.staff_id == held.asked_by_id or viewer.unit_id == held.asked_unit_id
    inspects = viewer.can(roles.PATROL) and (asked or roles.EVERYWHERE in viewer.reach)
    return held.state == "reported" and inspects and viewer.staff_id != held.reported_by_id


def may_demand(viewer: Viewer, source: Patrol | Evaluation) -> bool:
    """Who recorded it, her unit, or who inspects everywhere."""
    own = viewer.staff_id == source.made_by_id or viewer.unit_id == source.made_unit_id
    return viewer.can(roles.PATROL) and (own or roles.EVERYWHERE in viewer.reach)


def must(allowed: bool) -> None:
    """`Forbidden` where she may look but not do this."""
    if not allowed:
        raise Forbidden("oversight")


def inspector(viewer: Viewer) -> None:
    """`Forbidden` for who does not inspect."""
    must(viewer.can(roles.PATROL))


def record_of(about: str, ident: int) -> list[Entry]:
    """Every step, oldest first."""
    return list(Entry.objects.filter(about=about, subject_id=ident).order_by("id"))


def checklist(site: str) -> list[str]:
    """What is looked at there: the manager's list, else the shipped one."""
    row = Checklist.objects.filter(site=site).first()
    return list(row.items) if row else list(CHECKLISTS.get(site, ()))


def cases_named(viewer: Viewer, numbers: Sequence[str]) -> list[int]:
    """The ids of these cases; RuleError on `cases` for one that does not exist for her."""
    told = list(dict.fromkeys(number for number in numbers if number))
    found = dict(access.visible(viewer).filter(number__in=told).values_list("number", "id"))
    missing = [number for number in told if number not in found]
    if missing:
        raise RuleError(
            "oversight.cases",
            _("没有工单 %(number)s，或您无权查看，请核对。") % {"number": missing[0][:40]},
            field="cases",
        )
    return sorted(found.values())


def numbers_by_id(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """The numbers of those of these cases that exist for her: one statement, none without ids."""
    return dict(access.visible(viewer).filter(pk__in=ids).values_list("id", "number")) if ids else {}


def numbers_of(viewer: Viewer, ids: Collection[int]) -> list[str]:
    """The same in order."""
    return sorted(numbers_by_id(viewer, ids).values())
