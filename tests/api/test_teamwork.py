"""Teamwork over HTTP: help asked and answered, money proposed, approved and paid, tracking, wishes, reports."""

from api.api_cast import As
from bihuan.compensation import budgets
from bihuan.kernel import clock
from bihuan.progress.actions import KIND as NEWS
from bihuan.sla import deadlines
from cast import Cast


def test_teamwork_over_http(cast: Cast, api: As) -> None:
    budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "1000")
    case = cast.case("an")
    for who, noun, body in (
        ("di", "acceptance", {"category": "N0101"}), ("di", "dispatches", {"unit": "mt_cz"}), ("ma", "receipts", {}),
    ):  # fmt: skip
        assert api(who).step(case, noun, body).status == 201
    ask = {"units": ["mk_cz"], "question": "请核对账单", "term": "4h"}
    answer = api("ma").step(case, "assistance", ask)
    assert answer.status == 201, answer.content
    task = answer.json["items"][0]["id"]
    assert api("mk").get("/assistance").json["items"][0]["complaint"] == case.number
    told = {"step": "answer", "text": "账单无误。"}
    assert api("ma_wx").post(f"/assistance/{task}/steps", told).status == 404
    assert api("mk").post(f"/assistance/{task}/steps", told).json["status"] == "answered"
    assert api("ma").get(f"/complaints/{case.number}/assistance").json["items"][0]["answer"] == "账单无误。"

    made = api("ma").step(case, "compensation", {"kind": "refund", "amount": "260.00", "reason": "多收月租"}).json
    assert (made["status"], made["amount"]) == ("pending", "260.00")
    rung = made["approvals"][0]["id"]
    assert api("li").get("/approvals").json["items"][0]["id"] == made["id"]
    assert api("li").post(f"/approvals/{rung}/decision", {"approved": True}).json["status"] == "granted"
    assert api("gu").post(f"/compensation/{made['id']}/payment", {"reference": "V-1"}).json["status"] == "paid"

    track = api("li").step(case, "tracking", {"cause": "difficult", "next_step": "请厂家会诊"}).json
    assert api("li").get("/tracking").json["items"][0]["id"] == track["id"]
    ended = api("li").post(f"/tracking/{track['id']}/entries", {"outcome": "satisfied"})
    assert ended.json["outcome"] == "satisfied"
    assert api("ma").step(case, "news-wishes", {"told": False}).status == 201
    assert api("li").step(case, "major-report", {"lead": "li"}).status == 201
    assert api("li").get("/major-reports").json["items"][0]["lead"] == "li"
    assert api("li").get("/major-reports?which=done").json == {"items": [], "after": ""}
    assert api("ma").get("/news").status == 200
    assert api("di").get(f"/complaints/{case.number}").json["registered_by"] == "an"


def test_news_reports_and_approvals_come_page_by_page(cast: Cast, api: As) -> None:
    budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "5000")
    for _case in range(3):
        case = cast.case("an")
        for who, noun, body in (
            ("di", "acceptance", {"category": "N0101"}), ("di", "dispatches", {"unit": "mt_cz"}), ("ma", "receipts", {}),
            ("li", "major-report", {"lead": "li"}),
            ("ma", "compensation", {"kind": "refund", "amount": "260.00", "reason": "多收月租"}),
        ):  # fmt: skip
            assert api(who).step(case, noun, body).status == 201
        deadlines.start(NEWS, case.id, case.id, clock.ago(hours=-3))
    for who, address, key in (("ma", "/news", "complaint"), ("li", "/major-reports", "id"), ("li", "/approvals", "id")):
        found, after = [], ""
        while True:
            page = api(who).get(f"{address}?limit=2&after={after}").json
            found += [one[key] for one in page["items"]]
            after = page["after"]
            if not after:
                break
        assert len(found) == len(set(found)) == 3, address
        assert api(who).get(f"{address}?after=x").code == "after.malformed"
