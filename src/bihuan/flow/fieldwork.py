"""Work outside across rooms: the case waits for an agreed visit, customer and crew are told, and all ends with the case.

What the customer hears of a visit she hears from here, never as a milestone too (`progress.rules.TOLD_BY_THE_STEP`). Who
asked for quiet is told only that a visit is off: the agreed time she knows, that nobody comes she cannot.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.states import OPEN_STATES
from bihuan.customers import actions as customers
from bihuan.fieldwork import visits
from bihuan.fieldwork.models import Appointment, Crew
from bihuan.handling import actions as handling
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.phrases import phrase
from bihuan.notices import actions as notices
from bihuan.progress.queries import wants_news

AGREED = phrase(gettext_noop("已与客户约定%(span)s上门"))
_MAY_WAIT = ("received", "in_handling", "reopened")


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
    wait_for: str = "",
    at: datetime | None = None,
) -> Appointment:
    """Book. `wait_for`: code of the agreed reason for which the case waits until the visit begins, and then goes on by
    itself; only while the case is being handled. Customer and crew are told."""
    waits = bool(wait_for)
    if waits and case.status not in _MAY_WAIT:
        raise RuleError("visit.wait", _("工单还没有接单处理，不能挂起等上门。"), field="wait_for")
    visit = visits.book(
        case,
        doer,
        crew_id,
        starts_at,
        ends_at,
        agreed_by,
        agreed_means,
        staff_id=staff_id,
        note=note,
        waits=waits,
        at=at,
    )
    if waits:
        handling.wait(case, doer, wait_for, _until(visit), until=starts_at, at=at)
    if wants_news(case.id):
        _tell_customer(case, f"您的投诉 {case.number} 已约定{_span(visit)}上门，请留人。改期请致电客服。")
    _tell_crew(visit, doer)
    return visit


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
    """Another time: a case that waits for the visit waits until the new one."""
    before = visit.staff_id
    event = visits.move(
        case, visit, doer, crew_id, starts_at, ends_at, agreed_by, agreed_means, why, staff_id=staff_id, at=at
    )
    if visit.waits and case.status == "waiting":
        handling.resume(case, doer, at=at)
        handling.wait(case, doer, "customer_time", _until(visit), until=starts_at, at=at)
    if wants_news(case.id):
        _tell_customer(case, f"您的投诉 {case.number} 已改约{_span(visit)}上门，请留人。")
    _tell_crew(visit, doer, before)
    return event


@transaction.atomic
def assign(case: Case, visit: Appointment, doer: Doer, staff_id: int, *, at: datetime | None = None) -> CaseEvent:
    """Say who goes; that person is told."""
    event = visits.assign(case, visit, doer, staff_id, at=at)
    _tell_crew(visit, doer)
    return event


@transaction.atomic
def cancel(case: Case, visit: Appointment, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """No visit: the case goes on at once; customer and crew are told."""
    event = visits.cancel(case, visit, doer, why, at=at)
    _go_on(case, visit, doer, at)
    _tell_customer(case, f"您的投诉 {case.number} 原定{_span(visit)}的上门已取消。")
    _tell_crew(visit, doer)
    return event


@transaction.atomic
def arrive(case: Case, visit: Appointment, doer: Doer, *, at: datetime | None = None) -> CaseEvent:
    """At the door: a case that still waited goes on."""
    event = visits.arrive(case, visit, doer, at=at)
    _go_on(case, visit, doer, at)
    return event


@transaction.atomic
def finish(case: Case, visit: Appointment, doer: Doer, result: str, *, at: datetime | None = None) -> CaseEvent:
    """It took place; who has the case in hand is told."""
    event = visits.finish(case, visit, doer, result, at=at)
    _go_on(case, visit, doer, at)
    _tell_handler(case, visit, doer)
    return event


@transaction.atomic
def miss(case: Case, visit: Appointment, doer: Doer, who: str, note: str, *, at: datetime | None = None) -> CaseEvent:
    """Customer or crew was not there; who has the case in hand is told."""
    event = visits.miss(case, visit, doer, who, note, at=at)
    _go_on(case, visit, doer, at)
    _tell_handler(case, visit, doer)
    return event


def _go_on(case: Case, visit: Appointment, doer: Doer, at: datetime | None) -> None:
    if visit.waits and case.status == "waiting":
        handling.resume(case, doer, at=at)


def over(case: Case, why: str, at: datetime | None = None) -> None:
    """The case has ended: visits that lie ahead are cancelled, and their crews told."""
    ahead = list(Appointment.objects.filter(case_id=case.id, status__in=visits.AHEAD))
    if visits.call_off(case, why, at=at):
        for visit in ahead:
            _tell_crew(visit, SYSTEM)


def run(limit: int = 200) -> int:
    """Remind customers of visits that come near; for the schedule. Answers how many."""
    done = 0
    for case_id, visit_id in visits.to_remind(limit):
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=case_id)
            visit = Appointment.objects.select_for_update().get(pk=visit_id)
            if visit.remind_at is None or visit.remind_at > clock.now():
                continue
            _remind(case, visit)
            done += 1
    return done


def _remind(case: Case, visit: Appointment) -> None:
    visit.remind_at = None
    if (
        visit.status == "agreed"
        and case.status in OPEN_STATES
        and visit.starts_at > clock.now()
        and wants_news(case.id)
    ):
        text = f"提醒您：投诉 {case.number} 约定{_span(visit)}上门，请留人。"
        if _tell_customer(case, text):
            visit.reminded_at = clock.now()
            cases.append(case, "appointment_reminded", SYSTEM, payload={**visits.facts(visit), "text": text})
        _tell_crew(visit, SYSTEM)
    visit.save(update_fields=["remind_at", "reminded_at"])


def _span(visit: Appointment) -> str:
    start, end = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
    return f" {start:%m月%d日 %H:%M}–{end:%H:%M} "


def _until(visit: Appointment) -> str:
    start, end = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
    return AGREED.said(span=f" {start:%m-%d %H:%M}–{end:%H:%M} ")


def _tell_customer(case: Case, text: str) -> bool:
    return customers.tell(case.party_id, "appointment", text, case.id) is not None


def _tell_crew(visit: Appointment, doer: Doer, *also: int | None) -> None:
    """Who goes; while nobody is named, the whole crew. Whoever does it herself need not be told."""
    crew = Crew.objects.get(pk=visit.crew_id)
    people = {visit.staff_id} if visit.staff_id else set(crew.member_ids)
    told = [one for one in {*people, *also} if one and one != doer.staff_id]
    facts = {
        "due": visit.starts_at,
        "name": crew.name,
        "name_en": crew.name_en,
        "text": str(visits.STATUSES[visit.status]),
    }
    notices.tell("appointment", told, visit.case_id, facts)


def _tell_handler(case: Case, visit: Appointment, doer: Doer) -> None:
    if case.handler_id != doer.staff_id:
        facts = {"by": doer.staff_id, "text": f"{visits.STATUSES[visit.status]}：{visit.result}"}
        notices.tell("appointment", [case.handler_id], case.id, facts)
