"""Which promises a case has, and how they follow what happens to it."""

from typing import Any

import pytest

from bihuan.kernel.errors import RuleError
from bihuan.sla import shipped
from bihuan.sla.clocks import State
from bihuan.sla.policies import Owner, condition, from_data
from sla.sla_cast import COMPLAINT, OUTAGE, Life, book, local, policy


def codes(facts: dict[str, Any]) -> set[str]:
    return {new.policy.code for new in book().started_by("registered", facts, local("2026-11-03T09:00"))}


def test_every_published_figure_is_shipped() -> None:
    figures = {(one["code"].rsplit(".", 1)[0], one["duration"]) for one in shipped.POLICIES}
    assert figures >= {
        ("classify", "15m"), ("dispatch", "2h"), ("urgent.respond", "2h"), ("urgent.repair", "48h"), ("general", "24h"),
        ("basic.respond", "1h"), ("complex", "24h"), ("network.repair", "2h"), ("network.deliver", "45s"),
        ("broadband", "24h"), ("progress", "3h"), ("resolve", "72h"), ("supervision.answer", "48h"),
        ("supervision.feedback", "72h"), ("reply", "48h"), ("assess.respond", "20m"), ("assess.solve", "48h"),
        ("support", "24h"), ("conflict", "48h"), ("regulator", "15d"),
    }  # fmt: skip


def test_shipped_promises_are_named_in_both_languages() -> None:
    for one in shipped.POLICIES:
        made = from_data(one)
        assert made.name and made.name_en.isascii() and made.basis and made.owner in set(Owner)


def test_an_ordinary_complaint_has_its_own_clocks_and_the_regulators() -> None:
    assert codes(COMPLAINT) == {"classify.15m", "reply.48h", "resolve.72h", "regulator.15d"}


def test_an_outage_is_repaired_sooner_instead_of_resolved_later() -> None:
    assert codes(OUTAGE) == {
        "classify.15m", "reply.48h", "urgent.respond.2h", "urgent.repair.48h", "regulator.15d",
    }  # fmt: skip


def test_an_enquiry_owes_nothing_to_the_regulator_unless_he_sent_it() -> None:
    assert "regulator.15d" not in codes({**COMPLAINT, "service_type": "enquiry"})
    assert "regulator.15d" in codes({**COMPLAINT, "service_type": "enquiry", "channel": "regulator"})


def test_a_province_may_be_stricter() -> None:
    assert "regulator.henan.5wd" in codes({**COMPLAINT, "province": 410000})


def test_the_regulators_clock_never_pauses() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("waiting", "2026-11-03T10:00")
    assert life.clock("resolve.72h").state.state == State.PAUSED
    assert life.clock("regulator.15d").state.state == State.RUNNING
    life.hear("resumed", "2026-11-20T10:00")
    assert life.clock("regulator.15d").state.due_at == local("2026-11-18T09:00")


def test_a_reason_that_does_not_pause_leaves_the_clocks_running() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("waiting", "2026-11-03T10:00", pauses=False)
    assert life.clock("resolve.72h").state.state == State.RUNNING


def test_a_recalled_case_does_not_sleep_on() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("waiting", "2026-11-03T10:00")
    assert life.hear("recalled", "2026-11-03T12:00").clock("resolve.72h").state.state == State.RUNNING


def test_each_unit_has_its_own_time() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("dispatched", "2026-11-03T10:00")
    life.hear("returned", "2026-11-03T20:00").hear("dispatched", "2026-11-03T21:00")
    clock = life.clock("unit.24h")
    assert clock.round == 2
    assert clock.state.due_at == local("2026-11-04T21:00")
    assert life.clocks[-2].state.state == State.MET, "dispatching again was in time"


def test_a_promise_that_applies_only_later_counts_from_its_own_beginning() -> None:
    life = Life(book(), service_type="complaint").hear("registered", "2026-11-03T09:00")
    life.hear("waiting", "2026-11-03T09:20").hear("resumed", "2026-11-03T09:40")
    life.hear("classified", "2026-11-03T10:00", service_type="fault", urgency="urgent")
    respond = life.clock("urgent.respond.2h")
    assert respond.state.started_at == local("2026-11-03T09:00")
    assert respond.state.due_at == local("2026-11-03T11:00")
    assert life.clock("urgent.repair.48h").state.due_at == local("2026-11-05T09:20")


def test_a_promise_used_up_before_it_applied_is_due_when_it_begins_to_apply() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00")
    life.hear("classified", "2026-11-03T15:00", service_type="fault", urgency="urgent")
    assert life.clock("urgent.respond.2h").state.due_at == local("2026-11-03T15:00")


def test_a_promise_already_kept_is_not_begun_again() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("contacted", "2026-11-03T09:30")
    life.hear("classified", "2026-11-03T10:00", service_type="fault", urgency="urgent")
    assert not life.has("urgent.respond.2h")


def test_a_promise_that_no_longer_applies_is_dropped() -> None:
    life = Life(book(), service_type="fault", urgency="urgent").hear("registered", "2026-11-03T09:00")
    life.hear("classified", "2026-11-03T09:10", service_type="enquiry", urgency="normal")
    assert life.clock("urgent.respond.2h").state.state == State.CANCELLED
    assert life.clock("regulator.15d").state.state == State.CANCELLED
    assert life.clock("resolve.72h").state.due_at == local("2026-11-06T09:00")


