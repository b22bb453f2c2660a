"""`GET /complaints`: pages by key, the conditions every list shares, nothing of a person in an address."""

from datetime import timedelta
from typing import Any

import pytest

from api.api_cast import Api, As, fresh
from bihuan.cases.models import Case
from bihuan.kernel import clock
from cast import Cast


def numbers(caller: Api, query: str = "") -> list[str]:
    """The numbers of one page."""
    answer = caller.get(f"/complaints{query}")
    assert answer.status == 200, answer.content.decode()
    return [item["number"] for item in answer.json["items"]]


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_hold_every_complaint_once_in_order(cast: Cast, api: As, order: str) -> None:
    with clock.at(clock.now()):  # several share one moment
        made = [cast.case().number for _case in range(7)]
    caller, found = api("di"), []
    following: str | None = f"/api/v1/complaints?limit=3&order={order}"
    while following:
        page = caller.send("GET", following)
        found += [item["number"] for item in page.json["items"]]
        following = page.json["next"]
        assert (following is None) == ("Link" not in page.headers)
    assert sorted(found) == sorted(made) and len(set(found)) == 7
    times = [Case.objects.get(number=number).registered_at for number in found]
    assert times == sorted(times, reverse=order == "newest")


def test_a_complaint_registered_meanwhile_moves_nothing(cast: Cast, api: As) -> None:
    old = [cast.case().number for _case in range(4)]
    first = api("di").get("/complaints?limit=2").json
    cast.case()
    second = api("di").send("GET", first["next"]).json
    assert [item["number"] for item in first["items"] + second["items"]] == old[::-1]


def test_conditions_narrow_the_list(cast: Cast, api: As, dispatched: Case) -> None:
    other = cast.case(channel="web", area="320411", source_system="EMOS", source_number="E-7")
    caller = api("di")
    wanted = {
        "?status=dispatched": [dispatched],
        "?status=dispatched&status=registered": [other, dispatched],
        "?channel=web": [other],
        "?source_system=EMOS": [other],
        "?source_number=E-7": [other],
        f"?number={dispatched.number.lower()}": [dispatched],
        "?category=N0101": [other, dispatched],
        "?area=320412": [dispatched],
        "?area=320400": [other, dispatched],
        "?unit=mt_cz": [dispatched],
        "?unit_below=hq&is=open": [other, dispatched],
        "?is=passed": [dispatched],
        "?status=dispatched&channel=web": [],
    }
    assert {query: numbers(caller, query) for query in wanted} == {
        query: [case.number for case in cases] for query, cases in wanted.items()
    }


def test_the_next_page_keeps_the_conditions(cast: Cast, api: As) -> None:
    for channel in ("web", "hotline", "web", "web"):
        cast.case(channel=channel)
    first = api("di").get("/complaints?channel=web&limit=2").json
    second = api("di").send("GET", first["next"]).json
    assert {item["channel"] for item in first["items"] + second["items"]} == {"web"}
    assert len(second["items"]) == 1 and second["next"] is None


def test_registration_and_change_can_be_asked_by_moment(cast: Cast, api: As) -> None:
    early, late = clock.now() - timedelta(days=3), clock.now() - timedelta(days=1)
    first, second = cast.case(at=early), cast.case(at=late)
    between = (clock.now() - timedelta(days=2)).isoformat()
    caller = api("di")
    assert numbers(caller, f"?registered_from={between}") == [second.number]
    assert numbers(caller, f"?registered_to={between}") == [first.number]
    assert numbers(caller, f"?updated_from={between}") == [second.number]
    assert caller.step(first, "acceptance", {}).status == 201
    assert numbers(caller, f"?updated_from={between}") == [second.number, first.number]


