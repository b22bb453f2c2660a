"""When a body need not have taken an appeal: each condition by itself, and the bars by their months. Pure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.appeals import rules
from bihuan.appeals.rules import CHECKS, Claim, Limits, failing, months_after, too_old

ALL = Limits(frozenset(CHECKS))
GOOD = Claim(
    received_on=date(2026, 3, 2),
    claim="退还多收的费用",
    dispute="fee",
    arose_on=date(2026, 1, 5),
    complained_on=date(2026, 2, 1),
)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def test_a_complete_appeal_fails_nothing() -> None:
    assert failing(GOOD, ALL) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"interested": False}, "interested"),
        ({"named": False}, "named"),
        ({"claim": "  "}, "claim"),
        ({"missing": ("邮编",)}, "details"),
        ({"complained_on": None}, "complained"),
        ({"outcome": "accepted"}, "complained"),
        ({"outcome": "unanswered", "complained_on": date(2026, 2, 16)}, "complained"),
        ({"arose_on": date(2025, 10, 1)}, "too_old"),
        ({"dispute": "other", "arose_on": date(2024, 3, 1)}, "too_old"),
        ({"settled": True}, "settled"),
        ({"elsewhere": "court"}, "elsewhere"),
    ],
)
def test_each_condition_fails_by_itself_and_says_why(change: dict[str, object], code: str) -> None:
    claim = replace(GOOD, **change)  # type: ignore[arg-type]
    assert failing(claim, ALL) == [code]
    assert rules.ground(code, claim, ALL)
    assert code not in failing(claim, Limits(ALL.checks - {code}))


def test_fifteen_days_without_an_answer_are_enough() -> None:
    waited = replace(GOOD, outcome="unanswered", complained_on=GOOD.received_on - timedelta(days=15))
    assert failing(waited, ALL) == []


def test_several_grounds_are_numbered() -> None:
    claim = replace(GOOD, settled=True, elsewhere="court")
    told = rules.grounds(failing(claim, ALL), claim, ALL).splitlines()
    assert [line[:2] for line in told] == ["1.", "2."] and "法院" in told[1]


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2025, 9, 30), 5, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 7, 31), 5, date(2025, 12, 31)),
    ],
)
def test_months_end_where_the_shorter_month_ends(day: date, months: int, wanted: date) -> None:
    assert months_after(day, months) == wanted


@given(DAYS, st.integers(1, 60), st.integers(0, 4000), st.sampled_from(["fee", "other"]))
def test_an_appeal_once_too_old_stays_so_and_a_newer_dispute_is_never_older(
    arose: date, months: int, wait: int, dispute: str
) -> None:
    limits = Limits(frozenset(CHECKS), fee_months=months, other_months=months)
    claim = replace(GOOD, dispute=dispute, arose_on=arose, received_on=arose + timedelta(days=wait))
    old = too_old(claim, limits)
    assert old == (claim.received_on > months_after(arose, months))
    if old:
        assert too_old(replace(claim, received_on=claim.received_on + timedelta(days=1)), limits)
    else:
        assert not too_old(replace(claim, arose_on=arose + timedelta(days=1)), limits)


@given(DAYS, st.integers(0, 40), st.integers(0, 30))
def test_unanswered_counts_from_the_day_the_operators_time_is_over(complained: date, wait: int, days: int) -> None:
    claim = replace(GOOD, outcome="unanswered", complained_on=complained, received_on=complained + timedelta(days=wait))
    assert rules.complained(claim, days) == (wait >= days)


def test_no_months_means_never_too_old() -> None:
    never = Limits(frozenset(CHECKS), fee_months=0, other_months=0)
    assert not too_old(replace(GOOD, arose_on=date(1991, 1, 1)), never)


@given(
    st.builds(
        Claim,
        received_on=DAYS,
        interested=st.booleans(),
        named=st.booleans(),
        claim=st.sampled_from(["", "退费"]),
        dispute=st.sampled_from(["fee", "other"]),
        arose_on=st.none() | DAYS,
        complained_on=st.none() | DAYS,
        outcome=st.sampled_from(list(rules.OUTCOMES)),
        settled=st.booleans(),
        elsewhere=st.sampled_from(list(rules.ELSEWHERE)),
    ),
    st.sets(st.sampled_from(list(CHECKS))),
)
def test_only_what_the_body_asks_can_fail_and_every_failure_has_a_sentence(claim: Claim, asked: set[str]) -> None:
    limits = Limits(frozenset(asked))
    found = failing(claim, limits)
    assert set(found) <= asked
    assert all(rules.ground(code, claim, limits) for code in found)


def test_every_status_can_be_reached_and_every_end_be_shut() -> None:
    targets = {step.target for step in rules.STEPS.values()}
    assert targets | {"in_hand"} == set(rules.STATUSES)
    for code, status in rules.STATUSES.items():
        if not status.open and code != "shut":
            assert any(step.target == "shut" for step in rules.allowed(code))
    assert rules.allowed("shut") == []
