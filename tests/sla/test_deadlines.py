"""Terms of sub-work fire once each, at their moment, and stop with the work."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases.models import CaseEvent
from bihuan.cases.verify import verify
from bihuan.kernel import clock
from bihuan.sla import deadlines
from bihuan.sla.deadlines import kind_of
from bihuan.sla.models import Deadline
from cast import Cast
from sla.sla_cast import local

START = local("2026-11-03T09:00")


def told(case_id: int) -> list[str]:
    rows = CaseEvent.objects.filter(case_id=case_id, kind__startswith="deadline_").order_by("seq")
    return [row.kind for row in rows]


def swept(hours: float) -> int:
    with clock.at(START + timedelta(hours=hours)):
        return deadlines.run()


@pytest.mark.django_db
def test_each_level_is_told_once_and_in_order(cast: Cast) -> None:
    case = cast.case(at=START)
    deadlines.start("assistance", 7, case.id, "4h", escalate=("2h",), at=START)
    assert swept(2.9) == 0
    assert [swept(3.1), swept(3.2), swept(4.5), swept(6.5), swept(50)] == [1, 0, 1, 1, 0]
    assert told(case.id) == ["deadline_warned", "deadline_breached", "deadline_escalated"]


@pytest.mark.django_db
def test_what_fell_due_while_nothing_ran_is_told_with_its_own_moment(cast: Cast) -> None:
    case = cast.case(at=START)
    deadlines.start("assistance", 7, case.id, "4h", at=START)
    assert swept(30) == 2
    breach = CaseEvent.objects.get(case_id=case.id, kind="deadline_breached")
    assert datetime.fromisoformat(breach.payload["due"]) == START + timedelta(hours=4)
    assert breach.at == START + timedelta(hours=30)
    assert list(verify()) == []


@pytest.mark.django_db
def test_finished_work_fires_nothing_and_may_begin_anew(cast: Cast) -> None:
    case = cast.case(at=START)
    deadlines.start("approval", 7, case.id, "4h", at=START)
    deadlines.end("approval", [7], START + timedelta(hours=1))
    assert swept(9) == 0 and deadlines.open_of("approval", [7]) == {}
    deadlines.start("approval", 7, case.id, "4h", at=START + timedelta(hours=9))
    assert deadlines.open_of("approval", [7])[7].due_at == START + timedelta(hours=13)
    assert Deadline.objects.count() == 2


@pytest.mark.django_db
def test_a_moved_term_begins_its_levels_anew(cast: Cast) -> None:
    case = cast.case(at=START)
    deadlines.start("approval", 7, case.id, "4h", at=START)
    assert swept(5) == 2
    with clock.at(START + timedelta(hours=5)):
        deadlines.move("approval", 7, START + timedelta(hours=9))
    assert [swept(7), swept(8.5), swept(9.5)] == [0, 1, 1]


@pytest.mark.django_db
def test_working_time_is_counted_on_the_calendar_it_names(cast: Cast) -> None:
    evening = local("2026-11-03T16:00")
    assert deadlines.due_after(evening, "4h") == local("2026-11-03T20:00")
    assert deadlines.due_after(evening, "4h", "cn-work") > local("2026-11-04T08:00")


@given(at=st.integers(-100, 100))
def test_a_level_is_named_by_where_it_lies(at: int) -> None:
    named = kind_of(START + timedelta(seconds=at), START)
    assert named == ("warned" if at < 0 else "breached" if at == 0 else "escalated")
