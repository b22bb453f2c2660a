"""When somebody is called back, and what makes a customer unreachable."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.revisit.plan import Hours, Plan, Tried, missing, next_attempt

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))
hours = st.builds(
    lambda days, first, long: Hours(tuple(sorted(days)), first, min(24, first + long)),
    st.sets(st.integers(1, 7), min_size=1), st.integers(0, 22), st.integers(1, 12),
)  # fmt: skip


@given(hours, moments)
def test_the_next_call_lies_in_an_open_hour_and_never_before(window: Hours, moment: datetime) -> None:
    found = window.next(moment)
    assert found >= moment and window.open(found)
    assert found - moment <= timedelta(days=8)


def test_a_time_the_customer_named_wins_over_the_hours() -> None:
    late = START.replace(hour=15)
    assert next_attempt(Plan(), START, late) == late
    assert next_attempt(Plan(gap=timedelta(hours=2)), START) == START + timedelta(hours=2)


@given(st.lists(st.tuples(moments, st.sampled_from(("call", "sms"))), max_size=12))
def test_the_plan_is_met_only_by_attempts_far_enough_apart(told: list[tuple[datetime, str]]) -> None:
    plan = Plan(gap=timedelta(hours=2), attempts=3, spread_days=2, media=("call", "sms"))
    tried = [Tried(at, means) for at, means in told]
    lacking = missing(plan, tried)
    if lacking.met:
        assert len(tried) >= 3 and {one.means for one in tried} >= {"call", "sms"}
        assert len({one.at.date() for one in tried}) >= 1
    assert lacking.attempts <= 3


def test_three_calls_in_a_minute_are_one_attempt() -> None:
    quick = [Tried(START + timedelta(seconds=20 * n), "call") for n in range(3)]
    assert missing(Plan(), quick).attempts == 2
