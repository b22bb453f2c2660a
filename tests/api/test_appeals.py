"""Appeals over the API: in, listed, read, moved on; within reach and rights."""

from datetime import timedelta
from typing import Any

from api.api_cast import As
from bihuan.appeals.models import Appeal
from bihuan.cases.models import Case
from bihuan.kernel import clock
from cast import DISTRICT, OTHER_DISTRICT, Cast


def order(**changes: Any) -> dict[str, Any]:
    now = clock.now()
    plain = {
        "body": "12345",
        "number": "CZ-1",
        "received_at": (now - timedelta(days=1)).isoformat(),
        "transferred_at": (now - timedelta(hours=1)).isoformat(),
        "content": "小区没有信号，致电 13812341234 未解决。",
        "demand": "尽快开通基站",
        "customer": {"name": "王小明", "phone": "13912345678"},
        "area": str(DISTRICT),
        "own": {"order_kind": "help"},
    }
    return {**plain, **changes}


def test_an_order_comes_in_with_its_case_and_limit(cast: Cast, api: As) -> None:
    answer = api("du").post("/appeals", order())
    assert answer.status == 201, answer.content
    told = answer.json
    case = Case.objects.get(number=told["complaint"])
    assert case.channel == "regulator" and case.source_number == "CZ-1"
    assert told["due"]["policy"] == "appeal.12345" and told["failing"] == [] and told["status"] == "in_hand"
    assert answer.headers["Location"] == told["href"]
    assert api("du").send("GET", told["href"]).json == told
    assert "13912345678" not in answer.content.decode()


def test_the_same_key_takes_it_in_once(cast: Cast, api: As) -> None:
    caller, body = api("du"), order()
    first, second = (caller.post("/appeals", body, Idempotency_Key="a1") for _turn in range(2))
    assert (first.json, Appeal.objects.count()) == (second.json, 1)
    assert caller.post("/appeals", body).status == 409


def test_a_list_by_body_and_status_in_pages(cast: Cast, api: As) -> None:
    for n in range(3):
        assert api("du").post("/appeals", order(number=f"n{n}")).status == 201
    api("di_wx").post("/appeals", order(number="wx", area=str(OTHER_DISTRICT)))
    page = api("du").get("/appeals?body=12345&status=open&limit=2").json
    assert [one["number"] for one in page["items"]] == ["n2", "n1"]
    rest = api("du").get(f"/appeals?body=12345&limit=2&after={page['after']}").json
    assert [one["number"] for one in rest["items"]] == ["n0"] and rest["after"] is None
    assert api("du").get("/appeals?body=miit").json["items"] == []
    assert len(api("he").get("/appeals").json["items"]) == 4
    assert api("du").get("/appeals?status=nosuch").status == 422


def test_steps_and_what_they_refuse(cast: Cast, api: As) -> None:
    href = api("du").post("/appeals", order()).json["href"]
    assert api("du").send("POST", f"{href}/steps", {"step": "filing"}).code == "appeal.unanswered"
    moved = api("du").send("POST", f"{href}/steps", {"step": "mediation", "why": "申诉人要求"})
    assert moved.status == 201 and moved.json["status"] == "mediation"
    assert api("du").send("POST", f"{href}/steps", {"step": "mediation", "why": "x"}).code == "appeal.status"
    stale = api("du").send("POST", f"{href}/steps", {"step": "settlement", "why": "x"}, If_Match='"1"')
    assert stale.code == "case.changed"


def test_who_may_and_who_does_not_know_of_it(cast: Cast, api: As) -> None:
    href = api("du").post("/appeals", order()).json["href"]
    assert api("an").post("/appeals", order(number="x")).status == 403
    assert api("di_wx").send("GET", href).status == 404
    assert api("he").send("GET", href).status == 200
    assert api("he").send("POST", f"{href}/steps", {"step": "shutting"}).status == 403
    assert api("ji").send("POST", f"{href}/steps", {"step": "shutting"}).status == 403


def test_what_is_wrong_names_its_field(cast: Cast, api: As) -> None:
    for changes, field in (
        ({"body": "12321"}, "body"),
        ({"own": {"nosuch": 1}}, "own.nosuch"),
        ({"area": "nowhere"}, "area"),
        ({"transferred_at": "2199-01-01T00:00:00+08:00"}, "transferred_at"),
        ({"customer": {"name": "无"}}, "customer.phone"),
    ):
        answer = api("du").post("/appeals", order(**changes))
        assert answer.status == 422 and answer.json["field"] == field, answer.content
    assert not Case.objects.exists()
