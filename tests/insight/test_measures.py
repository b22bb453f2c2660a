"""Each measure on a small set of cases whose numbers can be counted by hand."""

from datetime import date

import pytest

from bihuan.cases.conditions import CONDITIONS, moment_of
from bihuan.cases.filters import Filter, parse
from bihuan.cases.models import Case
from bihuan.catalog.models import Subscribers
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.handling import actions as handling
from bihuan.insight.asking import OPERATOR
from bihuan.insight.measures import MEASURES
from bihuan.insight.queries import Cell, cases_behind, figures
from bihuan.intake import followup
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.revisit import actions as revisit
from bihuan.revisit.closing import close
from bihuan.revisit.review import Review
from bihuan.triage import actions as triage
from cast import DISTRICT, Cast
from insight.insight_cast import HOUR, finished, local, register_all

pytestmark = pytest.mark.django_db
START = local(2026, 3, 2, 9)
"""A Monday."""


def cell(code: str, **chosen: str) -> Cell:
    return figures(OPERATOR, [code], [], parse(chosen)).totals.cells[code]


def counts(code: str, **chosen: str) -> tuple[int | None, int | None]:
    found = cell(code, **chosen)
    return found.of, found.among


def outcomes(case: Case, as_of: str = "") -> set[str]:
    """In which of the disjoint outcomes a case is."""
    moment = moment_of(parse({"as_of": as_of}).as_of or clock.now())
    return {
        code
        for code in ("first_contact", "passed_on", "late")
        if Case.objects.filter(CONDITIONS[code].q(moment), pk=case.pk).exists()
    }


# ── finished orders: the moments decide ──


def test_answered_by_who_took_it_is_first_contact() -> None:
    (case,) = register_all([finished(START)])
    assert outcomes(case) == {"first_contact"}


def test_an_order_whose_file_tells_no_reply_was_answered_when_it_was_closed() -> None:
    (case,) = register_all([finished(START, replied_at=None, revisited_at=None)])
    assert outcomes(case) == {"first_contact"}


def test_passed_on_and_ended_in_time_is_passed_on() -> None:
    (case,) = register_all([finished(START, passed=1)])
    assert outcomes(case) == {"passed_on"}


@pytest.mark.parametrize("passed", [None, 1])
def test_ended_after_its_limit_is_late_whoever_answered_it(passed: float | None) -> None:
    (case,) = register_all([finished(START, hours=60, limit=48, passed=passed)])
    assert outcomes(case) == {"late"}


def test_ended_at_the_very_limit_is_in_time() -> None:
    (case,) = register_all([finished(START, hours=48, limit=48)])
    assert outcomes(case) == {"first_contact"}


def test_without_a_limit_of_its_own_the_policy_in_force_decides() -> None:
    in_time, late = register_all([finished(START, hours=70, limit=None), finished(START, hours=74, limit=None)])
    assert (outcomes(in_time), outcomes(late)) == ({"first_contact"}, {"late"})


def test_before_its_end_it_was_open_and_before_its_dispatch_not_passed_on() -> None:
    (case,) = register_all([finished(START, hours=10, passed=2)])
    assert outcomes(case, (START + HOUR).isoformat()) == set()
    assert outcomes(case, (START + 3 * HOUR).isoformat()) == {"passed_on"}
    assert counts("completion_rate", as_of=(START + 9 * HOUR).isoformat()) == (0, 1)
    assert counts("completion_rate", as_of=(START + 10 * HOUR).isoformat()) == (1, 1)


def test_the_rates_of_ten_orders() -> None:
    register_all(
        [finished(START) for _number in range(6)]
        + [finished(START, passed=1), finished(START, passed=2, satisfaction=2)]
        + [finished(START, hours=60, satisfaction=1), finished(START, hours=80, limit=72, passed=3, satisfaction=None)]
    )
    assert cell("volume").value == 10
    assert counts("first_contact_rate") == (6, 10)
    assert counts("passed_on_rate") == (2, 10)
    assert counts("late_rate") == (2, 10)
    assert counts("timely_rate") == (8, 10)
    assert counts("completion_rate") == (10, 10)
    assert counts("satisfaction_rate") == (7, 9)
    assert counts("dissatisfaction_rate") == (1, 9)
    assert counts("revisit_coverage") == (10, 10)
    assert counts("reply_coverage") == (10, 10)
    assert counts("first_reply_in_limit_rate") == (10, 10)
    assert cell("late_count").value == 2
    assert cell("open_count").value == 0


