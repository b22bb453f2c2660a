"""Who is on duty, who stands in, and how a shift is handed over."""

from datetime import timedelta

import pytest

from bihuan.identity import handover, roster
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from cast import Cast

HOUR = timedelta(hours=1)


def _shift(cast: Cast, who: str = "du", by: str = "du", start: float = -1, hours: float = 8, kind: str = "manager"):
    begin = clock.now() + start * HOUR
    staff = cast.staff[who]
    return roster.add_shift(staff.unit_id, staff.pk, kind, begin, begin + hours * HOUR, cast.viewer(by))


def test_who_is_on_duty_now_managers_first(cast: Cast):
    _shift(cast, "an", kind="desk")
    _shift(cast, "du")
    _shift(cast, "bo", start=5, kind="desk")
    assert [duty.person.username for duty in roster.on_duty([cast.units["sc_cz"].pk])] == ["du", "an"]


def test_of_who_is_away_the_deputy_stands_in_and_of_her_again_hers(cast: Cast):
    Staff.objects.filter(pk=cast.du.pk).update(deputy=cast.di)
    _shift(cast, "du")
    unit, now = [cast.units["sc_cz"].pk], clock.now()
    roster.add_absence(cast.du.pk, now - HOUR, now + HOUR, cast.viewer("du"))
    assert roster.on_duty(unit)[0].person == cast.di
    roster.add_absence(cast.di.pk, now - HOUR, now + HOUR, cast.viewer("di"), deputy_id=cast.an.pk)
    assert roster.on_duty(unit)[0].person == cast.an
    assert roster.on_duty(unit, now + 2 * HOUR)[0].person == cast.du


def test_two_who_stand_in_for_each_other_and_are_both_away_end_nowhere(cast: Cast):
    now = clock.now()
    roster.add_absence(cast.an.pk, now - HOUR, now + HOUR, cast.viewer("an"), deputy_id=cast.bo.pk)
    roster.add_absence(cast.bo.pk, now - HOUR, now + HOUR, cast.viewer("bo"), deputy_id=cast.an.pk)
    assert roster.stand_in(cast.an) is None


def test_someone_does_one_turn_at_a_time(cast: Cast):
    _shift(cast, "du", start=0, hours=8)
    with pytest.raises(Conflict):
        _shift(cast, "du", start=7, hours=8)
    _shift(cast, "du", start=8, hours=8)


def test_a_turn_that_cannot_be_is_refused(cast: Cast):
    for hours in (0, -1, 25):
        with pytest.raises(RuleError):
            _shift(cast, hours=hours)
    with pytest.raises(RuleError):
        _shift(cast, kind="king")


@pytest.mark.parametrize(("who", "may"), [("du", True), ("li", False), ("an", False), ("gu", True), ("sy", False)])
def test_duty_is_planned_by_who_leads_the_unit_or_the_business(cast: Cast, who: str, may: bool):
    if may:
        _shift(cast, "an", by=who)
    else:
        with pytest.raises(Forbidden):
            _shift(cast, "an", by=who)


def test_last_week_can_be_repeated_without_clashes(cast: Cast):
    monday = clock.now() + 24 * HOUR
    for start in (-100, -50):
        _shift(cast, "du", start=start)
    assert roster.copy_week(cast.units["sc_cz"].pk, monday, cast.viewer("du")) == 2
    assert roster.copy_week(cast.units["sc_cz"].pk, monday, cast.viewer("du")) == 0


def test_the_responsible_person_is_named_by_who_leads(cast: Cast):
    roster.name_responsible(cast.units["team_cz"].pk, cast.te.pk, cast.viewer("li"))
    cast.units["team_cz"].refresh_from_db()
    assert cast.units["team_cz"].responsible == cast.te
    with pytest.raises(Forbidden):
        roster.name_responsible(cast.units["sc_cz"].pk, cast.te.pk, cast.viewer("li"))


def test_a_shift_is_handed_over_with_its_counts_and_taken_by_another_once(cast: Cast):
    unit = cast.units["sc_cz"].pk
    given = handover.give(unit, "湖塘基站断电，抢修中", {"open": 12, "late": 3, "odd": 9}, cast.viewer("an"))
    assert given.open_cases == {"open": 12, "late": 3, "due_soon": 0, "urgent": 0}
    with pytest.raises(Forbidden):
        handover.take(given.pk, cast.viewer("an"))
    with pytest.raises(NotFound):
        handover.take(given.pk, cast.viewer("ma"))
    assert handover.take(given.pk, cast.viewer("bo")).taken_by == cast.bo
    with pytest.raises(Conflict):
        handover.take(given.pk, cast.viewer("di"))


def test_a_handover_says_something_and_is_of_ones_own_unit(cast: Cast):
    with pytest.raises(RuleError):
        handover.give(cast.units["sc_cz"].pk, "  ", {}, cast.viewer("an"))
    with pytest.raises(Forbidden):
        handover.give(cast.units["mt_cz"].pk, "无", {}, cast.viewer("an"))
