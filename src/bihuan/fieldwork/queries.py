"""Reading appointments: what is free, a crew's calendar, those of a case, one through its door."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.fieldwork.crews import in_use, serving, works_for
from bihuan.fieldwork.models import Appointment, Crew, Wish
from bihuan.fieldwork.rules import AHEAD, MOST_DAYS, Slot, fits, slots_of
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, NotFound, RuleError
from bihuan.sla import queries as sla
from bihuan.sla.calendar import Calendar


def wish_of(case_id: int) -> Wish | None:
    """When the customer would rather be visited."""
    return Wish.objects.filter(case_id=case_id).first()


def free(case: Case, *, days: int = 7, crews: Sequence[Crew] | None = None) -> list[Slot]:
    """Slots with a free place in the next days, of crews that serve the case's area (or of these): what meets most of the
    customer's wishes first, then by time. Two statements, plus one a settings version."""
    chosen = serving(case, "on_site") if crews is None else list(crews)
    now, wish = clock.now(), wish_of(case.id)
    today = now.astimezone(_calendar("7x24").tz).date()
    wanted = [today + timedelta(days=one) for one in range(min(days, MOST_DAYS) + 1)]
    slots = [one for crew in chosen for one in offered(crew, wanted) if one.starts_at > now]
    found = []
    for one in with_taken(slots):
        if one.left:
            met = fits(one.starts_at, one.ends_at, wish.days, wish.hour_from, wish.hour_to) if wish else 0
            found.append(Slot(one.crew_id, one.starts_at, one.ends_at, one.capacity, one.taken, met))
    order = {crew.pk: place for place, crew in enumerate(chosen)}
    return sorted(found, key=lambda one: (-one.fits, one.starts_at, order[one.crew_id]))


def _calendar(code: str) -> Calendar:
    known = sla.book().calendars
    return known.get(code, known["7x24"])


def offered(crew: Crew, days: Sequence[date]) -> list[Slot]:
    """All slots of a crew on these days; none on days its official calendar does not know yet."""
    found = []
    for day in days:
        try:
            found += slots_of(crew.pk, crew.week, _calendar(crew.calendar), [day])
        except RuleError:
            continue
    return found


def with_taken(slots: Sequence[Slot]) -> list[Slot]:
    """The same slots with how many visits each has already; one statement."""
    if not slots:
        return []
    crews = {one.crew_id for one in slots}
    first, last = min(one.starts_at for one in slots), max(one.ends_at for one in slots)
    held = Appointment.objects.filter(crew_id__in=crews, status__in=AHEAD, starts_at__lt=last, ends_at__gt=first)
    rows = list(held.values_list("crew_id", "starts_at", "ends_at"))
    return [
        Slot(
            one.crew_id, one.starts_at, one.ends_at, one.capacity,
            sum(1 for crew, start, end in rows if crew == one.crew_id and start < one.ends_at and end > one.starts_at),
        )
        for one in slots
    ]  # fmt: skip


def of_case(case_id: int) -> list[Appointment]:
    """All appointments of a case, the earliest first."""
    return list(Appointment.objects.filter(case_id=case_id))


def ahead_of(case_id: int) -> Appointment | None:
    """The one that lies ahead."""
    return Appointment.objects.filter(case_id=case_id, status__in=AHEAD).first()


def between(crews: Sequence[Crew], start: datetime, end: datetime) -> list[Appointment]:
    """Appointments of these crews that begin in the span, cancelled ones left out."""
    found = Appointment.objects.filter(crew_id__in=[crew.pk for crew in crews], starts_at__gte=start, starts_at__lt=end)
    return list(found.exclude(status="cancelled"))


def count(viewer: Viewer) -> int:
    """How many visits of today wait for this person or, not yet given to anyone, for her crews."""
    from django.db.models import Q
    from django.utils import timezone

    mine = [crew.pk for crew in in_use() if viewer.staff_id in crew.member_ids]
    if not mine:
        return 0
    begin = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    day = Appointment.objects.filter(status__in=AHEAD, starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))
    return day.filter(Q(staff_id=viewer.staff_id) | Q(staff_id=None, crew_id__in=mine)).count()


def may_change(viewer: Viewer, case: Case, crew: Crew) -> bool:
    """True for the crew, and for who has the case in hand."""
    return works_for(viewer, crew) or (viewer.can(roles.HANDLE) and access.holds(viewer, case))


def access_visit(viewer: Viewer, visit_id: int, *, lock: bool = False) -> tuple[Case, Appointment, Crew]:
    """The appointment with its case (`lock`: both held until the transaction ends) and crew.

    `NotFound` for who may not even read the case, with `lock` `Forbidden` for who may only look.
    """
    visit = Appointment.objects.filter(pk=visit_id).first()
    crew = Crew.objects.filter(pk=visit.crew_id).first() if visit else None
    if visit is None or crew is None:
        raise NotFound("appointment")
    if not works_for(viewer, crew) and not access.visible(viewer).filter(pk=visit.case_id).exists():
        raise NotFound("appointment")
    case = (Case.objects.select_for_update(of=("self",)) if lock else Case.objects).get(pk=visit.case_id)
    if lock:
        visit = Appointment.objects.select_for_update().get(pk=visit_id)
        if not may_change(viewer, case, crew):
            raise Forbidden(roles.HANDLE)
    return case, visit, crew
