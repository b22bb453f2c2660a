"""Every figure opens exactly the cases it counted, whatever is asked, filtered and grouped."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cast as casting
from bihuan.cases.access import visible
from bihuan.cases.facets import FACETS
from bihuan.cases.filters import Filter, parse
from bihuan.cases.models import Case
from bihuan.catalog.models import Node
from bihuan.insight.asking import OPERATOR
from bihuan.insight.measures import MEASURES
from bihuan.insight.queries import Row, Table, cases_behind, figures
from bihuan.insight.subscribers import load as load_customers
from insight.insight_cast import HOUR, IMPORT, finished, local, register_all

pytestmark = pytest.mark.django_db
START = local(2026, 2, 20, 9)
NAMES = ("an", "li", "di", "wu", "re", "he", "fe", "ma", "an_wx", "ji")


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[casting.Cast]:
    """Two hundred cases of all kinds, and the cast to look at them; for this module only."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = casting.build()
        _make(people)
        yield people
        transaction.set_rollback(True)


def _make(people: casting.Cast) -> None:
    chance = random.Random(20260221)
    units = list(people.units.values())
    leaves = list(Node.objects.filter(tree="phenomenon", level=3).values_list("code", flat=True))
    causes = list(Node.objects.filter(tree="cause").values_list("id", flat=True))
    drafts = []
    for _number in range(200):
        registered = START + timedelta(minutes=chance.randrange(60 * 24 * 60))
        drafts.append(
            finished(
                registered,
                hours=chance.choice([2, 20, 60, 100]),
                limit=chance.choice([24, 48, 72, None]),
                passed=chance.choice([None, None, 1]),
                satisfaction=chance.choice([None, 1, 2, 3]),
                acceptor_id=chance.choice([None, people.an.id, people.di.id]),
                taken_unit_id=chance.choice(units).id,
                holder_unit_id=chance.choice(units).id,
                channel=chance.choice(["hotline", "web", "hall"]),
                source_system=chance.choice(["", "投诉支撑系统", "营业精灵"]),
                area=chance.choice(["320412", "320402", "320211", ""]),
                category=chance.choice([*leaves[:6], ""]),
                customer=casting.Customer(phone="13912345678", level=chance.randrange(3)),
            )
        )
    for case in register_all(drafts):
        fate = chance.random()
        changes: dict[str, Any] = {"cause_id": chance.choice([None, *causes[:20]]), "chaser_count": chance.randrange(2)}
        if fate < 0.2:
            changes |= {"status": "in_handling", "ended_at": None, "paused": fate < 0.1, "mode": "live"}
        elif fate < 0.4:
            changes |= {"status": chance.choice(["declined", "withdrawn", "merged"]), "reopen_count": 1}
        Case.objects.filter(pk=case.pk).update(**changes)


def _counted(table: Table, row: Row, code: str) -> int:
    cell = row.cells[code]
    if cell.of is not None and table.measures[0].kind != "share":
        return cell.of
    return int(cell.of if cell.of is not None else cell.among if cell.among is not None else cell.value or 0)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """A measure, up to three dimensions, and a filter that can be met."""
    pairs: list[tuple[str, str]] = []
    for name, keys in {
        "channel": ["hotline", "web", "hall"],
        "source_system": ["投诉支撑系统", "-"],
        "district": ["320412", "320211", "-"],
        "area": ["320000", "320400"],
        "status": ["closed", "in_handling", "merged"],
        "category2": ["N01", "-"],
        "is": ["late", "ended", "first_contact", "counted", "open"],
        "unit_below": ["hq", "mt_cz"],
        "from": ["2026-02-25"],
        "to": ["2026-04-01"],
        "as_of": ["2026-03-20", "month_end"],
    }.items():
        if draw(st.integers(0, 4)) == 0:
            chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True))
            pairs += [(name, key) for key in chosen]
    return {
        "measure": draw(st.sampled_from(list(MEASURES))),
        "by": draw(st.lists(st.sampled_from(list(FACETS)), max_size=3, unique=True)),
        "filter": pairs,
        "viewer": draw(st.sampled_from(["operator", *NAMES])),
    }


