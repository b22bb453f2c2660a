"""The watch finds everything that fell due, once, and what is stored equals what the events say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cases.actions import check_version
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatching
from bihuan.handling import actions as handling
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.sla import actions, editing, models, queries, seeding, watch
from bihuan.sla.replay import differences, stories
from bihuan.triage import actions as triage
from cast import Cast
from sla.sla_cast import local

pytestmark = pytest.mark.django_db
START = local("2026-11-03T09:00")


def later(**parts: float) -> datetime:
    return START + timedelta(**parts)


def during(moment: datetime, verb: Callable[..., Any], case: Case, *rest: Any, **named: Any) -> Case:
    """Does `verb` at that moment to the case as it stands then."""
    with clock.at(moment):
        verb(Case.objects.select_for_update().get(pk=case.pk), *rest, **named)
    return Case.objects.get(pk=case.pk)


def fired(case: Case) -> list[tuple[str, str]]:
    rows = CaseEvent.objects.filter(case_id=case.id, source="clock").order_by("seq")
    return [(event.kind, event.payload["code"]) for event in rows]


def sweep(moment: datetime) -> int:
    with clock.at(moment):
        return watch.sweep(moment)


def test_seeding_twice_adds_nothing_and_leaves_edits_alone(cast: Cast) -> None:
    models.Policy.objects.filter(code="reply.48h").update(duration="36h")
    assert seeding.seed() == {"calendars": 0, "days": 0, "policies": 0}
    assert models.Policy.objects.get(code="reply.48h").duration == "36h"


def test_a_registered_case_carries_its_nearest_limit(cast: Cast) -> None:
    case = cast.case(at=START)
    assert case.next_due_at == later(minutes=15)
    assert (case.next_due_policy, case.next_due_owner) == ("classify.15m", "operator")
    assert case.limit_at == later(hours=72)


def test_what_fell_due_while_nothing_ran_fires_once_in_order_with_its_own_moment(cast: Cast) -> None:
    case = cast.case(at=START)
    assert sweep(later(hours=50)) > 0
    events = CaseEvent.objects.filter(case_id=case.id, source="clock").order_by("seq")
    due = [event.payload["due"] for event in events]
    assert due == sorted(due)
    assert ("clock_breached", "reply.48h") in fired(case)
    breach = next(e for e in events if e.kind == "clock_breached" and e.payload["code"] == "reply.48h")
    assert datetime.fromisoformat(breach.payload["due"]) == later(hours=48)
    assert breach.at == later(hours=50)
    assert sweep(later(hours=50)) == 0


def test_nothing_fires_before_it_is_due(cast: Cast) -> None:
    cast.case(at=START)
    assert sweep(later(minutes=10)) == 0


def test_a_case_of_the_past_day_lives_through_and_replays_without_difference(cast: Cast) -> None:
    case = cast.case(at=START)
    case = during(later(minutes=5), triage.accept, case, cast.doer("di"))
    case = during(later(minutes=20), dispatching.dispatch, case, cast.doer("di"), cast.units["mt_cz"].id)
    case = during(later(hours=1), dispatching.receive, case, cast.doer("ma"), "self")
    case = during(later(hours=1, minutes=5), handling.begin, case, cast.doer("ma"))
    case = during(later(hours=2), handling.wait, case, cast.doer("ma"), "customer_time", "周三再来")
    assert case.paused
    assert case.next_due_policy == "reply.48h"
    case = during(later(hours=8, minutes=30), handling.resume, case, cast.doer("ma"))
    assert not case.paused
    assert case.limit_at == later(hours=78, minutes=30)
    sweep(later(hours=60))
    assert list(differences([case.id], later(hours=60))) == []
    told = {story.code: story for story in stories(case.id, "zh", later(hours=60))}
    assert "因等待（客户要求改约时间）暂停 6 小时 30 分" in told["resolve.72h"].text
    assert told["classify.15m"].state == "met"


def test_a_changed_deadline_is_found_by_replay(cast: Cast) -> None:
    case = cast.case(at=START)
    models.Clock.objects.filter(case_id=case.id).update(due_at=later(days=30))
    assert {found.field for found in differences([case.id], later(minutes=1))} == {"due_at"}


def test_a_breach_without_its_event_is_found_by_replay(cast: Cast) -> None:
    case = cast.case(at=START)
    found = [one for one in differences([case.id], later(hours=1)) if one.field == "breached"]
    assert [one.policy for one in found] == ["classify.15m"]
    sweep(later(hours=1))
    assert list(differences([case.id], later(hours=1))) == []


def test_an_edited_limit_applies_to_new_cases_only_and_replay_knows_both(cast: Cast) -> None:
    before = cast.case()
    policy = models.Policy.objects.get(code="reply.48h")
    editing.edit_policy(policy.id, {"duration": "12h"}, by=cast.sy.id)
    after = cast.case(customer=cast.complaint().customer, content="宽带断网了，光猫亮红灯，怎么都连不上。")
    due = {
        case.id: next(v for v in queries.clocks_of(case.id, clock.now()) if v.policy.code == "reply.48h").granted
        for case in (before, after)
    }
    assert due == {before.id: timedelta(hours=48), after.id: timedelta(hours=12)}
    now = clock.now()
    assert list(differences([before.id, after.id], now)) == []
    assert editing.adopt("reply.48h", cast.doer("sy")) == 1
    moved = next(v for v in queries.clocks_of(before.id, now) if v.policy.code == "reply.48h")
    assert moved.granted == timedelta(hours=12)
    assert moved.due_at == before.registered_at + timedelta(hours=12)
    assert list(differences([before.id, after.id], clock.now())) == []


def test_a_limit_that_makes_no_sense_is_not_saved(cast: Cast) -> None:
    policy = models.Policy.objects.get(code="reply.48h")
    with pytest.raises(RuleError, match="duration"):
        editing.edit_policy(policy.id, {"duration": "soon"}, by=cast.sy.id)
    assert models.Policy.objects.get(code="reply.48h", latest=True).id == policy.id


def test_a_year_entered_later_sets_the_clocks_that_waited_for_it(cast: Cast) -> None:
    models.Policy.objects.filter(code="regulator.henan.5wd").update(applies=[])
    case = cast.case(at=local("2026-12-30T10:00"))
    waiting = next(v for v in queries.clocks_of(case.id, START) if v.policy.code == "regulator.henan.5wd")
    assert waiting.due_at is None
    assert queries.missing_years(local("2026-12-30T10:00")) == [("cn", 2027)]
    days = [("2027-01-01", False, "元旦"), ("2027-01-02", True, "元旦")]
    with clock.at(local("2026-12-31T10:00")):
        assert editing.enter_year("cn", 2027, days, by=cast.sy.id) == 1
    known = next(v for v in queries.clocks_of(case.id, START) if v.policy.code == "regulator.henan.5wd")
    assert known.due_at == local("2027-01-06T18:00")


def test_statements_do_not_grow_with_the_number_of_cases(cast: Cast) -> None:
    cases = [cast.case(at=START, content=f"第 {n} 件：家里没有信号。") for n in range(6)]
    queries.book()
    steps = [actions.Step(case.id, "accepted", later(minutes=1)) for case in cases]
    with CaptureQueriesContext(connection) as one:
        actions.apply(steps[:1])
    with CaptureQueriesContext(connection) as many:
        actions.apply(steps[1:])
    assert len(many) == len(one) <= 5
    with CaptureQueriesContext(connection) as swept:
        sweep(later(hours=100))
    assert len(swept) <= 20


def test_the_chip_shows_the_nearest_and_the_regulator(cast: Cast) -> None:
    case = cast.case(at=START)
    chip = queries.chips([case.id], later(minutes=1))[case.id]
    assert chip.policy.code == "classify.15m"
    assert chip.tone == "soon"
    assert chip.regulator_at == later(days=15)
    assert queries.chips([case.id], later(minutes=16))[case.id].tone == "late"


def test_a_warning_does_not_spoil_the_form_someone_is_filling(cast: Cast) -> None:
    case = cast.case(at=START)
    seen = case.version
    assert sweep(later(minutes=16)) > 0
    case.refresh_from_db()
    assert case.version > seen
    check_version(case, seen)
