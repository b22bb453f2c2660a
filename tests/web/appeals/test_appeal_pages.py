"""The pages of appeals: taken down, listed, judged, answered, filed; and for whom they exist."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from appeals.appeals_cast import fresh, receive
from bihuan.appeals.models import Appeal, Body, Letter, Term
from bihuan.cases.models import Case, CaseEvent
from bihuan.kernel import clock
from bihuan.sla.models import Policy
from cast import DISTRICT, Cast

As = Callable[[str], Client]


@pytest.fixture
def at(cast: Cast) -> As:
    """`at("du")`: that person's browser."""

    def of(name: str) -> Client:
        client = Client()
        client.force_login(cast.staff[name])
        return client

    return of


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path


def order(body: str = "miit", **changes: Any) -> dict[str, Any]:
    """A body's order as the form sends it."""
    now = timezone.localtime(clock.now())
    plain = {
        "number": "苏通申2026-0311",
        "received_at": (now - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
        "transferred_at": (now - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "name": "王小明",
        "phone": "13912345678",
        "address": "常州市武进区人民路88号",
        "postcode": "213161",
        "area": str(DISTRICT),
        "content": "宽带到期被自动续费，答复不退。",
        "demand": "退还 3 个月费用",
        "reason": "没有同意续约",
        "appellant": "customer",
        "dispute": "fee",
        "arose_on": (now - timedelta(days=60)).strftime("%Y-%m-%d"),
        "complained_on": (now - timedelta(days=20)).strftime("%Y-%m-%d"),
        "outcome": "dissatisfied",
        "interested": "on",
        "named": "on",
    }
    return {**plain, **changes}


def post(client: Client, url: str, case: Case | None = None, /, **told: Any) -> Any:
    if case is not None:
        told.setdefault("version", Case.objects.get(pk=case.pk).version)
    return client.post(url, told)


@pytest.mark.parametrize("body", ["miit", "12300", "12345", "12315"])
def test_each_body_has_its_own_form_and_it_registers(at: As, cast: Cast, body: str) -> None:
    page = at("du").get(f"/appeals/new/{body}/").content.decode()
    assert ("own_order_kind" in page) == (body == "12345") and ("own_amount" in page) == (body == "12315")
    assert ('name="postcode"' in page) == (body == "miit")
    answer = post(at("du"), f"/appeals/new/{body}/", **order(number=f"n-{body}"))
    appeal = Appeal.objects.get()
    case = Case.objects.get(pk=appeal.case_id)
    assert answer.status_code == 302 and answer["Location"] == f"/appeals/{case.number}/"
    assert appeal.failing == [] and case.channel == "regulator"
    assert at("du").get(answer["Location"]).status_code == 200


def test_the_bodys_own_fields_are_kept_and_shown(at: As) -> None:
    own = {"own_platform": "call", "own_amount": "128.5", "own_bought_on": "2026-01-05", "own_agrees_mediation": "on"}
    answer = post(at("du"), "/appeals/new/12315/", **order(), **own)
    assert Appeal.objects.get().own == {
        "platform": "call", "amount": "128.50", "bought_on": "2026-01-05", "agrees_mediation": True,
    }  # fmt: skip
    page = at("du").get(answer["Location"]).content.decode()
    assert "12315 电话" in page and "128.50" in page


def test_a_wrong_form_names_the_fields_and_keeps_what_was_written(at: As) -> None:
    answer = post(at("du"), "/appeals/new/miit/", **order(number="", area="nowhere", content=""))
    assert answer.status_code == 422 and not Appeal.objects.exists()
    page = answer.content.decode()
    assert page.count("b-error") >= 3 and "退还 3 个月费用" in page
    later = post(at("du"), "/appeals/new/miit/", **order(transferred_at="2199-01-01T00:00"))
    assert later.status_code == 422 and "不能晚于现在" in later.content.decode()


def test_the_earlier_complaint_is_offered_by_number_and_linked(at: As, cast: Cast) -> None:
    first = cast.case("an", at=clock.now() - timedelta(days=30))
    offered = at("du").post("/appeals/earlier/", {"phone": "13912345678"}).content.decode()
    assert first.number in offered
    assert first.number not in at("di_wx").post("/appeals/earlier/", {"phone": "13912345678"}).content.decode()
    answer = post(at("du"), "/appeals/new/miit/", **order(earlier=first.number))
    assert Appeal.objects.get().earlier_case_id == first.id
    assert first.number in at("du").get(answer["Location"]).content.decode()


def test_what_fails_is_shown_with_grounds_to_return_it(at: As, cast: Cast) -> None:
    case, _appeal = receive(cast, elsewhere="court")
    page = at("du").get(f"/appeals/{case.number}/").content.decode()
    assert "同一事项已由法院受理或处理。" in page and "不符合" in page
    done = post(at("du"), f"/appeals/{case.number}/steps/declination/", case, why="同一事项已由法院受理或处理。")
    assert done.status_code == 302 and Appeal.objects.get().status == "declined_filed"


def test_the_list_filters_and_shows_the_bodys_limit(at: As, cast: Cast) -> None:
    good, _a = receive(cast)
    bad, _b = receive(cast, body="12315", number="消-1", settled=True)
    when = clock.now() - timedelta(days=12)
    late, _c = receive(cast, number="迟", received_at=when, transferred_at=when)
    for query, wanted in (
        ("", {good, bad, late}),
        ("body=12315", {bad}),
        ("failing=1", {bad}),
        ("late=1", {late}),
        ("status=open", {good, bad, late}),
        ("status=shut", set()),
        ("number=消-1", {bad}),
        (f"number={good.number}", {good}),
    ):
        page = at("du").get(f"/appeals/?{query}").content.decode()
        for case in (good, bad, late):
            assert (f'data-row="{case.number}"' in page) == (case in wanted), query
    assert "b-chip-late" in at("du").get("/appeals/?late=1").content.decode()


def test_a_letter_is_written_shown_masked_sent_and_the_appeal_filed(at: As, cast: Cast) -> None:
    case, appeal = receive(cast)
    du, address = at("du"), f"/appeals/{case.number}/"
    text = "管局：\n{姓名}（{电话}）的费用已退，自动续费已关闭，并致歉。"
    assert post(du, f"{address}letters/", case, title="答复 {申诉编号}", text=text).status_code == 302
    word = du.get(f"{address}letters/1.docx")
    assert word.status_code == 200 and word.content[:2] == b"PK" and "draft" in word["Content-Disposition"]
    assert post(du, f"{address}letters/1/sending/", case).status_code == 302
    assert fresh(appeal).answered_at and Letter.objects.get().word_id
    assert "draft" not in du.get(f"{address}letters/1.docx")["Content-Disposition"]
    assert post(du, f"{address}steps/filing/", case, why="").status_code == 302
    assert fresh(appeal).status == "closed_filed"
    page = du.get(address).content.decode()
    assert "王小明" not in page and "结案归档" in page


def test_a_refused_letter_keeps_its_words_and_says_why(at: As, cast: Cast) -> None:
    case, _appeal = receive(cast)
    text = "已处理，另一位客户 13700000009 也退费了，特此答复。"
    answer = post(at("du"), f"/appeals/{case.number}/letters/", case, title="答复", text=text)
    page = answer.content.decode()
    assert answer.status_code == 422 and "137****0009" in page and "也退费了" in page
    assert not Letter.objects.exists()


def test_a_step_out_of_turn_is_refused_in_words(at: As, cast: Cast) -> None:
    case, _appeal = receive(cast)
    answer = post(at("du"), f"/appeals/{case.number}/steps/filing/", case, why="好了")
    assert answer.status_code == 409 and "还没有向转办单位发出答复" in answer.content.decode()


def test_somebody_was_quicker(at: As, cast: Cast) -> None:
    case, _appeal = receive(cast)
    seen = Case.objects.get(pk=case.pk).version
    assert post(at("du"), f"/appeals/{case.number}/steps/mediation/", case, why="申诉人要求").status_code == 302
    late = post(at("di"), f"/appeals/{case.number}/judgement/", version=seen, liable="yes", reasonable="no")
    assert late.status_code == 422 and Appeal.objects.get().liable is None


def test_judged_and_corrected(at: As, cast: Cast) -> None:
    case, appeal = receive(cast)
    unit = cast.units["mk_cz"].id
    told = {"liable": "yes", "reasonable": "yes", "raised": "on", "penalty": "200", "penalty_unit": unit}
    assert post(at("du"), f"/appeals/{case.number}/judgement/", case, **told).status_code == 302
    assert (fresh(appeal).liable, fresh(appeal).penalty_unit_id) == (True, unit)
    form = at("du").get(f"/appeals/{case.number}/correction/")
    assert form.status_code == 200 and 'value="213161"' in form.content.decode()
    changed = order(settled="on")
    for name in ("number", "received_at", "transferred_at", "name", "phone", "area", "content", "demand", "address"):
        changed.pop(name)
    assert post(at("du"), f"/appeals/{case.number}/correction/", case, **changed).status_code == 302
    assert fresh(appeal).failing == ["settled"]


def test_the_case_page_leads_to_its_appeal_and_tells_its_story(at: As, cast: Cast) -> None:
    case, _appeal = receive(cast)
    page = at("du").get(f"/cases/{case.number}/").content.decode()
    assert f"/appeals/{case.number}/" in page and "收到转办申诉" in page
    plain = cast.case("an")
    assert "/appeals/" not in at("an").get(f"/cases/{plain.number}/").content.decode().split('id="pane"')[1]


PATHS = ["", "correction/", "judgement/", "letters/", "letters/1.docx", "letters/1/sending/", "steps/filing/"]


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_appeal_is_404_everywhere(at: As, cast: Cast, path: str) -> None:
    case, _appeal = receive(cast)
    client = at("di_wx")
    found = {client.get(f"/appeals/{case.number}/{path}").status_code}
    found.add(post(client, f"/appeals/{case.number}/{path}", version=1).status_code)
    assert 404 in found and found <= {404, 405}


@pytest.mark.parametrize("path", ["judgement/", "letters/", "letters/1/sending/", "steps/filing/", "correction/"])
def test_who_only_reads_does_nothing(at: As, cast: Cast, path: str) -> None:
    case, _appeal = receive(cast)
    before = CaseEvent.objects.count()
    assert at("he").get(f"/appeals/{case.number}/").status_code == 200
    assert post(at("he"), f"/appeals/{case.number}/{path}", case, why="x", title="x", text="x" * 30).status_code == 403
    assert CaseEvent.objects.count() == before


@pytest.mark.parametrize(("who", "status"), [("an", 404), ("ma", 404), ("di", 200), ("du", 200), ("gu", 404)])
def test_who_takes_appeals_in(at: As, who: str, status: int) -> None:
    assert at(who).get("/appeals/new/miit/").status_code == status


def test_administrators_see_no_appeals_and_strangers_the_door(at: As, client: Client, cast: Cast) -> None:
    case, _appeal = receive(cast)
    assert at("sy").get("/appeals/").status_code == 404
    assert at("sy").get(f"/appeals/{case.number}/").status_code == 404
    assert client.get("/appeals/").status_code == 302


def test_a_manager_edits_a_body_and_a_provinces_days(at: As, cast: Cast) -> None:
    gu, body = at("gu"), Body.objects.get(code="miit")
    assert "通信管理局" in gu.get("/setup/appeals/").content.decode()
    page = gu.get(f"/setup/appeals/{body.pk}/").content.decode()
    assert "5 个工作日" in page and "10 个自然日" in page
    term = {"province": "320000", "duration": "7d", "calendar": "7x24", "conditions": "江苏 7 日"}
    assert gu.post(f"/setup/appeals/{body.pk}/terms/", term).status_code == 302
    row = Term.objects.get(body=body, province_id=320000)
    assert Policy.objects.get(code=row.policy_code, latest=True).duration == "7d"
    assert gu.post(f"/setup/appeals/{body.pk}/terms/", {**term, "duration": "bald"}).status_code == 422
    assert gu.post(f"/setup/appeals/{body.pk}/terms/{row.pk}/removal/").status_code == 302
    told = {
        "name": "江苏省通信管理局", "name_en": "Jiangsu regulator", "checks": ["claim"], "fee_months": "6",
        "other_months": "24", "unanswered_days": "15", "letter": "{转办单位}：已处理。", "active": "on",
    }  # fmt: skip
    assert gu.post(f"/setup/appeals/{body.pk}/", told).status_code == 302
    body.refresh_from_db()
    assert (body.fee_months, body.masked, body.checks) == (6, False, ["claim"])
    assert "江苏省通信管理局" in gu.get(f"/setup/appeals/{body.pk}/").content.decode()
    assert gu.post(f"/setup/appeals/{body.pk}/", {**told, "letter": "{谁}"}).status_code == 422
    assert at("du").get("/setup/appeals/").status_code == 404


def test_everything_reads_in_english(at: As, cast: Cast) -> None:
    case, _appeal = receive(cast, elsewhere="court")
    du = at("du")
    for path in ("/appeals/", "/appeals/new/12345/", f"/appeals/{case.number}/"):
        page = du.get(path, headers={"accept-language": "en"}).content.decode()
        main = page.split("<main")[1].split("</main>")[0]
        assert "appeal" in main.lower() and "受理条件" not in main
