"""Squares of the map: every place lies in exactly one, the database and Python agree, and lists choose by it."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases import cells
from bihuan.cases.cells import FINENESS, cell_of, read, to_wgs84
from bihuan.cases.filters import parse
from bihuan.cases.models import Case
from bihuan.kernel.errors import RuleError
from cast import Cast

LAT, LON = st.floats(-89.9, 89.9), st.floats(-179.9, 179.9)


@given(LAT, LON, st.sampled_from(FINENESS))
def test_a_place_lies_in_its_square_and_a_key_reads_back(lat: float, lon: float, n: int) -> None:
    cell = cell_of(lat, lon, n)
    assert cell.south - 1e-9 <= lat < cell.south + 1 / n + 1e-9
    assert cell.west - 1e-9 <= lon < cell.west + 1 / n + 1e-9
    assert read(cell.key) == cell


@given(st.floats(18, 53), st.floats(75, 134), st.sampled_from(["gcj02", "bd09"]))
def test_what_a_datum_moved_by_half_a_kilometre_is_moved_back(lat: float, lon: float, datum: str) -> None:
    north, east = cells._shift(lat, lon)
    moved = (lat + north, lon + east)
    if datum == "gcj02":
        back = to_wgs84(*moved, "gcj02")
        assert abs(back[0] - lat) < 1e-4
        assert abs(back[1] - lon) < 1e-4
    assert to_wgs84(lat, lon, "wgs84") == (lat, lon)
    assert abs(to_wgs84(lat, lon, datum)[0] - lat) < 0.02


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(LAT, LON, st.sampled_from(["wgs84", "gcj02", "bd09"])), min_size=1, max_size=20))
def test_the_database_says_the_same(db: None, places: list[tuple[float, float, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bihuan_wgs84(a, b, d), bihuan_cell(a, b, d, 20)"
            " FROM unnest(%s::float8[], %s::float8[], %s::text[]) t(a, b, d)",
            [list(column) for column in zip(*places, strict=True)],
        )
        for place, (spot, key) in zip(places, cursor.fetchall(), strict=True):
            told = to_wgs84(*place)
            assert spot == pytest.approx(told, abs=1e-9)
            assert key == cell_of(*spot, 20).key


def test_a_list_finds_the_cases_of_a_square_whatever_their_datum(cast: Cast) -> None:
    lat, lon = 31.79, 119.95
    north, east = cells._shift(lat, lon)
    chinese = (lat + north, lon + east)
    spots = [
        (lat, lon, "wgs84"),
        (*chinese, "gcj02"),
        (chinese[0] + 0.006, chinese[1] + 0.0065, "bd09"),
        (31.2, lon, "wgs84"),
    ]
    made = [cast.case() for _spot in range(5)]
    for case, (own_lat, own_lon, datum) in zip(made, spots, strict=False):
        Case.objects.filter(pk=case.pk).update(lat=own_lat, lon=own_lon, datum=datum)
    key = cell_of(lat, lon, 50).key

    def found(key: str) -> set[int]:
        return set(Case.objects.filter(parse({"cell": key}).q()).values_list("id", flat=True))

    assert found(key) == {case.id for case in made[:3]}
    assert found("-") == {made[4].id}
    for wrong in ("x", "3.1.1", "20.1", "20.01.2", "20.999999.1"):
        with pytest.raises(RuleError) as refused:
            parse({"cell": wrong})
        assert refused.value.field == "cell"