BAD = {
    "?limit=0": "limit",
    "?limit=201": "limit",
    "?limit=many": "limit",
    "?after=nonsense": "after",
    "?after=AAAA": "after",
    "?status=lost": "status",
    "?area=999999": "area",
    "?category=X": "category",
    "?unit=nobody": "unit",
    "?is=fine": "is",
    "?registered_from=yesterday": "registered_from",
    "?registered_from=2026-01-01T00:00:00": "registered_from",
    "?registered_from=0001-01-01T00:00:00%2B16:34": "registered_from",
    "?updated_from=9999-12-31T23:59:59-16:00": "updated_from",
    "?order=random": "order",
    "?phone=13912345678": "phone",
    "?source_number=a%00b": "source_number",
    "?from=2026-02-30": "from",
}


@pytest.mark.parametrize("query", BAD)
def test_a_condition_that_makes_no_sense_is_named(cast: Cast, api: As, query: str) -> None:
    for language in ("zh-CN", "en"):
        answer = api("di", language=language).get(f"/complaints{query}")
        assert (answer.status, answer.json["field"]) == (422, BAD[query]), answer.content.decode()
        assert answer.json["detail"]


def test_a_list_shows_masked_words_only(cast: Cast, api: As) -> None:
    case = cast.case(content="请联系 13812341234，家里没信号")
    item = api("di").get("/complaints").json["items"][0]
    assert item["gist"] == "请联系 138****1234，家里没信号"
    assert (item["version"], item["status_name"], item["unit"]["code"]) == (1, "已登记", "sc_cz")
    assert item["href"] == f"/api/v1/complaints/{case.number}"
    assert fresh(case).next_due_at is not None and item["next_due"]["policy"]


def test_names_follow_the_callers_language(cast: Cast, api: As) -> None:
    cast.case()
    item = api("di", language="en-US,en;q=0.9,zh;q=0.5").get("/complaints").json["items"][0]
    assert item["status_name"] == "Registered" and item["unit"]["name"] == "sc_cz"


def test_searching_by_number_goes_in_the_body(cast: Cast, api: As) -> None:
    case = cast.case()
    other = cast.case(customer=cast.complaint().customer.__class__(name="李四", phone="13800001111"))
    caller = api("di")
    found = caller.post("/complaints/search", {"phone": "+86 139-1234-5678"}).json["items"]
    assert [item["number"] for item in found] == [case.number]
    both = caller.post("/complaints/search", {"filters": {"status": ["registered", "accepted"]}, "limit": 1}).json
    assert [item["number"] for item in both["items"]] == [other.number]
    rest = caller.post("/complaints/search", {"filters": {"status": "registered"}, "limit": 1, "after": both["after"]})
    assert [item["number"] for item in rest.json["items"]] == [case.number]
    assert caller.post("/complaints/search", {"phone": "1" * 65}).json["field"] == "phone"
    assert caller.post("/complaints/search", {"filters": {"nonsense": "x"}}).json["field"] == "nonsense"
    assert caller.post("/complaints/search", {"phone": "no such number"}).json["items"] == []


def test_searching_by_a_part_of_a_number_takes_the_right_to_open_it(cast: Cast, api: As) -> None:
    case = cast.case()
    cast.case(customer=cast.complaint().customer.__class__(name="李四", phone="13800001111"))
    for part in ("5678", "345678", "139*5678"):
        found = api("di").post("/complaints/search", {"phone_part": part}).json["items"]
        assert [item["number"] for item in found] == [case.number], part
    assert api("di").post("/complaints/search", {"phone_part": "678"}).json["field"] == "phone_part"
    assert api("fe").post("/complaints/search", {"phone_part": "5678"}).status == 403
    assert api("di", "case.read").post("/complaints/search", {"phone_part": "5678"}).status == 403
    assert api("di_wx").post("/complaints/search", {"phone_part": "5678"}).json["items"] == []


def test_a_longer_list_costs_no_more_statements(cast: Cast, api: As, django_assert_max_num_queries: Any) -> None:
    caller, counts = api("di"), []
    for _round in range(2):
        for _case in range(5):
            cast.case()
        caller.get("/complaints")  # names are read once after an edit
        with django_assert_max_num_queries(20) as seen:
            caller.get("/complaints?limit=200")
        counts.append(len(seen))
    assert counts[0] == counts[1]
