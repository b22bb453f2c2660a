"""Appointments: agreed, moved, kept or missed. Each verb takes the locked case and leaves one event on it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.fieldwork.crews import named
from bihuan.fieldwork.models import Appointment, Crew, Wish
from bihuan.fieldwork.rules import AGREED_BY, AGREED_MEANS, AHEAD, DAYS, STATUSES, slots_of
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import deadlines
from bihuan.sla import queries as sla
from bihuan.text.vaulted import vaulted

KIND = "appointment"
REMIND_BEFORE = timedelta(hours=3)
DAY_BEGINS, EVENING = time(8), time(18)
"""Nobody is written to before the day begins: then the evening before."""


@transaction.atomic
def wish(
    case: Case, doer: Doer, days: Sequence[str], hour_from: str = "", hour_to: str = "", note: str = "", *,
    at: datetime | None = None,
) -> CaseEvent:  # fmt: skip
    """Keep when the customer would rather be visited; the next offer of slots follows it."""
    strange = [day for day in days if day not in DAYS]
    hours = [_hour(hour_from, "hour_from"), _hour(hour_to, "hour_to")]
    if strange or (all(hours) and hours[0] >= hours[1]):
        raise RuleError("wish.hours", _("请选择星期，时间从早到晚。"), field="days" if strange else "hour_to")
    said, moment = vaulted(case.party_id, note, 500, "note"), at or clock.now()
    told = {"days": list(days), "hour_from": hours[0], "hour_to": hours[1], "note": said}
    Wish.objects.update_or_create(case_id=case.id, defaults={**told, "at": moment, "by_id": doer.staff_id})
    payload = {"days": list(days), "from": hours[0], "to": hours[1], "text": said}
    return cases.take(case, "visit_wished", doer, at=moment, payload=payload)


def _hour(told: str, field: str) -> str:
    if not told:
        return ""
    try:
        return f"{time.fromisoformat(told):%H:%M}"
    except ValueError:
        raise RuleError("wish.hour", _("时间请写成 18:30。"), field=field) from None


@transaction.atomic
def book(
    case: Case,
    doer: Doer,
    crew_id: int,
    starts_at: datetime,
    ends_at: datetime,
    agreed_by: str,
    agreed_means: str,
    *,
    staff_id: int | None = None,
    note: str = "",
    waits: bool = False,
    at: datetime | None = None,
) -> Appointment:
    """Keep what the customer agreed to: a slot the crew offers and that still has a place, asked under the crew's lock.

    `RuleError` names the field; `Conflict` `visit.full` when somebody was quicker, `visit.open` while another lies ahead.
    """
    moment = at or clock.now()
    _check_agreement(agreed_by, agreed_means)
    if Appointment.objects.filter(case_id=case.id, status__in=AHEAD).exists():
        raise Conflict("visit.open", _("这张工单已约好上门；请改约，或先取消。"))
    crew = _reserve(crew_id, starts_at, ends_at, staff_id, moment)
    visit = Appointment(
        case_id=case.id, crew_id=crew.pk, staff_id=staff_id, starts_at=starts_at, ends_at=ends_at, agreed_by=agreed_by,
        agreed_means=agreed_means, note=vaulted(case.party_id, note, 1000, "note"), waits=waits, booked_at=moment,
        booked_by_id=doer.staff_id, remind_at=remind_at(starts_at, moment),
    )  # fmt: skip
    payload = {**facts(visit), "by": agreed_by, "means": agreed_means, "text": visit.note, "waits": waits}
    cases.take(case, "appointment_booked", doer, at=moment, payload=payload)
    visit.save(force_insert=True)
    let_crew_read(case, crew, moment)
    _begin_term(case, visit, crew, moment)
    return visit


def _check_agreement(by: str, means: str) -> None:
    if by not in AGREED_BY:
        raise RuleError("visit.agreed_by", _("请选择谁同意了这个时间。"), field="agreed_by")
    if means not in AGREED_MEANS:
        raise RuleError("visit.agreed_means", _("请选择客户以什么方式同意。"), field="agreed_means")


def _reserve(
    crew_id: int,
    starts: datetime,
    ends: datetime,
    staff_id: int | None,
    now: datetime,
    *,
    instead_of: int | None = None,
) -> Crew:
    """The crew, held until the transaction ends: who comes second waits here and then counts again."""
    named(crew_id)
    crew = Crew.objects.select_for_update().get(pk=crew_id)
    if starts <= now:
        raise RuleError("visit.past", _("上门时间要晚于现在。"), field="slot")
    calendar = sla.book().calendars.get(crew.calendar, sla.book().calendars["7x24"])
    offered = slots_of(crew.pk, crew.week, calendar, [starts.astimezone(calendar.tz).date()])
    slot = next((one for one in offered if one.starts_at == starts and one.ends_at == ends), None)
    if slot is None:
        raise RuleError("visit.slot", _("班组在这个时间不上门，请从可约时段中选择。"), field="slot")
    others = Appointment.objects.filter(status__in=AHEAD, starts_at__lt=ends, ends_at__gt=starts)
    others = others.exclude(pk=instead_of) if instead_of else others
    if others.filter(crew_id=crew.pk).count() >= slot.capacity:
        raise Conflict("visit.full", _("这个时段刚刚约满，请另选时段。"), field="slot")
    if staff_id is not None:
        if staff_id not in crew.member_ids:
            raise RuleError("visit.staff", _("请选择本班组的成员。"), field="staff")
        Staff.objects.select_for_update(no_key=True).get(pk=staff_id)  # she may belong to another crew as well
        if others.filter(staff_id=staff_id).exists():
            raise Conflict("visit.busy", _("这位师傅这个时段已有上门，请换人或不指定。"), field="staff")
    return crew


def remind_at(starts: datetime, now: datetime) -> datetime | None:
    """Some hours before; for early visits the evening before; None where that has passed already."""
    local = timezone.localtime(starts - REMIND_BEFORE)
    if local.time() < DAY_BEGINS or local.date() < timezone.localtime(starts).date():
        local = local.replace(hour=EVENING.hour, minute=0, second=0, microsecond=0)
        if local >= timezone.localtime(starts) - REMIND_BEFORE:
            local -= timedelta(days=1)
    return local if local > now else None


def facts(visit: Appointment) -> dict[str, Any]:
    """What every event of a visit tells."""
    return {
        "visit": visit.pk,
        "crew": visit.crew_id,
        "staff": visit.staff_id,
        "from": visit.starts_at,
        "to": visit.ends_at,
    }


def let_crew_read(case: Case, crew: Crew, moment: datetime) -> None:
    """The crew's unit and its members' units read the case from now on."""
    homes = set(Staff.objects.filter(pk__in=crew.member_ids).values_list("unit_id", flat=True))
    for unit_id in {crew.unit_id, *homes}:
        cases.let_read(case, unit_id, moment)


def _begin_term(case: Case, visit: Appointment, crew: Crew, moment: datetime) -> None:
    """Due at the end of the slot, warned when it begins."""
    whole = (visit.ends_at - moment).total_seconds()
    share = (visit.starts_at - moment).total_seconds() / whole if whole > 0 else 0.5
    deadlines.start(
        KIND, visit.pk, case.id, visit.ends_at, warn=(share,), unit_id=crew.unit_id, staff_id=visit.staff_id, at=moment
    )


@transaction.atomic
def move(
    case: Case,
    visit: Appointment,
    doer: Doer,
    crew_id: int,
    starts_at: datetime,
    ends_at: datetime,
    agreed_by: str,
    agreed_means: str,
    why: str,
    *,
    staff_id: int | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """Another time, crew or person, agreed anew, with the reason."""
    _check(visit, "agreed")
    _check_agreement(agreed_by, agreed_means)
    said = _said(case, why, "why")
    moment, before = at or clock.now(), facts(visit)
    crew = _reserve(crew_id, starts_at, ends_at, staff_id, moment, instead_of=visit.pk)
    visit.crew_id, visit.staff_id, visit.starts_at, visit.ends_at = crew.pk, staff_id, starts_at, ends_at
    visit.agreed_by, visit.agreed_means, visit.moves = agreed_by, agreed_means, visit.moves + 1
    visit.remind_at, visit.reminded_at = remind_at(starts_at, moment), None
    visit.save()
    let_crew_read(case, crew, moment)
    deadlines.end(KIND, [visit.pk], moment)
    _begin_term(case, visit, crew, moment)
    payload = {**facts(visit), "before": before["from"], "by": agreed_by, "means": agreed_means, "text": said}
    return cases.append(case, "appointment_moved", doer, at=moment, payload=payload)


@transaction.atomic
def assign(case: Case, visit: Appointment, doer: Doer, staff_id: int, *, at: datetime | None = None) -> CaseEvent:
    """Say who of the crew goes; the time stays."""
    _check(visit, "agreed")
    moment = at or clock.now()
    _reserve(visit.crew_id, visit.starts_at, visit.ends_at, staff_id, moment, instead_of=visit.pk)
    visit.staff_id = staff_id
    visit.save(update_fields=["staff_id"])
    term = deadlines.open_of(KIND, [visit.pk]).get(visit.pk)
    deadlines.hand(KIND, visit.pk, unit_id=term.unit_id if term else None, staff_id=staff_id)
    return cases.append(case, "appointment_assigned", doer, at=moment, payload=facts(visit))


@transaction.atomic
def arrive(case: Case, visit: Appointment, doer: Doer, *, at: datetime | None = None) -> CaseEvent:
    """Somebody of the crew stands at the door; in time or not."""
    _check(visit, "agreed")
    moment = at or clock.now()
    visit.status, visit.arrived_at, visit.remind_at = "arrived", moment, None
    visit.staff_id = visit.staff_id or doer.staff_id
    visit.save(update_fields=["status", "arrived_at", "remind_at", "staff_id"])
    deadlines.end(KIND, [visit.pk], moment)
    payload = {**facts(visit), "late": moment > visit.ends_at}
    return cases.append(case, "appointment_arrived", doer, at=moment, payload=payload)


@transaction.atomic
def finish(case: Case, visit: Appointment, doer: Doer, result: str, *, at: datetime | None = None) -> CaseEvent:
    """The visit took place; with what was done."""
    _check(visit, *AHEAD)
    said, moment = _said(case, result, "result"), at or clock.now()
    if visit.arrived_at is None:
        visit.arrived_at = moment
    return _end(case, visit, doer, "done", "appointment_done", said, moment)


@transaction.atomic
def miss(case: Case, visit: Appointment, doer: Doer, who: str, note: str, *, at: datetime | None = None) -> CaseEvent:
    """It did not take place: the `customer` was not there, or the `crew` did not come. Only once it should have begun."""
    _check(visit, *AHEAD)
    if who not in {"customer", "crew"}:
        raise RuleError("visit.who", _("请选择谁失约。"), field="who")
    moment = at or clock.now()
    if moment < visit.starts_at:
        raise RuleError("visit.early", _("约定时间还没到，不能记失约；如需更改请改约。"), field="who")
    return _end(case, visit, doer, f"{who}_absent", "appointment_missed", _said(case, note, "note"), moment)


@transaction.atomic
def cancel(case: Case, visit: Appointment, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """No visit is needed, or the customer does not want one."""
    _check(visit, *AHEAD)
    return _end(case, visit, doer, "cancelled", "appointment_cancelled", _said(case, why, "why"), at or clock.now())


@transaction.atomic
def call_off(case: Case, why: str, *, doer: Doer = SYSTEM, at: datetime | None = None) -> int:
    """The case has ended: what lies ahead is cancelled. Answers how many."""
    ahead = list(Appointment.objects.select_for_update().filter(case_id=case.id, status__in=AHEAD))
    for visit in ahead:
        cancel(case, visit, doer, why, at=at)
    return len(ahead)


def _check(visit: Appointment, *states: str) -> None:
    if visit.status not in states:
        told = _("这次上门现在是“%(status)s”，不能再这样办。") % {"status": STATUSES[visit.status]}
        raise Conflict("visit.status", told, data={"status": visit.status})


def _said(case: Case, text: str, field: str) -> str:
    said = vaulted(case.party_id, text, 2000, field)
    if len(said) < 2:
        empty = _("请写明上门结果。") if field == "result" else _("请写明原因。")
        raise RuleError("visit.text", empty, field=field)
    return said


def _end(case: Case, visit: Appointment, doer: Doer, status: str, kind: str, text: str, moment: datetime) -> CaseEvent:
    visit.status, visit.ended_at, visit.result, visit.remind_at = status, moment, text, None
    visit.save(update_fields=["status", "ended_at", "result", "remind_at", "arrived_at"])
    deadlines.end(KIND, [visit.pk], moment)
    late = bool(visit.arrived_at and visit.arrived_at > visit.ends_at)
    payload = {**facts(visit), "status": status, "text": text, "late": late}
    return cases.append(case, kind, doer, at=moment, payload=payload)


def to_remind(limit: int = 200) -> list[tuple[int, int]]:
    """(case, visit) of those whose customer is to be reminded now, the earliest first."""
    due = Appointment.objects.filter(Q(remind_at__lte=clock.now()), status="agreed").order_by("remind_at")
    return list(due.values_list("case_id", "id")[:limit])
