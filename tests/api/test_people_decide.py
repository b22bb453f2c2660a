"""Over the API: returned to and fro the first receiver answers until it is ruled; a plea decided by a superior; no money
for whoever complains for another before she is checked."""

from api.api_cast import As, fresh
from bihuan.compensation import budgets
from bihuan.dispatch.models import Dispute
from cast import Cast

BACK = {"reason": "wrong_unit", "note": "不属于本部门"}


def test_returned_twice_the_first_receiver_has_it_until_it_is_ruled(cast: Cast, api: As) -> None:
    case = cast.case()
    for who, noun, body in (
        ("di", "acceptance", {"category": "N0101"}), ("di", "dispatches", {"unit": "mt_cz"}), ("ma", "receipts", {}),
        ("ma", "returns", BACK), ("di", "dispatches", {"unit": "mk_cz"}), ("mk", "returns", BACK),
    ):  # fmt: skip
        answer = api(who).step(case, noun, body)
        assert answer.status == 201, (noun, answer.content.decode())
    held = fresh(case)
    assert (held.status, held.holder_unit_id, held.return_count) == ("dispatched", cast.units["mt_cz"].pk, 2)
    found = Dispute.objects.get(case_id=case.id)
    assert found.first_unit_id == cast.units["mt_cz"].pk and found.ruled_at is None
    assert api("ma").step(case, "returns", BACK).code == "return.disputed"
    told = {"owner": "mk_cz", "text": "属于资费争议"}
    assert api("ma").post(f"/disputes/{found.pk}/ruling", told).status == 403
    assert api("du").post(f"/disputes/{found.pk}/ruling", told).status in {200, 201}
    assert fresh(case).holder_unit_id == cast.units["mk_cz"].pk
    assert api("mk").step(case, "returns", BACK).code == "return.final"


def test_a_plea_is_decided_by_the_superior_it_was_put_to(cast: Cast, api: As) -> None:
    case = cast.case()
    assert api("an").step(case, "questions", {"text": "客户要求当场减免 300 元", "kind": "plea"}).status == 422
    assert (
        api("an").step(case, "questions", {"text": "客户要求当场减免 300 元", "kind": "plea", "to": "bo"}).status == 422
    )
    assert (
        api("an").step(case, "questions", {"text": "客户要求当场减免 300 元", "kind": "plea", "to": "du"}).status == 201
    )
    (waiting,) = api("du").get("/questions").json["items"]
    told = {"question": waiting["id"], "text": "同意减免"}
    assert api("di").step(case, "answers", {**told, "granted": True}).status == 403
    assert api("du").step(case, "answers", told).status == 422
    assert api("du").step(case, "answers", {**told, "granted": True}).status == 201
    assert api("an").get("/questions?which=asked").json["items"][0]["granted"] is True


def test_who_complains_for_another_gets_no_money_before_she_is_checked(cast: Cast, api: As) -> None:
    case = cast.case(relation="on_behalf", complained_number="13700002222")
    assert api("di").step(case, "acceptance", {"category": "C0101"}).status == 201
    budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "1000")
    money = {"kind": "refund", "amount": "5.00", "reason": "多收月租"}
    assert api("di").step(case, "compensation", money).code == "caller.unchecked"
    failed = {"who": "王刚", "relation": "family", "means": "answers", "answered": ["bill"]}
    assert api("an").step(case, "caller-checks", failed).status == 201
    assert api("di").step(case, "compensation", money).code == "caller.unchecked"
    assert api("an").step(case, "caller-checks", {**failed, "answered": ["bill", "since"]}).status == 201
    assert api("di").step(case, "compensation", money).status == 201
