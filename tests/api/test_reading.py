"""`GET /complaints/{number}`: everything its reader may see in one answer."""

from api.api_cast import As
from bihuan.cases.models import Case
from cast import Cast


def test_it_tells_what_was_said_who_did_what_and_which_limits_run(cast: Cast, api: As, received: Case) -> None:
    read = api("di").get(f"/complaints/{received.number}")
    told = read.json
    assert read.headers["ETag"] == f'"{told["version"]}"' and read.headers["Cache-Control"] == "no-store"
    assert told["customer"] == {
        "name": "王**",
        "identity_number": "",
        "phone": "139****5678",
        "other_contact": "",
        "level": 0,
        "mark": None,
    }
    assert told["handler"] == "ma" and told["unit"]["code"] == "mt_cz" and told["registered_by"] == "an"
    assert [event["seq"] for event in told["events"]] == list(range(1, len(told["events"]) + 1))
    sent = next(event for event in told["events"] if event["kind"] == "dispatched")
    assert sent["actor"] == {"code": "di", "name": "狄青"} and sent["source"] == "api"
    assert sent["details"]["unit"] == "mt_cz"
    assert {clock["state"] for clock in told["clocks"]} & {"running"}
    assert all(clock["granted_seconds"] > 0 for clock in told["clocks"])
    assert told["next_due"]["at"] == min(c["due_at"] for c in told["clocks"] if c["state"] == "running")


def test_the_steps_it_offers_are_those_that_would_be_taken(cast: Cast, api: As, dispatched: Case) -> None:
    def offered(who: str) -> list[str]:
        return [step["step"] for step in api(who).get(f"/complaints/{dispatched.number}").json["allowed"]]

    assert offered("ma") == ["receipts", "returns", "evidence", "replies", "chasers"]
    assert "recalls" in offered("di") and "receipts" not in offered("di")
    assert offered("he") == []
    fresh = cast.case()
    assert "replies" in [step["step"] for step in api("an").get(f"/complaints/{fresh.number}").json["allowed"]]


def test_a_number_may_be_typed_as_people_say_it(cast: Cast, api: As) -> None:
    case = cast.case()
    spoken = case.number.lower().replace("-", " ")
    assert api("an").get(f"/complaints/{spoken}").json["number"] == case.number


def test_what_does_not_exist_is_not_found_in_either_language(cast: Cast, api: As) -> None:
    for path in ("TS261121-00000000", "no-such", "%00", "1' OR '1'='1", "%F0%9F%98%A1", "x" * 65):
        answer = api("an").get(f"/complaints/{path}")
        assert answer.status == 404, path
    assert api("an").get("/complaints/TS261121-00000000").json["title"] == "没有找到"
    assert api("an", language="en").get("/complaints/TS261121-00000000").json["title"] == "Not found"
    assert "查看" not in api("an", language="en").get("/complaints/TS261121-00000000").json["detail"]


def test_a_personal_number_in_any_text_is_masked(cast: Cast, api: As, received: Case) -> None:
    note = {"means": "call", "note": "客户换了号码 13655556666，请打这个"}
    assert api("ma").step(received, "contacts", note).status == 201
    assert api("ma").step(received, "returns", {"reason": "wrong_unit", "note": "请打 13655556666 问"}).status == 201
    content = api("di").get(f"/complaints/{received.number}").content.decode()
    assert "13655556666" not in content and "136****6666" in content and "⟦" not in content


def test_other_methods_are_refused_with_those_that_work(cast: Cast, api: As) -> None:
    case = cast.case()
    for method in ("PUT", "DELETE", "PATCH"):
        answer = api("an").send(method, f"/api/v1/complaints/{case.number}")
        assert (answer.status, answer.headers["Allow"], answer.code) == (405, "GET", "method.not_allowed")
    assert api("an").get(f"/complaints/{case.number}/acceptance").headers["Allow"] == "POST"
    assert api("an").send("HEAD", f"/api/v1/complaints/{case.number}").status == 200
    assert api("an").get("/nothing/here").code == "path.not_found"
    assert api("an").get(f"/complaints/{case.number}/").status == 200
