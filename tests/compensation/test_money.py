"""Amounts are exact decimals; the ladder an amount climbs always ends at somebody who may grant it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.compensation.rules import LADDER, SHIPPED, ladder, limit_of, money
from bihuan.kernel.errors import RuleError

LIMITS = {role: Decimal(amount) for role, amount in SHIPPED.items()}
CENTS = st.integers(1, 999_999_999)


@given(CENTS)
def test_what_is_written_is_what_is_kept(cents: int) -> None:
    amount = Decimal(cents) / 100
    kept = money(f"{amount:.2f}")
    assert kept == amount
    assert kept.as_tuple().exponent == -2


@pytest.mark.parametrize("told", ["", "0", "0.00", "-5", "1.234", "1e3", "NaN", "12345678", "５０", "1,000", 0.1, True])
def test_anything_else_is_refused(told: object) -> None:
    with pytest.raises(RuleError):
        money(told)  # type: ignore[arg-type]


@given(CENTS, st.sampled_from(sorted(SHIPPED)))
def test_the_ladder_ends_at_the_first_who_may_grant_it(cents: int, role: str) -> None:
    amount, own = Decimal(cents) / 100, limit_of([role], LIMITS)
    try:
        rungs = ladder(amount, own, LIMITS)
    except RuleError:
        assert amount > max(LIMITS[one] for one in LADDER)
        return
    if amount <= own:
        assert rungs == []
        return
    assert LIMITS[rungs[-1]] >= amount
    assert all(LIMITS[one] < amount for one in rungs[:-1])
    assert all(LIMITS[one] > own for one in rungs)
