"""Work outside over HTTP: slots, a visit booked and kept, a repair order to its end, lists and figures."""

from datetime import timedelta

from api.api_cast import As
from cast import Cast
from fieldwork.test_appointments import a_crew


def test_work_outside_over_http(cast: Cast, api: As) -> None:
    crew, case = a_crew(cast), cast.case("an")
    for who, noun, body in (
        ("di", "acceptance", {"category": "N0101"}), ("di", "dispatches", {"unit": "mt_cz"}), ("ma", "receipts", {}),
    ):  # fmt: skip
        assert api(who).step(case, noun, body).status == 201
    assert [one["id"] for one in api("te").get("/crews").json["items"]] == [crew.pk]
    slots = api("ma").get(f"/complaints/{case.number}/slots?days=3").json["items"]
    first, later = slots[0], slots[-1]
    told = {"crew": crew.pk, "starts_at": first["starts_at"], "ends_at": first["ends_at"], "agreed_means": "call"}
    assert api("ma").step(case, "appointments", {**told, "agreed_by": "nobody"}).status == 422
    made = api("ma").step(case, "appointments", {**told, "agreed_by": "self", "wait_for": "customer_time"})
    assert made.status == 201, made.content
    visit = made.json["id"]
    moved = {"step": "move", "text": "客户出差", "starts_at": later["starts_at"], "ends_at": later["ends_at"]}
    assert api("te").post(f"/appointments/{visit}/steps", moved).json["moves"] == 1
    assert api("ma_wx").post(f"/appointments/{visit}/steps", {"step": "arrival"}).status == 404
    assert api("te").post(f"/appointments/{visit}/steps", {"step": "arrival"}).status == 201
    assert (
        api("te").post(f"/appointments/{visit}/steps", {"step": "result", "text": "已换光猫"}).json["status"] == "done"
    )

    sent = api("ma").step(
        case, "repairs", {"crew": crew.pk, "fault": "光衰大", "term": "8h", "place": "花园街 8 号 201 室"}
    )
    assert sent.status == 201 and "201" not in sent.json["place"]
    order = sent.json["id"]
    for _twice in range(2):
        assert api("te").post(f"/repairs/{order}/steps", {"step": "arrival", "key": "k1"}).status == 201
    soon = f"{case.registered_at + timedelta(days=9):%Y-%m-%d}"
    held = {"kind": "no_resource", "reason": "port", "expected": soon}
    assert api("te").post(f"/repairs/{order}/hindrances", held).status == 201
    done = {"step": "completion", "text": "重做接头", "before": "-29", "after": "-21.5"}
    assert api("te").post(f"/repairs/{order}/steps", done).json["after_dbm"] == -21.5
    assert api("ma").get("/repairs?status=done").json["items"][0]["id"] == order
    assert api("ma").get(f"/repairs/{order}").json["status"] == "done"
    assert api("ma_wx").get(f"/repairs/{order}").status == 404
    figures = api("li").get("/fieldwork/figures?days=7").json
    assert (figures["together"]["done"], figures["together"]["after_dbm"]) == (1, -21.5)
    assert api("an").get("/fieldwork/figures").status == 403
