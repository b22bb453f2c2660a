"""环比 and 同比: what a figure is compared with, and that running periods are compared with as much of the earlier one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases.filters import parse
from bihuan.insight.asking import OPERATOR
from bihuan.insight.periods import PRESETS, Step, moved, preset, step_back, stretch_of
from bihuan.insight.queries import Row, figures
from bihuan.kernel.errors import RuleError
from insight.insight_cast import finished, local, register_all


def volumes(row: Row) -> tuple[object, ...]:
    return (row.cells["volume"].value, *(cells["volume"].value for cells in row.compared.values()))


@pytest.mark.django_db
def test_months_are_compared_with_the_month_before_and_the_same_month_last_year() -> None:
    days = [(2016, 4, 5)] * 3 + [(2016, 3, 31)] * 2 + [(2016, 5, 1)] + [(2015, 4, 30)] * 4
    register_all([finished(local(*day, 12)) for day in days])
    table = figures(
        OPERATOR, ["volume"], ["month"], parse({"from": "2016-04-01", "to": "2016-05-31"}), ["previous", "last_year"]
    )
    assert {row.keys: volumes(row) for row in table.rows} == {("2016-04",): (3, 2, 4), ("2016-05",): (1, 3, 0)}
    assert volumes(table.totals) == (4, None, 4)


@pytest.mark.django_db
def test_other_groups_are_compared_over_the_whole_period() -> None:
    register_all([finished(local(2016, 4, 5, 12)), finished(local(2016, 3, 5, 12)), finished(local(2016, 2, 5, 12))])
    table = figures(OPERATOR, ["volume"], ["channel"], parse({"from": "2016-03-01", "to": "2016-04-30"}), ["previous"])
    assert [volumes(row) for row in table.rows] == [(2, 1)]


@pytest.mark.django_db
def test_weeks_and_days_are_compared_with_their_own_kind() -> None:
    register_all([finished(local(2016, 4, day, 12)) for day in (4, 5, 11, 12, 12)])
    weeks = figures(OPERATOR, ["volume"], ["week"], parse({"from": "2016-04-11", "to": "2016-04-17"}), ["previous"])
    assert [(row.keys, volumes(row)) for row in weeks.rows] == [(("2016-04-11",), (3, 2))]
    days = figures(OPERATOR, ["volume"], ["day"], parse({"from": "2016-04-12", "to": "2016-04-12"}), ["previous"])
    assert [(row.keys, volumes(row)) for row in days.rows] == [(("2016-04-12",), (2, 1))]


@pytest.mark.django_db
def test_a_rate_is_compared_at_the_same_age() -> None:
    """As of noon of the tenth, last month's order of the tenth was not closed either at noon of its tenth."""
    register_all([finished(local(2016, month, 10, 9), hours=5) for month in (4, 5)])
    chosen = parse({"from": "2016-05-01", "to": "2016-05-31", "as_of": local(2016, 5, 10, 12).isoformat()})
    table = figures(OPERATOR, ["completion_rate"], [], chosen, ["previous"])
    assert table.totals.cells["completion_rate"].of == 0
    assert table.totals.compared["previous"]["completion_rate"].of == 0


@pytest.mark.django_db
def test_a_comparison_needs_a_period() -> None:
    with pytest.raises(RuleError) as refused:
        figures(OPERATOR, ["volume"], [], parse({"from": "2016-05-01"}), ["previous"])
    assert refused.value.field == "compare"


def test_a_month_still_running_is_compared_with_as_much_of_the_month_before() -> None:
    now = local(2026, 11, 21, 18)
    stretch = stretch_of(date(2026, 11, 1), date(2026, 11, 30), now)
    earlier = moved(stretch, step_back("previous", date(2026, 11, 1), date(2026, 11, 30), ""), now)
    assert (earlier.start, earlier.end, earlier.as_of) == (
        local(2026, 10, 1),
        local(2026, 10, 21, 18),
        local(2026, 10, 21, 18),
    )


def test_the_last_day_of_a_long_month_falls_on_the_last_of_a_short_one() -> None:
    assert Step(months=1).back(date(2026, 3, 31)) == date(2026, 2, 28)
    assert Step(months=12).back(date(2024, 2, 29)) == date(2023, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(list(PRESETS)))
def test_presets_are_stretches_that_do_not_lie_ahead(today: date, code: str) -> None:
    first, last = preset(code, today)
    assert first <= last <= today
    assert (today - first).days <= 366


@given(st.dates(date(1995, 1, 1), date(2100, 1, 1)), st.integers(0, 400), st.sampled_from(["", "month", "week", "day"]))
def test_what_is_compared_lies_before(first: date, length: int, unit: str) -> None:
    last = date.fromordinal(first.toordinal() + length)
    for against in ("previous", "last_year"):
        step = step_back(against, first, last, unit)  # type: ignore[arg-type]
        assert step.back(first) < first
        if not unit and against == "previous":
            assert step.back(last) < first
