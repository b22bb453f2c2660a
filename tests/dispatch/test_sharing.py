"""Who gets which case: duty, skill, level, load, fair shares; nobody absent gets work."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.dispatch import assigning, rounds
from bihuan.dispatch.models import Assignment, Skill, UnitWork
from bihuan.dispatch.sharing import Person, Standing, Work, choose, plan
from bihuan.flow import actions as flow
from bihuan.flow import assigning as periodic
from bihuan.identity.models import Absence, Shift, Staff
from bihuan.identity.presence import Presence
from bihuan.kernel import clock
from bihuan.sla import deadlines
from cast import Cast

IDS = st.integers(1, 30)


@given(st.sets(IDS, min_size=1, max_size=8), st.integers(0, 60), st.integers(0, 5), st.integers(0, 9))
@settings(deadline=None)
def test_shares_of_equal_people_differ_by_at_most_one(ids: set[int], many: int, load: int, most: int) -> None:
    people = [Person(one, ("N02",)) for one in sorted(ids)]
    standing = Standing({one: float(load) for one in ids}, dict.fromkeys(ids, load), {})
    chosen = plan([Work(n, "N0201") for n in range(many)], people, standing, most_open=most)
    shares = Counter(one.staff_id for one in chosen)
    assert len(chosen) == many
    assert max(shares.values(), default=0) - min((shares[one] for one in ids), default=0) <= 1


@given(st.dictionaries(IDS, st.none() | IDS, max_size=8), st.lists(IDS, max_size=8, unique=True), st.booleans())
@settings(deadline=None)
def test_nobody_absent_gets_work(away: dict[int, int | None], turn: list[int], rostered: bool) -> None:
    everyone = list(range(1, 31))
    there = Presence(
        away, {1: tuple(turn)}, frozenset({1} if rostered else ()), dict.fromkeys(everyone), dict.fromkeys(everyone, 1)
    )
    here = there.working(1, everyone)
    chosen = plan([Work(n) for n in range(40)], [Person(one) for one in here], Standing())
    assert not {one.staff_id for one in chosen} & set(away)
    assert not rostered or set(here) <= {*turn, *away.values()}


def test_the_narrowest_fitting_skill_decides_and_load_comes_after_it() -> None:
    broadband, anything, billing = Person(1, ("N02",)), Person(2), Person(3, ("C01",))
    busy = Standing(load={1: 9.0}, open={1: 9})
    found = choose(Work(7, "N0205"), [anything, billing, broadband], busy)
    assert found is not None
    assert (found.staff_id, found.because["skill"], found.because["open"]) == (1, "N02", 9)
    other = choose(Work(8, "S01"), [billing, broadband, anything], busy)
    assert other is not None
    assert other.staff_id == 2
    bounded = choose(Work(9, "N0205"), [broadband, Person(4, ("N0205",))], busy, most_open=9)
    assert bounded is not None
    assert bounded.staff_id == 4


def test_an_important_customer_goes_to_who_is_trained_for_it() -> None:
    people = [Person(1), Person(2, level=6)]
    chosen = [choose(Work(1, level=level), people, Standing(load={2: 3.0}), vip_level=6) for level in (7, 2)]
    assert [one and one.staff_id for one in chosen] == [2, 1]


@pytest.fixture
def automatic(cast: Cast) -> Cast:
    """Maintenance gives its work out by itself, within half an hour to be received; three equal people and a lead."""
    unit = cast.units["mt_cz"]
    UnitWork.objects.create(unit_id=unit.pk, mode="auto", pickup_term="30m", late_to="pool")
    for name in ("mb", "mc"):
        cast.staff[name] = Staff.objects.create(
            username=name, name=name, unit=unit, roles=["handler"], created_at=clock.now()
        )
    return cast


def _dispatched(cast: Cast, **changes: object) -> Case:
    case = cast.case(**changes)
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].pk)
    return case


def test_a_unit_shares_its_work_out_fairly_with_the_reason_on_the_case(automatic: Cast) -> None:
    cast, found = automatic, []
    Skill.objects.create(staff_id=cast.ma.pk, kind="category", code="N01")
    for name in ("mb", "mc"):
        Skill.objects.create(staff_id=cast.staff[name].pk, kind="category", code="N01")
    Shift.objects.create(
        unit=cast.units["mt_cz"], staff=cast.mb, starts_at=clock.now() - timedelta(hours=1),
        ends_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    Shift.objects.create(
        unit=cast.units["mt_cz"], staff=cast.ma, starts_at=clock.now() - timedelta(hours=1),
        ends_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    for _n in range(4):
        found.append(_dispatched(cast))
    assert periodic.run() == 4
    given = Counter(Case.objects.filter(id__in=[case.id for case in found]).values_list("handler_id", flat=True))
    assert given == {cast.ma.pk: 2, cast.mb.pk: 2}  # mc has no turn
    event = CaseEvent.objects.filter(case_id=found[-1].id, kind="assigned").get()
    assert event.payload["duty"] is True
    assert event.payload["skill"] == "N01"
    assert event.payload["open"] == 1
    assert set(deadlines.open_of("pickup", [case.id for case in found])) == {case.id for case in found}


def test_choosing_takes_the_same_statements_for_one_and_for_many(automatic: Cast) -> None:
    counts = []
    for many in (1, 12):
        for _n in range(many):
            _dispatched(automatic)
        with CaptureQueriesContext(connection) as asked:
            assert len(rounds.share_out(clock.now())) == many
        counts.append(len(asked))
    assert counts[1] <= counts[0], counts  # the first reads settings that are cached from then on


def test_what_is_not_received_in_time_goes_back_and_on_to_another(automatic: Cast) -> None:
    cast, case = automatic, _dispatched(automatic)
    periodic.run()
    case.refresh_from_db()
    first, later = case.handler_id, clock.now() + timedelta(minutes=31)
    assert first is not None
    with clock.at(later):
        periodic.run()  # the breach is not told yet: nothing moves
        assert Assignment.objects.get(case_id=case.id, ended_at=None).staff_id == first
        deadlines.sweep(later)
        periodic.run()
    case.refresh_from_db()
    assert case.handler_id not in {None, first}
    kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", "payload__how"))[-4:]
    assert kinds == [("deadline_warned", None), ("deadline_breached", None), ("assigned", "late"), ("assigned", "auto")]
    unit = cast.units["mt_cz"]
    unit.responsible = cast.li
    unit.save()
    row = UnitWork.objects.get()
    row.late_to = "lead"
    row.save()
    with clock.at(later + timedelta(minutes=31)):
        deadlines.sweep(clock.now())
        periodic.run()
    case.refresh_from_db()
    assert case.handler_id == cast.li.pk
    assert not deadlines.open_of("pickup", [case.id])


def test_work_of_somebody_absent_flows_to_her_deputy_and_is_offered_back(automatic: Cast) -> None:
    cast, case = automatic, _dispatched(automatic)
    dispatch.receive(case, cast.doer("ma"), "self")
    away = Absence.objects.create(
        staff=cast.ma, deputy=cast.mb, starts_at=clock.now(), ends_at=clock.now() + timedelta(days=2)
    )
    periodic.run()
    case.refresh_from_db()
    assert case.handler_id == cast.mb.pk
    assert case.status == "received"
    periodic.run()
    assert CaseEvent.objects.filter(case_id=case.id, kind="assigned").count() == 1
    with clock.at(away.ends_at + timedelta(minutes=1)):
        periodic.run()
        periodic.run()
        assert CaseEvent.objects.filter(case_id=case.id, kind="offered_back").count() == 1
        assert assigning.offered_to(case.id, cast.ma.pk)
        case.refresh_from_db()
        assigning.take_back(case, cast.doer("ma"))
    assert case.handler_id == cast.ma.pk
    assert Assignment.objects.get(case_id=case.id, ended_at=None).how == "back"
