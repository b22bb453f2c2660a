"""Routing rules as a manager edits them: in words, in versions, tried out before and dispatching after."""

from datetime import datetime

import pytest
from django.test import Client

from bihuan.cases.days import LOCAL
from bihuan.dispatch import editing, queries
from bihuan.dispatch.models import RuleSet
from bihuan.flow import actions as flow
from cast import DISTRICT, OTHER_CITY, Cast

FULL, SIMPLE = "/setup/rules/full/", "/setup/rules/simple/"


@pytest.fixture
def manager(client: Client, cast: Cast) -> Client:
    client.force_login(cast.gu)
    return client


def _form(client: Client, address: str) -> dict:
    form = client.get(address).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False, "")}


def test_every_rule_is_readable_in_both_languages(manager: Client):
    page = manager.get(FULL).content.decode()
    assert "客户星级 ≥ 6" in page
    assert "区局（投诉所在地）" in page
    assert "其余全部" in page
    english = manager.get(FULL, headers={"Accept-Language": "en"}).content.decode()
    assert "Security or a data leak is supervised by management" in english


def test_saving_a_rule_without_change_makes_no_version(manager: Client):
    for rule in editing.latest("full").rules.all():
        address = f"{FULL}rules/{rule.code}/"
        answer = manager.post(address, _form(manager, address))
        assert answer.status_code == 302, (rule.code, answer.context["form"].errors)
    assert editing.latest("full").version == 1


def test_an_edited_rule_is_a_new_version_that_waits_to_be_tried_and_switched_on(manager: Client, cast: Cast):
    case = cast.case(category="C0101")
    before = queries.suggestion(case)
    assert before is not None
    assert before.unit.code == "mk_cz"
    rule = editing.latest("full").rules.get(conditions={"category": ["C"]})
    address = f"{FULL}rules/{rule.code}/"
    manager.post(address, _form(manager, address) | {"target": "unit:sc_cz", "priority": "2"})
    held = editing.latest("full")
    assert (held.version, held.active) == (2, False)
    assert queries.suggestion(case) == before
    waiting = manager.get(FULL).content.decode()
    assert "第 2 版待启用，正在使用第 1 版" in waiting
    tried = manager.get(f"{FULL}comparison/")
    (line,) = tried.context["found"].lines
    assert (line.count, line.examples) == (1, [case.number])
    assert line.before[:2] == (cast.units["mk_cz"].pk, None)
    assert line.after[:2] == (cast.units["sc_cz"].pk, 2)
    assert "常州市场部" in tried.content.decode()
    manager.post(f"{FULL}switching/")
    assert RuleSet.objects.filter(active=True).count() == 1
    after = queries.suggestion(case)
    assert after is not None
    assert (after.unit.code, after.rule.set_version, after.rule.priority) == ("sc_cz", 2, 2)
    page = manager.get(FULL).content.decode()
    assert "常州客户服务中心；优先级 2" in page
    assert "顾全" in page.split('aria-label="版本"')[1].split("</li>")[0]
    manager.post(f"{FULL}versions/1/restoration/", {"version": "2"})
    manager.post(f"{FULL}switching/")
    restored = queries.suggestion(case)
    assert restored is not None
    assert (restored.unit.code, restored.rule.set_version) == ("mk_cz", 3)


def test_the_other_set_can_be_switched_to_and_back(manager: Client, cast: Cast):
    case = cast.case(category="C0101")
    manager.post(f"{SIMPLE}switching/")
    choice = queries.suggestion(case)
    assert choice is not None
    assert choice.rule.set_code == "simple"
    assert list(RuleSet.objects.filter(active=True).values_list("code", flat=True)) == ["simple"]


def test_rules_are_added_moved_and_left_out(manager: Client):
    told = {"reason": "武进宽带", "category": ["N02"], "area": "武进区", "target": "unit:wj", "active": "on"}
    assert manager.post(f"{FULL}new/", told).status_code == 302
    rules = editing.plain_rules(editing.latest("full"))
    assert rules[-2]["conditions"] == {"category": ["N02"], "area": [DISTRICT]}
    manager.post(f"{FULL}rules/own1/moving/", {"up": "1", "version": "2"})
    assert editing.plain_rules(editing.latest("full"))[-3]["code"] == "own1"
    manager.post(f"{FULL}rules/own1/removal/", {"version": "3"})
    assert "own1" not in [rule["code"] for rule in editing.plain_rules(editing.latest("full"))]