@given(asked=questions())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_figure_opens_exactly_the_cases_it_counted(people: casting.Cast, asked: dict[str, Any]) -> None:
    viewer = OPERATOR if asked["viewer"] == "operator" else people.viewer(asked["viewer"])
    table = figures(viewer, [asked["measure"]], asked["by"], parse(asked["filter"]))
    measure = table.measures[0]
    for row in [*table.rows[:25], *list(table.subtotals.values())[:10], table.totals]:
        listed = cases_behind(table, measure, row.keys)
        again = parse(list(listed.pairs))
        assert again.pairs == listed.pairs
        assert visible(viewer).filter(again.q()).count() == _counted(table, row, measure.code)


@given(by=st.lists(st.sampled_from(list(FACETS)), max_size=3, unique=True))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_and_subtotals_add_up_to_the_totals(people: casting.Cast, by: list[str]) -> None:
    table = figures(OPERATOR, ["volume", "late_rate"], by)
    assert table.totals.cells["volume"].value == 200
    levels: dict[int, int] = {}
    for row in [*table.rows, *table.subtotals.values()]:
        levels[len(row.keys)] = levels.get(len(row.keys), 0) + int(row.cells["volume"].value or 0)
    assert set(levels.values()) <= {200}


def test_outcomes_never_overlap_and_rates_add_up(people: casting.Cast) -> None:
    for chosen in (Filter(), parse({"as_of": "2026-03-10"})):
        codes = ["first_contact_rate", "passed_on_rate", "late_rate", "timely_rate"]
        cells = figures(OPERATOR, codes, [], chosen).totals.cells
        found = [cells[code].of or 0 for code in codes]
        assert sum(found[:3]) <= (cells["late_rate"].among or 0)
        assert found[2] + found[3] == cells["late_rate"].among
        pairs = [("first_contact", "passed_on"), ("first_contact", "late"), ("passed_on", "late")]
        for one, other in pairs:
            both = parse([*chosen.pairs, ("is", one), ("is", other)])
            assert not Case.objects.filter(both.q()).exists()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_viewer_may_not_see_does_not_count(people: casting.Cast, name: str) -> None:
    viewer = people.viewer(name)
    seen = visible(viewer).count()
    assert figures(viewer, ["volume"]).totals.cells["volume"].value == seen
    assert sum(int(row.cells["volume"].value or 0) for row in figures(viewer, ["volume"], ["unit"]).rows) == seen


def test_who_sees_no_case_sees_no_figure(people: casting.Cast) -> None:
    table = figures(people.viewer("sy"), ["volume", "late_rate"], ["month"])
    assert table.rows == []
    assert table.totals.cells["volume"].value == 0


def _statements(**asked: Any) -> int:
    figures(OPERATOR, **asked)
    with CaptureQueriesContext(connection) as seen:
        figures(OPERATOR, **asked)
    return len([one for one in seen if "settingsversion" not in one["sql"]])


def test_one_statement_whatever_the_number_of_groups(people: casting.Cast) -> None:
    year = parse({"from": "2026-01-01", "to": "2026-12-31"})
    assert _statements() == 1
    assert _statements(by_codes=["day", "unit", "cause3"]) == 1
    assert _statements(measure_codes=list(MEASURES)[:12], by_codes=["handler", "taken_by"], chosen=year,
                       against=["previous", "last_year"]) == 1  # fmt: skip
    assert _statements(measure_codes=["per_10k", "p90_hours"], by_codes=["month", "city"], chosen=year) == 2
    assert load_customers.__doc__


def test_a_case_registered_this_moment_counts(people: casting.Cast) -> None:
    with transaction.atomic():
        people.case()
        assert figures(OPERATOR, ["volume"]).totals.cells["volume"].value == 201
        transaction.set_rollback(True)


def test_moments_after_the_one_asked_for_do_not_exist_yet(people: casting.Cast) -> None:
    (case,) = register_all([finished(local(2026, 1, 5, 9), passed=1)])
    before = parse({"as_of": (local(2026, 1, 5, 9) - HOUR).isoformat()})
    assert figures(OPERATOR, ["volume"], [], before).totals.cells["volume"].value == 0
    assert case.registered_by_id == IMPORT.staff_id
