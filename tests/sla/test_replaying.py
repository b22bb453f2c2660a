"""Whatever happens to a case, in whatever order, its clocks equal what its events alone say."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.sla import clocks, policies
from bihuan.sla.clocks import ALIVE, State
from bihuan.sla.fold import fold
from sla.sla_cast import COMPLAINT, Life, book, policy

BOOK = book(
    policy("office", "8h", calendar="cn-work", pausable=True, warn=[0.5], escalate=["1h"], reopen_on=["reopened"]),
    policy("days", "5wd", calendar="cn-work", pausable=True),
    policy("stars", "30h", variants=[{"applies": {"customer_level__gte": 6}, "duration": "4h"}], pausable=True),
    policy("news", "6h", start_on=["registered", "contacted"], stop_on=["contacted"], repeats=True),
)
KINDS = (
    "accepted", "classified", "dispatched", "received", "returned", "recalled", "handling_started", "contacted", "waiting",
    "resumed", "first_replied", "replied", "closed", "reopened", "priority_changed", "customer_changed", "declined",
)  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[str, int, dict[str, Any]]]:
    """Up to a dozen events: kind, minutes since the one before, facts that change."""
    found = []
    for _n in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(KINDS))
        facts: dict[str, Any] = {}
        if kind in policies.RECLASSIFY:
            facts = {
                "service_type": draw(st.sampled_from(["fault", "complaint", "enquiry"])),
                "urgency": draw(st.sampled_from(["normal", "urgent"])),
                "customer_level": draw(st.sampled_from([0, 7])),
            }
        found.append((kind, draw(st.integers(0, 3000)), facts))
    return found


def lived(events: list[tuple[str, int, dict[str, Any]]], looks: list[bool]) -> tuple[Life, datetime]:
    """The life; where `looks` says so the watch has just come by."""
    life, at = Life(BOOK, **COMPLAINT, customer_level=0), datetime(2026, 3, 2, 9, 0)
    life.hear("registered", at.isoformat())
    for (kind, minutes, facts), look in zip(events, looks, strict=True):
        at += timedelta(minutes=minutes)
        if look:
            life.watch((at - timedelta(microseconds=1)).isoformat())
        life.hear(kind, at.isoformat(), **facts)
    return life, at


def what_counts(state: clocks.ClockState) -> tuple[Any, ...]:
    return state._replace(level=0, next_at=None)


@settings(deadline=None)
@given(lives(), st.data())
def test_clocks_equal_what_the_events_alone_say_however_often_the_watch_came_by(
    events: list[tuple[str, int, dict[str, Any]]], data: st.DataObject
) -> None:
    looks = data.draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events)))
    life, _end = lived(events, looks)
    told = fold(life.history, lambda _event: life.book)
    stored = [(clock.policy_id, clock.variant, clock.round, what_counts(clock.state)) for clock in life.clocks]
    assert stored == [(t.clock.policy.id, t.clock.variant, t.clock.round, what_counts(t.clock.state)) for t in told]


@settings(deadline=None)
@given(lives())
def test_what_always_holds(events: list[tuple[str, int, dict[str, Any]]]) -> None:
    life, end = lived(events, [True] * len(events))
    families = [life.book.policy(c.policy_id).kin for c in life.clocks if c.state.state in ALIVE]
    assert len(families) == len(set(families)), "one living clock a family"
    for clock in life.clocks:
        state, terms = clock.state, life.book.terms(clock)
        assert state.worked >= 0
        assert state.paused >= 0
        assert state.due_at is None or state.due_at >= state.started_at
        if state.state == State.MET:
            assert state.worked <= state.allowance
        if state.state == State.LATE:
            assert state.worked >= state.allowance, "equal when it ends after closing time on the last day"
        if state.state == State.RUNNING and state.due_at is not None:
            calendar_says = terms.basis.between(state.counted_from, state.due_at) // timedelta(microseconds=1)
            assert state.worked + calendar_says == state.allowance or state.worked > state.allowance
        if not life.book.policy(clock.policy_id).pausable:
            assert state.state != State.PAUSED


@settings(deadline=None)
@given(lives())
def test_a_watch_that_slept_finds_the_breaches_one_that_never_sleeps_finds(
    events: list[tuple[str, int, dict[str, Any]]],
) -> None:
    def breaches(looks: list[bool]) -> set[tuple[str, str]]:
        life, end = lived(events, looks)
        life.watch((end + timedelta(days=30)).isoformat())
        return set(life.missed)

    assert breaches([True] * len(events)) == breaches([False] * len(events))
