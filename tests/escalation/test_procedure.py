"""The graded procedure as the watch applies it: each level once, whenever the program stood still; deputies hear of it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.dispatch import actions as dispatch
from bihuan.escalation import editing, queries
from bihuan.flow import actions as flow
from bihuan.flow import escalation
from bihuan.identity.models import Absence, Shift, Unit
from bihuan.kernel import clock
from bihuan.notices.models import Notice
from bihuan.sla import deadlines
from bihuan.sla.replay import differences
from bihuan.supervision.models import Supervision
from cast import Cast

START = clock.now().replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=20)
LATER = 24 * 12


@pytest.fixture
def held(cast: Cast) -> Case:
    """In handling with Ma; Lin answers for the department, Du is the duty manager on duty, Gu runs the management."""
    for code, who in (("mt_cz", "li"), ("mgmt", "gu"), ("hq", "he")):
        Unit.objects.filter(code=code).update(responsible=cast.staff[who])
    Shift.objects.create(
        unit=cast.units["sc_cz"], staff=cast.du, kind="manager", starts_at=START, ends_at=START + timedelta(days=60)
    )
    return _held(cast)


def _held(cast: Cast) -> Case:
    case = cast.case(at=START)
    with clock.at(START + timedelta(minutes=2)):
        flow.accept(case, cast.doer("di"), category="N0101")
        dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].pk)
        dispatch.receive(case, cast.doer("ma"), "self")
        deadlines.start("assistance", case.id, case.id, "6h", escalate=("4h",), unit_id=cast.units["mt_cz"].pk)
    return case


def _sweep(hours: float) -> None:
    with clock.at(START + timedelta(hours=hours)):
        escalation.run_limits()
        escalation.run_terms()


def _told(case: Case) -> Counter[tuple[str, object, int]]:
    """What the watch wrote; the term of the supervision it ordered itself begins when it was ordered, and is left out."""
    rows = CaseEvent.objects.filter(case_id=case.id, kind__regex="^(clock|deadline)_")
    told = [row for row in rows if row.payload.get("deadline") != "supervision"]
    return Counter(
        (row.kind, row.payload.get("clock", row.payload.get("deadline")), row.payload["level"]) for row in told
    )


def _heard(case: Case) -> Counter[tuple[int, str]]:
    rows = Notice.objects.filter(case_id=case.id, kind__startswith="limit_")
    return Counter((row.staff_id, row.kind) for row in rows if row.facts.get("work") != "supervision")


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0.1, LATER - 1), max_size=5))
def test_however_often_the_program_stood_still_each_level_is_told_once_and_none_is_missed(
    held: Case, looks: list[float]
) -> None:
    with transaction.atomic():
        _sweep(LATER)
        once, heard = _told(held), _heard(held)
        transaction.set_rollback(True)
    with transaction.atomic():
        for hours in [*sorted(looks), LATER, LATER]:
            _sweep(hours)
        assert _told(held) == once and set(once.values()) == {1}
        assert _heard(held) == heard and len(heard) >= 5
        assert Supervision.objects.filter(case_id=held.id).count() == 1
        assert list(verify()) == [] and list(differences([held.id], START + timedelta(hours=LATER))) == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_level_names_itself_raises_supervises_and_gives_the_case_on(held: Case, cast: Cast) -> None:
    newest = queries.latest()
    assert newest is not None
    lines = editing.plain(newest)
    last = next(line for line in lines if line["code"] == "escalate-2-end")
    editing.put({**last, "actions": {**last["actions"], "reassign": "lead", "raise": True}}, 1, cast.gu.pk)
    before = held.priority
    _sweep(LATER)
    held.refresh_from_db()
    event = CaseEvent.objects.filter(case_id=held.id, payload__procedure__code="escalate-2-end").order_by("seq")[0]
    assert event.payload["procedure"]["version"] == 2 and event.payload["procedure"]["level"] == 4
    assert event.payload["procedure"]["because"] == {"family": ["resolve"]}
    assert set(event.payload["told"]) == {cast.li.pk, cast.gu.pk, cast.he.pk}
    assert held.priority < before and "supervised" in held.flags and held.handler_id == cast.li.pk
    order = Supervision.objects.get(case_id=held.id)
    assert order.ordered_by_id is None and deadlines.open_of("supervision", [order.pk])
    assert Notice.objects.filter(staff_id=cast.ma.pk, kind="taken_back").count() == 1
    assert Notice.objects.filter(staff_id=cast.gu.pk, kind="limit_escalated").exists()


@pytest.mark.django_db
def test_the_deputy_hears_of_what_an_absent_person_would_have_heard(held: Case, cast: Cast) -> None:
    Absence.objects.create(
        staff=cast.ma, deputy=cast.te, starts_at=START, ends_at=START + timedelta(days=60), reason="休假"
    )
    _sweep(LATER)
    told = Notice.objects.filter(kind="limit_breached")
    assert told.filter(staff_id=cast.te.pk, instead_of_id=cast.ma.pk).exists()
    assert not told.filter(staff_id=cast.ma.pk).exists()


@pytest.mark.django_db
def test_many_are_met_in_as_many_statements_as_few(cast: Cast) -> None:
    def spent(count: int, hours: float) -> int:
        for _number in range(count):
            _held(cast)
        with CaptureQueriesContext(connection) as found:
            _sweep(hours)
        return len(found)

    spent(1, LATER)
    assert spent(12, LATER) <= spent(2, LATER) + 2