def test_two_managers_do_not_overwrite_each_other(manager: Client):
    address = f"{FULL}rules/security/"
    form = _form(manager, address)
    manager.post(address, form | {"priority": "2", "version": "1"})
    answer = manager.post(address, form | {"priority": "3", "version": "1"})
    assert answer.status_code == 422
    assert "已有更新的版本" in answer.content.decode()
    assert manager.post(f"{address}removal/", {"version": "1"}).status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"target": ""},
        {"target": "unit:gone"},
        {"area": "无此地"},
        {"category": ["X99"]},
        {"priority": "9"},
        {"reason": ""},
    ],
)
def test_a_rule_that_leads_nowhere_is_refused(manager: Client, change: dict):
    address = f"{FULL}rules/security/"
    answer = manager.post(address, _form(manager, address) | change)
    assert answer.status_code == 422
    assert "b-error" in answer.content.decode()


def _try(client: Client, **asked: str):
    return client.get(FULL, {"content": "", "category": "", "area": "", "product": "", "channel": "hotline", "level": "0",
                             "urgency": "", **asked})  # fmt: skip


def test_a_trial_shows_which_rule_takes_a_complaint_and_why(manager: Client):
    page = _try(manager, content="家里宽带断网三天了没人管", area=str(DISTRICT))
    result = page.context["result"]
    assert result["chosen"].unit.code == "wj"
    assert result["category"].code.startswith("N02")
    told = page.content.decode()
    assert "符合，由它决定" in told
    assert "不符合：" in told
    elsewhere = _try(manager, category="N0101", area=str(OTHER_CITY)).context["result"]
    assert elsewhere["chosen"].unit.code == "mt_wx"
    leak = _try(manager, content="你们泄露了我的身份证信息，我要找工信部").context["result"]
    assert leak["chosen"].unit.code == "mgmt"


def test_a_trial_without_any_word_still_answers(manager: Client):
    assert _try(manager).status_code == 200
    assert _try(manager, channel="pigeon").status_code == 422


def test_a_rule_asks_for_words_and_hours_and_names_a_person_and_a_limit(manager: Client, cast: Cast):
    told = {
        "reason": "晚间曝光", "text": "上电视 曝光", "hours": "18:00-08:00", "weekdays": ["6", "7"], "active": "on",
        "target": "unit:mt_cz", "staff": "ma", "routed": "快办",
    }  # fmt: skip
    assert manager.post(f"{FULL}new/", told | {"staff": "mk"}).status_code == 422
    assert manager.post(f"{FULL}new/", told | {"hours": "晚上"}).status_code == 422
    assert manager.post(f"{FULL}new/", told).status_code == 302
    form = _form(manager, f"{FULL}rules/own1/")
    assert (form["text"], form["hours"], form["staff"], form["routed"]) == ("上电视 曝光", "18:00-08:00", "ma", "快办")
    for _n in range(30):
        manager.post(f"{FULL}rules/own1/moving/", {"up": "1", "version": str(editing.latest("full").version)})
    manager.post(f"{FULL}switching/")
    saturday = datetime(2026, 11, 21, 20, tzinfo=LOCAL)
    words = "家里三天没有信号，再不管我就上电视曝光你们。"
    fits = [
        cast.case(content=words, at=saturday),
        cast.case(at=saturday),
        cast.case(content=words, at=saturday.replace(hour=12)),
    ]
    chosen = [choice.rule.code if (choice := queries.suggestion(case)) else "" for case in fits]
    assert chosen[0] == "own1"
    assert "own1" not in chosen[1:]
    flow.accept(fits[0], cast.doer("di"), category="N0101")
    event = flow.dispatch_by_rule(fits[0], cast.doer("di"))
    assert event is not None
    assert fits[0].handler_id == cast.ma.pk
    assert event.payload["facts"]["routed"] == "快办"
    page = Client()
    page.force_login(cast.di)
    shown = page.get(f"/cases/{fits[0].number}/").content.decode()
    place = (
        editing.latest("full")
        .rules.filter(position__lte=editing.latest("full").rules.get(code="own1").position)
        .count()
    )
    version = editing.latest("full").version
    assert (
        f"按派单规则第 {version} 版第 {place} 条（内容含：上电视、曝光，登记时段：18:00-08:00，登记于：周六、周日）"
        in shown
    )
