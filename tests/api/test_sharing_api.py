"""Over the API: people within a unit, a dispute with its ruling, co-handling, and a bulk deed undone."""

from api.api_cast import As, fresh
from bihuan.dispatch.models import Dispute
from cast import Cast


def test_a_dispute_is_opened_answered_and_ruled(cast: Cast, api: As) -> None:
    case = cast.case("an")
    for who, noun, body in (
        ("di", "acceptance", {}), ("di", "dispatches", {"unit": "mt_cz"}), ("li", "assignments", {"handler": "ma"}),
        ("ma", "receipts", {}), ("ma", "releases", {}), ("ma", "receipts", {}),
        ("di", "cohandling", {"units": ["wj"], "ask": "上门看终端"}),
        ("wu", "contacts", {"means": "call", "note": "约了上门"}), ("wu", "contributions", {"report": "终端正常"}),
        ("ma", "disputes", {"unit": "mk_cz", "reason": "属于资费争议"}),
    ):  # fmt: skip
        answer = api(who).step(case, noun, body)
        assert answer.status == 201, (noun, answer.content.decode())
    ident = Dispute.objects.get(case_id=case.id).pk
    listed = api("du").get("/disputes").json
    assert [one["complaint"] for one in listed["items"]] == [case.number]
    assert api("mk").post(f"/disputes/{ident}/statement", {"text": "账单没有问题"}).status == 201
    assert api("di").post(f"/disputes/{ident}/ruling", {"owner": "mk_cz", "text": "网络侧已排除"}).status == 403
    ruled = api("du").post(f"/disputes/{ident}/ruling", {"owner": "mk_cz", "text": "网络侧已排除"}).json
    assert ruled["overturned"] is True
    assert fresh(case).holder_unit_id == cast.units["mk_cz"].pk
    assert api("du").get("/disputes?which=ruled").json["figures"]["overturned"] == 1


def test_a_bulk_deed_gives_a_result_a_row_and_is_undone(cast: Cast, api: As) -> None:
    cases = [cast.case("an") for _n in range(2)]
    numbers = [case.number for case in cases]
    made = api("di").post("/bulk", {"deed": "dispatches", "numbers": [*numbers, "TS1"], "unit": "mt_cz"})
    assert made.status == 201, made.content.decode()
    assert [row["ok"] for row in made.json["rows"]] == [True, True, False]
    moved = api("di").post("/bulk", {"deed": "transfers", "from_unit": "mt_cz", "unit": "wj"}).json
    assert moved["good"] == 2
    assert api("di").get(f"/bulk/{moved['id']}").json["undone_by"] is None
    assert api("di").post(f"/bulk/{moved['id']}/undoing", {}).json["good"] == 2
    assert {fresh(case).holder_unit_id for case in cases} == {cast.units["mt_cz"].pk}
    assert api("ma").get(f"/bulk/{moved['id']}").status == 404
