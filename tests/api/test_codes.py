"""`/catalog/…`: every code a client needs."""

import pytest

from api.api_cast import As
from cast import Cast


def test_areas_can_be_walked_from_the_top(cast: Cast, api: As) -> None:
    caller = api("sys", "case.register")
    provinces = caller.get("/catalog/areas?level=1").json["items"]
    assert {"code": "320000", "name": "江苏省"}.items() <= next(p for p in provinces if p["code"] == "320000").items()
    cities = caller.get("/catalog/areas?parent=320000").json["items"]
    assert {city["level"] for city in cities} == {2} and "320400" in {city["code"] for city in cities}
    districts = caller.get("/catalog/areas?parent=320400&level=3").json["items"]
    assert {district["parent"] for district in districts} == {"320400"}
    assert caller.get("/catalog/areas?parent=moon").json["field"] == "parent"
    assert caller.get("/catalog/areas?level=9").json["field"] == "level"


@pytest.mark.parametrize("tree", ["categories", "products", "causes", "disputes"])
def test_trees_name_parents_before_children(cast: Cast, api: As, tree: str) -> None:
    items = api("an").get(f"/catalog/{tree}").json["items"]
    seen: set[str] = set()
    for item in items:
        assert item["name"] and (item["parent"] is None or item["parent"] in seen)
        seen.add(item["code"])
    assert any(item["leaf"] for item in items)


def test_units_and_reasons(cast: Cast, api: As) -> None:
    units = {unit["code"]: unit for unit in api("an").get("/catalog/units").json["items"]}
    assert units["team_cz"]["parent"] == "mt_cz"
    reasons = api("an").get("/catalog/reasons?kind=waiting").json["items"]
    assert {reason["kind"] for reason in reasons} == {"waiting"} and any(reason["pauses"] for reason in reasons)
    assert len(api("an").get("/catalog/reasons").json["items"]) > len(reasons)
    assert api("an").get("/catalog/reasons?kind=x").json["field"] == "kind"
    assert api("an").get("/catalog/units?colour=red").json["field"] == "colour"


def test_codes_need_a_token_that_works_with_complaints(cast: Cast, api: As) -> None:
    assert api("sy").get("/catalog/areas").code == "token.scope"