def test_an_unanswered_call_is_no_contact() -> None:
    life = Life(book(), service_type="fault", urgency="urgent").hear("registered", "2026-11-03T09:00")
    life.hear("contacted", "2026-11-03T09:10", reached=False)
    assert life.clock("urgent.respond.2h").state.state == State.RUNNING
    life.hear("contacted", "2026-11-03T09:20", reached=True)
    assert life.clock("urgent.respond.2h").state.state == State.MET


def test_a_customer_level_may_have_its_own_duration() -> None:
    stars = policy("stars", "72h", variants=[{"applies": {"customer_level__gte": 6}, "duration": "24h"}])
    life = Life(book(stars, only=True), customer_level=2).hear("registered", "2026-11-03T09:00")
    assert life.clock("stars").state.due_at == local("2026-11-06T09:00")
    life.hear("customer_changed", "2026-11-03T10:00", customer_level=7)
    assert life.clock("stars").state.due_at == local("2026-11-04T09:00")


def test_a_new_version_leaves_running_clocks_alone() -> None:
    old, new = policy("p", "10h"), policy("p", "2h")
    life = Life(book(old, only=True)).hear("registered", "2026-11-03T09:00")
    from bihuan.sla.book import PolicyBook
    from sla.sla_cast import calendars

    life.book = PolicyBook.of([from_data(old, id=900, active=False), from_data(new, id=901, version=2)], calendars())
    life.hear("priority_changed", "2026-11-03T10:00", urgency="urgent")
    assert life.clock("p").policy_id == 900
    assert life.clock("p").state.due_at == local("2026-11-03T19:00")


def test_stopped_exactly_when_due_is_in_time() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("replied", "2026-11-05T09:00")
    assert life.clock("reply.48h").state.state == State.MET


def test_withdrawn_and_merged_cases_owe_nothing_here() -> None:
    for kind in ("withdrawn", "merged"):
        life = Life(book()).hear("registered", "2026-11-03T09:00").hear(kind, "2026-11-03T09:05")
        assert {clock.state.state for clock in life.clocks} == {State.CANCELLED}


def test_the_case_row_keeps_the_nearest_running_limit_and_the_overall_one() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00")
    assert life.book.standing(life.clocks)[:4] == (
        local("2026-11-03T09:15"), "classify.15m", "operator", local("2026-11-06T09:00"),
    )  # fmt: skip
    life.hear("accepted", "2026-11-03T09:05").hear("dispatched", "2026-11-03T09:06")
    assert life.book.standing(life.clocks).policy == "unit.24h"
    standing = life.hear("waiting", "2026-11-03T10:00").book.standing(life.clocks)
    assert (standing.policy, standing.paused) == ("reply.48h", True)


@pytest.mark.parametrize("applies", [{"urgency__like": ["x"]}, {"": 1}, {"level__gte": "three"}, {"urgency": []}])
def test_a_condition_nobody_understands_is_refused(applies: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match="policy.condition"):
        condition([applies])


@pytest.mark.parametrize(
    ("applies", "facts", "holds"),
    [
        ({"channel": "web"}, {"channel": "web"}, True),
        ({"channel__not": ["web"]}, {"channel": "web"}, False),
        ({"channel__not": ["web"]}, {}, True),
        ({"category__prefix": ["N02", "N05"]}, {"category": "N0501"}, True),
        ({"category__prefix": ["N02"]}, {"category": None}, False),
        ({"flags__has": ["conflict"]}, {"flags": ["major", "conflict"]}, True),
        ({"flags__has": ["conflict"]}, {}, False),
        ({"customer_level__gte": 5}, {"customer_level": 5}, True),
        ({"customer_level__gte": 0}, {"customer_level": "gold"}, False),
        ({"customer_level__lte": 5, "channel": "web"}, {"customer_level": 5, "channel": "app"}, False),
    ],
)
def test_conditions_read_as_they_are_written(applies: dict[str, Any], facts: dict[str, Any], holds: bool) -> None:
    assert condition([applies])(facts) is holds


def test_a_broken_promise_stays_broken_when_a_longer_one_takes_over() -> None:
    life = Life(book(), service_type="fault", urgency="urgent").hear("registered", "2026-11-03T09:00")
    life.hear("priority_changed", "2026-11-05T10:00", urgency="normal")
    broken = life.clock("urgent.repair.48h")
    assert broken.state.state == State.LATE
    goes_on = life.clock("resolve.72h")
    assert (goes_on.state.due_at, goes_on.round) == (local("2026-11-06T09:00"), 2)
    assert ("urgent.repair.48h", "breached", "11-05 09:00") in life.watch("2026-11-05T10:00")
    assert life.book.standing(life.clocks).limit_at == local("2026-11-06T09:00")


def test_a_promise_used_up_while_paused_is_due_when_the_pause_ends() -> None:
    life = Life(book(), service_type="fault").hear("registered", "2026-11-01T09:00").hear("waiting", "2026-11-03T19:00")
    life.hear("priority_changed", "2026-11-04T09:00", urgency="urgent")
    assert life.clock("urgent.repair.48h").state.state == State.PAUSED
    assert not [one for one in life.watch("2026-11-05T09:00") if one[0] == "urgent.repair.48h"]
    life.hear("resumed", "2026-11-05T09:00")
    assert life.watch("2026-11-05T09:01")[0][1:] == ("breached", "11-05 09:00")