def test_handling_hours_are_those_of_the_calendar() -> None:
    register_all([finished(START, hours=hours) for hours in (1, 2, 3, 4, 10)])
    assert cell("avg_hours").value == pytest.approx(4)
    assert cell("median_hours").value == pytest.approx(3)
    assert cell("p90_hours").value == pytest.approx(7.6)


def test_a_share_is_of_the_group_above() -> None:
    register_all([finished(START), finished(START, channel="web"), finished(START, channel="web")])
    register_all([finished(local(2026, 4, 2, 9), channel="web")])
    table = figures(OPERATOR, ["share"], ["month", "channel"])
    assert {row.keys: row.cells["share"].value for row in table.rows} == {
        ("2026-03", "web"): pytest.approx(2 / 3),
        ("2026-03", "hotline"): pytest.approx(1 / 3),
        ("2026-04", "web"): 1,
    }
    assert table.subtotals[("2026-03",)].cells["share"].value == pytest.approx(3 / 4)
    assert table.totals.cells["share"].value == 1


def test_a_month_without_a_case_is_a_line_too() -> None:
    register_all([finished(local(2026, 1, 5, 9)), finished(local(2026, 3, 5, 9))])
    table = figures(
        OPERATOR, ["volume"], ["month"], parse({"from": "2026-01-01", "to": "2026-04-30", "as_of": "2026-04-01"})
    )
    assert [(row.keys[0], row.cells["volume"].value) for row in table.rows] == [
        ("2026-01", 1), ("2026-02", 0), ("2026-03", 1),
    ]  # fmt: skip


def test_nothing_to_count_gives_zero_cases_and_no_rates() -> None:
    table = figures(OPERATOR, list(MEASURES)[:12], ["month"], parse({"from": "2026-03-01", "to": "2026-03-31"}))
    assert [(row.keys, row.cells["volume"].value) for row in table.rows] == [(("2026-03",), 0)]
    assert (table.cases, table.totals.cells["volume"].value) == (0, 0)
    assert table.totals.cells["late_rate"].value is None


# ── cases that live here: the steps decide ──


def test_an_open_case_is_late_once_its_limit_has_passed(cast: Cast) -> None:
    case = cast.case(at=START)
    assert case.limit_at is not None
    assert outcomes(case, case.limit_at.isoformat()) == set()
    assert outcomes(case, (case.limit_at + HOUR).isoformat()) == {"late"}
    assert counts("late_rate", as_of=(case.limit_at + HOUR).isoformat()) == (1, 1)


def test_a_paused_case_is_not_late_by_its_old_limit(cast: Cast) -> None:
    case = cast.case(at=START)
    with clock.at(START + HOUR):
        flow.accept(case, cast.doer("di"))
        dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
        dispatch.receive(case, cast.doer("ma"), "self")
        handling.contact(case, cast.doer("ma"), "call", "约客户下周一上门")
        handling.wait(case, cast.doer("ma"), "customer_time", "客户要求改约")
    assert case.paused
    assert outcomes(case, (START + 500 * HOUR).isoformat()) == {"passed_on"}


def test_an_answer_on_the_spot_is_first_contact_and_a_reopened_one_is_not(cast: Cast) -> None:
    case = cast.case(at=START)
    with clock.at(START + HOUR):
        flow.answer(case, cast.doer("an"), "call", "已为客户重置端口，恢复正常。")
    assert outcomes(case, (START + 2 * HOUR).isoformat()) == {"first_contact"}
    with clock.at(START + 3 * HOUR):
        flow.revisited(case, cast.doer("re"), 1, note="客户说还是不行")
    assert outcomes(case, (START + 4 * HOUR).isoformat()) == set()
    assert counts("reopened_rate") == (1, 1)
    assert counts("completion_rate") == (0, 1)


def test_declined_and_withdrawn_ones_are_ended_but_no_first_contact(cast: Cast) -> None:
    declined, withdrawn = cast.case(at=START), cast.case(at=START)
    with clock.at(START + HOUR):
        triage.decline(declined, cast.doer("di"), "not_ours")
        flow.withdraw(withdrawn, cast.doer("an"), "call", "客户来电说已经好了")
    assert outcomes(declined) == set() == outcomes(withdrawn)
    assert counts("completion_rate") == (2, 2)
    assert counts("first_contact_rate") == (0, 2)
    assert counts("reply_coverage") == (1, 1)


def test_merged_ones_count_in_the_volume_and_in_no_rate(cast: Cast) -> None:
    survivor, merged = cast.case(at=START), cast.case(at=START)
    with clock.at(START + HOUR):
        flow.merge(merged, survivor, cast.doer("di"), "同一客户同一问题")
    assert cell("volume").value == 2
    assert counts("completion_rate") == (0, 1)
    assert counts("late_rate", as_of=(START + HOUR).isoformat()) == (0, 1)


