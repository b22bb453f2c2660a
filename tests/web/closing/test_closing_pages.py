"""Who sees which page around closing, and that each says what it should."""

from typing import Any

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.flow import aftercare
from bihuan.revisit import actions as revisit
from bihuan.revisit.models import Rule, Sheet
from bihuan.revisit.review import Review
from cast import Cast

ALL = {"an", "bo", "di", "du", "ma", "li", "wu", "re", "ji", "he", "fe", "gu", "sy", "se", "au", "pa"}
READERS: dict[str, set[str]] = {
    "/approvals/": {"du", "li", "gu"},
    "/care/": {"re"},
    "/reviews/": {"li", "ji"},
    "/requests/": ALL - {"sy", "se", "au"},
    "/requests/export/": {"di", "li", "du", "fe", "gu"},
    "/surveys/": {"di", "li", "wu", "du", "re", "ji", "fe", "he", "gu"},
    "/surveys/export/": {"di", "li", "du", "fe", "gu"},
    "/ledger/": {"di", "li", "wu", "du", "ji", "fe", "he", "gu", "au"},
    "/ledger/export/": {"di", "li", "wu", "du", "ji", "fe", "he", "gu", "au"},
    "/setup/revisits/": {"gu"},
    "/setup/sheets/": {"gu"},
    "/setup/sheets/new/": {"gu"},
}


def _see(cast: Cast, who: str, address: str, **more: Any) -> Any:
    client = Client(**more)
    client.force_login(cast.staff[who])
    return client.get(address)


@pytest.mark.parametrize("address", READERS)
def test_each_page_exists_for_those_who_need_it(cast: Cast, address: str) -> None:
    found = {who for who in ALL if _see(cast, who, address).status_code == 200}
    assert found == READERS[address]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_tell_what_waits_and_an_auditor_reads_no_content(cast: Cast, language: str) -> None:
    case = cast.case(content="家里三天没有信号，独一无二的投诉内容")
    flow.answer(
        Case.objects.select_for_update().get(pk=case.pk), cast.doer("di"), "call", "处理人狄青：基站故障已修复。"
    )
    revisit.attempt(Case.objects.select_for_update().get(pk=case.pk), cast.doer("re"), "挂断")
    locked = Case.objects.select_for_update().get(pk=case.pk)
    aftercare.ask_closing(
        locked, cast.viewer("re"), "refused", cast.du.id, Review("N1111", ["kpi"], system_cause=True), "客户拒绝回访"
    )
    headers = {"headers": {"accept-language": language}}
    page = _see(cast, "du", "/approvals/", **headers).content.decode()
    assert case.number in page and "任真" in page and f"/cases/{case.number}/closing-decisions/" in page
    assert case.number not in _see(cast, "li", "/approvals/").content.decode()
    told = _see(cast, "au", "/ledger/", **headers).content.decode()
    assert case.number in told and "独一无二" not in told and f"/cases/{case.number}/" not in told


def test_a_manager_edits_the_rule_and_a_category_gets_one_of_its_own(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.gu)
    client.post("/setup/revisits/", {"category": "N01"})
    rule = Rule.objects.get(category="N01")
    assert (rule.active, rule.hour_from) == (False, 8)
    told = {
        "days": [1, 2, 3], "hour_from": 9, "hour_to": 18, "gap_minutes": 60, "attempts": 2, "spread_days": 2,
        "tried_by": ["call", "sms"], "approval_term": "4h", "required": ["loss"], "survey_days": 5, "bad_score": 2,
        "bad_rating": "complaint", "bad_days": 3, "care_days": 7, "care_within": 2, "questions": "网速达标吗？\n",
        "active": "on", "script": "您好", "script_en": "",
    }  # fmt: skip
    assert client.post(f"/setup/revisits/{rule.pk}/", {**told, "hour_to": 8}).status_code == 422
    assert client.post(f"/setup/revisits/{rule.pk}/", told).status_code == 302
    rule.refresh_from_db()
    assert (rule.version, rule.media, rule.questions, rule.active) == (2, ["call", "sms"], ["网速达标吗？"], True)
    assert "网速达标吗？" in client.get(f"/setup/revisits/{rule.pk}/").content.decode()
    bad = {"code": "x", "name": "表", "questions": "怎么样 | choice", "active": "on"}
    assert client.post("/setup/sheets/new/", bad).status_code == 422
    client.post("/setup/sheets/new/", {**bad, "questions": "怎么样 | choice | 好、坏\n还有 | text"})
    assert [one["kind"] for one in Sheet.objects.get(code="x").questions] == ["choice", "text"]
