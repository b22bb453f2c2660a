"""The pages of knowledge: who sees what, writing, approving, what stands beside a case and in a reply."""

import pytest
from django.test import Client

from bihuan.intake.schema import Customer
from bihuan.knowledge import actions
from bihuan.knowledge.models import Article, Feedback, Use, Version
from cast import Cast
from knowledge.knowledge_cast import published, told


@pytest.fixture
def at(cast: Cast):
    """`at("an")`: this person's browser."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(cast.staff[name])
        return made

    return client


WRITTEN = {
    "kind": "script", "title": "宽带断网排查", "body": "请先看光猫灯。", "category": "N0101", "owner": "", "more_categories": "",
}  # fmt: skip


def test_written_submitted_and_approved_by_another(cast: Cast, at) -> None:
    answer = at("di").post("/knowledge/new/", {**WRITTEN, "owner": cast.di.id})
    article = Article.objects.get()
    assert answer.url == f"/knowledge/{article.pk}/"
    at("di").post(f"/knowledge/{article.pk}/submission/")
    assert "通过并发布" not in at("di").get(answer.url).content.decode()
    assert "通过并发布" in at("gu").get(answer.url).content.decode()
    at("gu").post(f"/knowledge/{article.pk}/approval/")
    assert "宽带断网排查" in at("an").get("/knowledge/?q=断网").content.decode()


def test_what_a_rule_refuses_stands_beside_its_field(cast: Cast, at) -> None:
    answer = at("di").post("/knowledge/new/", {**WRITTEN, "owner": cast.di.id, "body": "拨打 13912345678"})
    assert answer.status_code == 422 and "个人号码" in answer.content.decode()


def test_drafts_do_not_exist_for_who_only_reads(cast: Cast, at) -> None:
    article = actions.create(cast.viewer("di"), "script", told())
    assert at("an").get(f"/knowledge/{article.pk}/").status_code == 404
    assert "无信号安抚" not in at("an").get("/knowledge/").content.decode()
    assert at("an").get("/knowledge/new/").status_code == 404


@pytest.mark.parametrize("name", ["sy", "se", "au"])
def test_administrators_see_no_knowledge(cast: Cast, at, name: str) -> None:
    assert at(name).get("/knowledge/").status_code == 404


def test_approving_without_the_right_is_refused(cast: Cast, at) -> None:
    article = actions.create(cast.viewer("di"), "script", told())
    actions.submit(article.id, cast.viewer("di"))
    assert at("ma").post(f"/knowledge/{article.pk}/approval/").status_code == 403


def test_older_versions_stay_readable_for_writers(cast: Cast, at) -> None:
    article = published(cast)
    actions.edit(article.id, cast.viewer("di"), told(title="第二版标题"), seen=1)
    assert "无信号安抚" in at("di").get(f"/knowledge/{article.pk}/?version=1").content.decode()
    assert "第二版标题" in at("di").get(f"/knowledge/{article.pk}/?version=2").content.decode()
    assert "第二版标题" not in at("an").get(f"/knowledge/{article.pk}/?version=2").content.decode()


def test_feedback_is_kept(cast: Cast, at) -> None:
    article = published(cast)
    at("an").post(f"/knowledge/{article.pk}/feedback/", {"verdict": "outdated", "why": "套餐已下架"})
    assert Feedback.objects.get().note == "套餐已下架"


def test_the_panel_offers_what_fits_and_counts_its_use(cast: Cast, at) -> None:
    article, case = published(cast), cast.case()
    assert "无信号安抚" in at("an").get(f"/knowledge/beside/{case.number}/").content.decode()
    at("an").post(f"/knowledge/{article.pk}/uses/", {"case": case.number})
    assert Use.objects.get().case_id == case.id


def test_the_panel_of_a_case_out_of_reach_does_not_exist(cast: Cast, at) -> None:
    case = cast.case()
    for address in (f"/knowledge/beside/{case.number}/", f"/knowledge/modules/{case.number}/"):
        assert at("an_wx").get(address).status_code == 404
    assert at("an_wx").post(f"/knowledge/check/{case.number}/", {"text": "您好您好"}).status_code == 404


def test_modules_come_filled_in(cast: Cast, at) -> None:
    published(
        cast,
        "module",
        title="开头语",
        body="{客户称呼}您好，您的投诉{工单号}由{处理人}办理。",
        shortcut="kt",
        categories=[],
    )
    case = cast.case()
    (one,) = at("an").get(f"/knowledge/modules/{case.number}/").json()
    assert one["text"] == f"尊敬的客户您好，您的投诉{case.number}由安宁办理。" and one["keys"] == "kt kty"


def test_advice_on_a_reply(cast: Cast, at) -> None:
    cast.case(customer=Customer(name="李四", phone="13700001111"))
    case = cast.case()
    said = at("an").post(f"/knowledge/check/{case.number}/", {"text": "会尽快处理，详询13700001111"}).content.decode()
    assert "没有写原因" in said and "另一位客户的号码" in said and "13700001111" not in said


def test_the_case_page_asks_for_the_panel_and_the_reply_form_for_modules(cast: Cast, at) -> None:
    case = cast.case()
    assert f"/knowledge/beside/{case.number}/" in at("an").get(f"/cases/{case.number}/").content.decode()
    assert f"/knowledge/modules/{case.number}/" in at("an").get(f"/cases/{case.number}/replies/").content.decode()


def test_the_hotline_shows_the_script_of_the_suggested_class(cast: Cast, at) -> None:
    for code in ("N01", "N02", "N03"):
        published(cast, categories=[code])
    said = at("an").post("/registration/hints/", {"content": "手机在室外没有信号，一格信号都没有，打不了电话"})
    assert "服务脚本" in said.content.decode()


def test_an_open_case_cannot_be_made_a_typical_one(cast: Cast, at) -> None:
    case = cast.case()
    answer = at("di").post(f"/knowledge/from-case/{case.number}/", headers={"accept": "text/html"})
    assert answer.status_code == 409 and not Version.objects.exists()
