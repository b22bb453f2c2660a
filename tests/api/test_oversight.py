"""Oversight over HTTP: recorded, put right, accepted; leaks for the few; pages along a key."""

from api.api_cast import As
from bihuan.cases.days import local_day
from bihuan.kernel import clock
from cast import Cast


def test_oversight_over_http(cast: Cast, api: As) -> None:
    today = str(local_day(clock.now()))
    point = {"name": "资费公示", "ok": False, "finding": "缺两档", "due": today}
    visit = {
        "day": today,
        "site": "hall",
        "place": "湖塘营业厅",
        "unit": "mt_cz",
        "area": "武进区",
        "points": [point, {**point, "name": "便民"}],
    }
    assert api("ma").post("/patrols", visit).status == 403
    made = api("du").post("/patrols", visit)
    assert made.status == 201, made.content
    assert made.json["area"]["code"] == "320412"
    assert api("du").post("/patrols", {**visit, "area": "火星区"}).json["code"] == "oversight.area"
    assert api("ma").get("/patrols").json["items"][0]["id"] == made.json["id"]
    first = api("ma").get("/rectifications?limit=1").json
    second = api("ma").get(f"/rectifications?limit=1&after={first['after']}").json
    assert second["after"] == ""
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert api("ma").get("/rectifications?after=x").status == 422
    place = f"/rectifications/{first['items'][0]['id']}/steps"
    assert api("mk").post(place, {"step": "report", "text": "好了"}).status == 404
    assert api("ma").post(place, {"step": "report", "text": "好了"}).json["state"] == "reported"
    assert api("ma").post(place, {"step": "accept"}).status == 403
    assert api("du").post(place, {"step": "accept"}).json["state"] == "accepted"

    score = {"name": "及时", "score": "17.5", "most": "20"}
    told = {
        "body": "某公司",
        "title": "测评",
        "first_day": today,
        "last_day": today,
        "unit": "sc_cz",
        "points": [score],
    }
    assert api("gu").post("/evaluations", told).json["score"] == "87.50"
    assert len(api("di").get("/evaluations").json["items"]) == 1

    leak = {
        "found_on": today,
        "found_by": "audit",
        "kinds": ["bill"],
        "answerable": "agent",
        "unit": "mk_cz",
        "account": "拍照外发",
    }
    assert api("du").post("/leaks", leak).status == 403
    kept = api("gu").post("/leaks", leak).json
    decided = {"step": "sanction", "sanctions": ["deduction"], "decided_by": "渠道委员会", "decided_on": today}
    assert api("he").post(f"/leaks/{kept['id']}/steps", decided).json["sanctions"] == ["deduction"]
    assert api("gu").get("/leaks").json["items"][0]["decided_by"] == "渠道委员会"
