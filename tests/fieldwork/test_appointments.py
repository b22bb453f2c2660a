"""Appointments from wish to visit: what is offered, agreed, moved, kept or missed, and that no slot is given twice."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.fieldwork import crews, queries, visits
from bihuan.fieldwork.models import Appointment, Crew
from bihuan.fieldwork.rules import told_windows, windows_of
from bihuan.flow import actions as flow
from bihuan.flow import fieldwork
from bihuan.handling import actions as handling
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.kernel.models import Message
from bihuan.notices.models import Notice
from bihuan.sla import deadlines
from cast import DISTRICT, OTHER_DISTRICT, Cast

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "08:30-10:30×1, 14:00-16:00×2")


def a_crew(cast: Cast, **changes: object) -> Crew:
    told = {
        "unit": cast.units["team_cz"].id, "name": "武进一班", "members": [cast.te.pk], "areas": [DISTRICT], "week": WEEK,
        **changes,
    }  # fmt: skip
    return crews.save(told, cast.viewer("gu"))


@pytest.fixture
def case(cast: Cast) -> Case:
    return in_hand(cast)


def in_hand(cast: Cast) -> Case:
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
    dispatch.receive(case, cast.doer("ma"), "self")
    return case


def morning() -> datetime:
    """Today at eight, from where two full days of slots lie ahead."""
    return timezone.localtime(clock.now()).replace(hour=8, minute=0, second=0, microsecond=0)


def book(cast: Cast, case: Case, slot: object, **more: object) -> Appointment:
    told = (slot.crew_id, slot.starts_at, slot.ends_at)  # type: ignore[attr-defined]
    return fieldwork.book(case, cast.doer("ma"), *told, "self", "call", **more)  # type: ignore[arg-type]


def test_from_wish_to_visit(cast: Cast) -> None:
    crew = a_crew(cast)
    a_crew(cast, name="别处", areas=[OTHER_DISTRICT])
    with clock.at(morning()):
        case = in_hand(cast)
        visits.wish(case, cast.doer("ma"), [], "13:00", "18:00", "下午在家")
        offered = queries.free(case, days=3)
        assert {one.crew_id for one in offered} == {crew.pk}
        assert (offered[0].fits, f"{offered[0].starts_at:%H:%M}", offered[-1].fits) == (2, "14:00", 1)
        visit = book(cast, case, offered[0], wait_for="customer_time")
        assert (case.status, case.paused) == ("waiting", True)
        assert Message.objects.filter(subject_id=case.id, purpose="appointment").count() == 1
        assert Notice.objects.filter(staff_id=cast.te.pk, kind="appointment").exists()
        with pytest.raises(Conflict) as twice:
            book(cast, case, offered[1])
        assert twice.value.code == "visit.open"
        later = next(one for one in offered if one.starts_at > visit.starts_at)
        told = (later.crew_id, later.starts_at, later.ends_at)
        fieldwork.move(case, visit, cast.doer("ma"), *told, "family", "sms", "客户临时有事")
        assert (case.status, visit.moves) == ("waiting", 1)
    assert visit.remind_at is not None
    with clock.at(visit.remind_at + timedelta(minutes=1)):
        assert (fieldwork.run(), fieldwork.run()) == (1, 0)
    with clock.at(visit.starts_at + timedelta(seconds=1)):
        handling.resume_due()
        held, seen, _crew = queries.access_visit(cast.viewer("te"), visit.pk, lock=True)
        assert held.status == "in_handling"
        fieldwork.arrive(held, seen, cast.doer("te"))
        fieldwork.finish(held, seen, cast.doer("te"), "更换皮线，测速正常")
        assert not deadlines.open_of("appointment", [visit.pk])
        with pytest.raises(Conflict):
            fieldwork.cancel(held, seen, cast.doer("te"), "不用了")
    kinds = set(CaseEvent.objects.filter(case_id=case.id).values_list("kind", flat=True))
    assert kinds >= {
        "visit_wished", "appointment_booked", "appointment_moved", "appointment_reminded", "appointment_arrived",
        "appointment_done",
    }  # fmt: skip


def test_what_cannot_be_agreed_is_refused(cast: Cast) -> None:
    a_crew(cast)
    with clock.at(morning()):
        case = in_hand(cast)
        slot = queries.free(case)[0]
        told, doer = (slot.crew_id, slot.starts_at, slot.ends_at), cast.doer("ma")
        for changed, by, means, staff, code in (
            (told, "nobody", "call", None, "visit.agreed_by"), (told, "self", "", None, "visit.agreed_means"),
            ((told[0], told[1] + timedelta(minutes=5), told[2]), "self", "call", None, "visit.slot"),
            ((told[0], told[1] - timedelta(days=2), told[2] - timedelta(days=2)), "self", "call", None, "visit.past"),
            ((0, told[1], told[2]), "self", "call", None, "crew.unknown"), (told, "self", "call", cast.an.pk, "visit.staff"),
        ):  # fmt: skip
            with pytest.raises(RuleError) as refused:
                visits.book(case, doer, *changed, by, means, staff_id=staff)
            assert refused.value.code == code
        visit = book(cast, case, slot)
        with pytest.raises(RuleError) as early:
            fieldwork.miss(case, visit, doer, "customer", "不在家")
        assert early.value.code == "visit.early"
        with pytest.raises(NotFound):
            queries.access_visit(cast.viewer("ma_wx"), visit.pk)
        with pytest.raises(Forbidden):
            queries.access_visit(cast.viewer("an"), visit.pk, lock=True)
        flow.withdraw(case, cast.doer("an"), "call", "客户来电撤回")
    assert Appointment.objects.get(pk=visit.pk).status == "cancelled"


def test_a_missed_visit_counts_for_who_missed_it_and_frees_the_place(cast: Cast) -> None:
    a_crew(cast)
    with clock.at(morning()):
        case = in_hand(cast)
        visit = book(cast, case, queries.free(case)[0])
        assert not any((one.crew_id, one.starts_at) == (visit.crew_id, visit.starts_at) for one in queries.free(case))
    with clock.at(visit.ends_at + timedelta(minutes=1)):
        deadlines.sweep(clock.now())
        assert CaseEvent.objects.filter(case_id=case.id, kind="deadline_breached").exists()
        case.refresh_from_db()
        fieldwork.miss(case, visit, cast.doer("ma"), "crew", "师傅被抢修占用")
    assert Appointment.objects.get(pk=visit.pk).status == "crew_absent"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_the_last_place(cast: Cast) -> None:
    a_crew(cast)
    with clock.at(morning()):
        first, second = in_hand(cast), in_hand(cast)
        slot = queries.free(first)[0]
    outcomes: list[str] = []
    begun = threading.Barrier(2)

    def take(case_id: int) -> None:
        begun.wait()
        try:
            with clock.at(morning()), transaction.atomic():
                book(cast, Case.objects.select_for_update().get(pk=case_id), slot)
            outcomes.append("booked")
        except RuleError as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[one.id]) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked", "visit.full"]
    assert Appointment.objects.filter(starts_at=slot.starts_at).count() == 1


_MINUTES = st.integers(0, 23 * 60 + 58)


@given(st.sets(_MINUTES, min_size=2, max_size=8), st.integers(1, 50))
def test_slots_read_back_as_they_were_written(marks: set[int], capacity: int) -> None:
    ordered = sorted(marks)
    wanted = [
        (f"{a // 60:02d}:{a % 60:02d}", f"{b // 60:02d}:{b % 60:02d}", capacity)
        for a, b in zip(ordered[::2], ordered[1::2], strict=False)
    ]
    assert windows_of(told_windows(wanted)) == wanted


@pytest.mark.parametrize(
    "text", ["8-10", "10:00-09:00", "08:00-10:00, 09:00-11:00", "08:00-10:00×99", "25:00-26:00", "08:61-09:00"]
)
def test_slots_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(RuleError):
        windows_of(text)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(0, 72))
def test_nobody_is_reminded_at_night_or_too_late(naive: datetime, hours: int) -> None:
    starts = timezone.make_aware(naive)
    told = visits.remind_at(starts, starts - timedelta(hours=hours))
    if told is not None:
        local = timezone.localtime(told)
        assert 8 <= local.hour <= 21 and starts - timedelta(hours=hours) < told <= starts - visits.REMIND_BEFORE