def test_returns_redispatches_chasers_and_repeats(cast: Cast) -> None:
    case = cast.case(at=START)
    with clock.at(START + HOUR):
        followup.chase(case, cast.doer("an"), "hotline", "客户催办")
        flow.accept(case, cast.doer("di"))
        dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
        dispatch.give_back(case, cast.doer("ma"), "wrong_unit", "属于资费")
        dispatch.dispatch(case, cast.doer("di"), cast.units["mk_cz"].id)
        again = cast.case()
    assert again.repeat_of_id == case.id
    assert counts("chaser_rate") == (1, 2)
    assert counts("returned_rate") == (1, 1)
    assert counts("redispatch_rate") == (1, 1)
    assert counts("repeat_rate") == (1, 2)


def test_the_first_reply_has_48_hours(cast: Cast) -> None:
    quick, slow, waiting = (cast.case(at=START) for _number in range(3))
    for case, hours in ((quick, 47), (slow, 49)):
        with clock.at(START + hours * HOUR):
            flow.answer(case, cast.doer("an"), "call", "正在核查，先向您说明进展。", final=False)
    assert counts("first_reply_in_limit_rate", as_of=(START + 47.5 * HOUR).isoformat()) == (1, 1)
    assert counts("first_reply_in_limit_rate", as_of=(START + 50 * HOUR).isoformat()) == (1, 3)
    assert waiting.first_reply_at is None


def test_revisits_cover_closed_cases_only(cast: Cast) -> None:
    case = cast.case(at=START)
    with clock.at(START + HOUR):
        flow.answer(case, cast.doer("an"), "call", "已为客户重置端口，恢复正常。")
        revisit.revisit(case, cast.doer("re"), 3)
    assert counts("revisit_coverage") == (0, 0)
    with clock.at(START + 2 * HOUR):
        close(case, cast.doer("re"), Review("N1111", ["kpi"], system_cause=True))
    assert counts("revisit_coverage") == (1, 1)


# ── per 10,000 customers ──


def test_complaints_per_ten_thousand_customers_and_month() -> None:
    register_all([finished(local(2026, month, 5, 9)) for month in (1, 1, 1, 2)])
    for month in (1, 2):
        Subscribers.objects.create(area_id=DISTRICT, product=None, month=date(2026, month, 1), count=20_000)
    period = {"from": "2026-01-01", "to": "2026-02-28"}
    table = figures(OPERATOR, ["per_10k"], ["month"], parse({**period, "district": str(DISTRICT)}))
    assert [row.cells["per_10k"].value for row in table.rows] == [pytest.approx(1.5), pytest.approx(0.5)]
    assert table.totals.cells["per_10k"].value == pytest.approx(1.0)
    assert cell("per_10k", area="320400", **period).value == pytest.approx(1.0)


def test_without_customers_or_a_period_nothing_is_said_per_customer() -> None:
    register_all([finished(START)])
    assert cell("per_10k").value is None
    Subscribers.objects.create(area_id=DISTRICT, product=None, month=date(2026, 2, 1), count=20_000)
    assert cell("per_10k", **{"from": "2026-02-01", "to": "2026-03-31"}).value is None
    assert cell("per_10k", **{"from": "2026-02-01", "to": "2026-02-28"}).value == 0


# ── asking ──


@pytest.mark.parametrize(("codes", "by", "field"), [(["nonsense"], [], "measure"), (["volume"], ["nonsense"], "by")])
def test_what_there_is_not_is_refused_by_name(codes: list[str], by: list[str], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        figures(OPERATOR, codes, by, Filter())
    assert refused.value.field == field
    assert refused.value.status == 422


# ── appeals per million customers ──


def test_appeals_per_million_customers_and_month_lead_to_the_appeals(cast: Cast) -> None:
    with clock.at(START):
        cast.case("an")
        cast.case("an", channel="regulator", source_system="管局", source_number="1")
        cast.case("an", channel="regulator", source_system="12345", source_number="2")
    first = date(2026, 3, 1)
    Subscribers.objects.create(area_id=DISTRICT, product=None, month=first, count=500_000)
    period = {"from": "2026-03-01", "to": "2026-03-31", "district": str(DISTRICT)}
    assert cell("appeal_rate", **period).value == pytest.approx(4)
    assert cell("appeal_count", **period).value == 2
    assert cell("appeal_rate", source_system="管局", **period).value == pytest.approx(2)
    table = figures(OPERATOR, ["appeal_rate"], ["month"], parse(period))
    behind = cases_behind(table, table.measures[0], table.rows[0].keys)
    assert Case.objects.filter(behind.q()).count() == 2
