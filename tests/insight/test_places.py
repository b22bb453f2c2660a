"""The map counts every case once: its squares and what has no position are the figure itself, and each opens its cases."""

import random
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import cast as casting
from bihuan.cases.access import visible
from bihuan.cases.cells import FINENESS
from bihuan.cases.filters import Filter
from bihuan.cases.models import Case
from bihuan.insight import places
from bihuan.insight.measures import MEASURES
from bihuan.insight.periods import stretch_of
from bihuan.insight.queries import cases_behind, figures
from bihuan.kernel import clock
from bihuan.kernel.history import one_picture
from bihuan.web.reports import drawing
from insight.insight_cast import finished, local, register_all

pytestmark = pytest.mark.django_db
START = local(2026, 2, 20, 9)


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[casting.Cast]:
    """Sixty cases, two thirds of them with a position in one of three datums."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = casting.build()
        chance = random.Random(7)
        areas = ["320412", "320402", "320211"]
        drafts = [
            finished(START + timedelta(hours=number), area=areas[number % 3], limit=chance.choice([1, 48]))
            for number in range(60)
        ]
        for case in register_all(drafts):
            if chance.random() < 0.66:
                Case.objects.filter(pk=case.pk).update(
                    lat=31.5 + chance.random() / 2, lon=119.9 + chance.random() / 2,
                    datum=chance.choice(["wgs84", "gcj02", "bd09"]),
                )  # fmt: skip
        yield people
        transaction.set_rollback(True)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.sampled_from(["he", "di", "li", "wu"]),
    n=st.sampled_from(FINENESS),
    code=st.sampled_from(["volume", "late_rate", "late_count"]),
    area=st.sampled_from(["", "320400", "320412"]),
)
def test_squares_and_what_has_no_position_are_the_figure(
    people: casting.Cast, who: str, n: int, code: str, area: str
) -> None:
    viewer, measure = people.viewer(who), MEASURES[code]
    chosen = Filter((("area", area),)) if area else Filter()
    table, near = places.by_square(viewer, measure, chosen, n)
    assert set(near) <= {row.keys[0] for row in table.rows}
    whole = figures(viewer, [code], [], chosen).totals.cells[code]
    total = table.totals.cells[code]
    assert (total.value, total.of, total.among) == (whole.value, whole.of, whole.among)
    assert sum(places.looked_at(table, row.cells[code]) for row in table.rows) == places.looked_at(table, total)
    for row in table.rows:
        counted = row.cells[code].of if measure.kind == "ratio" else row.cells[code].value
        assert visible(viewer).filter(cases_behind(table, measure, row.keys).q()).count() == counted


def test_the_statements_do_not_grow_with_the_squares(people: casting.Cast) -> None:
    viewer, stretch = people.viewer("he"), stretch_of(None, None, clock.now())

    def asked(n: int) -> int:
        with one_picture(), CaptureQueriesContext(connection) as told:
            found = places.extent(viewer, Filter(), stretch)
            assert found is not None
            places.by_square(viewer, MEASURES["volume"], Filter(), n)
            places.middles(viewer, Filter(), stretch)
        return len(told)

    asked(1)
    assert asked(1) == asked(200) == 4  # with the one that asks whether a setting changed


def test_a_district_lies_in_the_middle_of_its_cases(people: casting.Cast) -> None:
    spots = places.middles(people.viewer("he"), Filter(), stretch_of(None, None, clock.now()))
    assert set(spots) == {320412, 320402, 320211}
    assert all(31.4 < one.lat < 32.1 and 119.8 < one.lon < 120.5 for one in spots.values())


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60))
def test_every_value_has_a_class_and_more_is_never_lighter(values: list[float]) -> None:
    limits = drawing.bounds(values)
    assert 1 <= len(limits) <= drawing.CLASSES
    levels = [drawing.class_of(value, limits) for value in sorted(values)]
    assert levels == sorted(levels)
    assert all(1 <= level <= drawing.CLASSES for level in levels)


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(0, 8), st.floats(0, 8))
def test_all_edges_lie_on_the_drawing(south: float, west: float, tall: float, wide: float) -> None:
    shape = drawing.frame(south, west, south + tall, west + wide)
    assert shape.holds(south, west)
    assert shape.holds(south + tall, west + wide)
    km, pixels = drawing.scale_bar(shape)
    assert pixels == pytest.approx(km / drawing.KM_A_DEGREE * shape.scale, abs=0.1)


def test_the_page_shows_it_and_an_empty_one_says_so(people: casting.Cast) -> None:
    from web.desk.conftest import Desk

    analyst = Desk(people, "fe")
    page = analyst.see("/reports/map/?from=2026-02-01&to=2026-03-31").content.decode()
    assert page.count('class="m-spot') > 5
    assert "没有坐标" in page
    assert "武进" in page
    assert (
        "m-spot"
        in analyst.see("/reports/map/?from=2026-02-01&to=2026-03-31&look=districts&measure=late_rate").content.decode()
    )
    book = b"".join(analyst.see("/reports/map/workbook/?from=2026-02-01&to=2026-03-31").streaming_content)
    lines = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert sum(line[1] for line in lines[1:-1]) == lines[-1][1] == 60
    assert "没有投诉" in analyst.see("/reports/map/?from=2020-02-01&to=2020-03-31").content.decode()
    assert analyst.see("/reports/map/?channel=moon").status_code == 422
    assert Desk(people, "ma").see("/reports/map/?from=2026-02-01").status_code == 404


def test_squares_that_would_be_too_many_to_read_grow_unless_their_size_was_asked_for(
    people: casting.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.desk.conftest import Desk

    analyst, path = Desk(people, "fe"), "/reports/map/?from=2026-02-01&to=2026-03-31"
    usual = analyst.see(path).content.decode().count('class="m-spot')
    monkeypatch.setattr("bihuan.insight.queries.MOST_ROWS", 24)
    grown = analyst.see(path)
    assert grown.status_code == 200 and 0 < grown.content.decode().count('class="m-spot') < usual
    assert analyst.see(f"{path}&fine={FINENESS[-1]}").status_code == 422
