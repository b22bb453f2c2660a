"""The desk as people use it: keys, forms beside the case, news, conflicts, a phone in the stairwell."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.intake import followup
from browser.conftest import LOOKS, NARROW


@pytest.fixture
def dispatched(people) -> Callable[..., Case]:
    """A case dispatched to the maintenance unit of Changzhou."""

    def make(**changes) -> Case:
        case = people.case(**changes)
        flow.accept(case, people.doer("di"), category="N0101")
        dispatch.dispatch(case, people.doer("di"), people.units["mt_cz"].id, demands="请今天联系客户")
        return case

    return make


@pytest.fixture
def answered(people, dispatched) -> Callable[..., Case]:
    """A case that waits for its call-back."""

    def make(**changes) -> Case:
        case = dispatched(**changes)
        dispatch.receive(case, people.doer("ma"), "self")
        flow.answer(
            case, people.doer("ma"), "call", "处理人马跃：基站故障已修复，请重启手机后再试。", solution="更换板卡"
        )
        return case

    return make


def _listens(page: Page) -> None:
    """The keyboard answers once its keys are written on the buttons."""
    expect(page.locator("#pane [data-key], #call [data-key]").first).to_have_attribute(
        "aria-keyshortcuts", re.compile(".")
    )


def _status(case: Case) -> str:
    return Case.objects.get(pk=case.pk).status


def test_a_handler_receives_and_answers_with_the_keyboard_alone(page: Page, sign_in, dispatched, shot):
    case = dispatched()
    sign_in(page, "ma")
    page.goto(f"/desk/unreceived/?case={case.number}")
    _listens(page)
    page.keyboard.press("a")
    expect(page.locator("#step-form h2")).to_contain_text("接单")
    shot(page, "desk-receipt")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("已接单")
    expect(page.locator(f"#row-{case.number}")).to_contain_text("已接单")
    page.keyboard.press("r")
    expect(page.locator("#step-form textarea").first).to_be_focused()
    page.keyboard.type("处理人马跃：已更换板卡，请重启手机。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#pane .b-chip").first).to_have_text("已答复")
    assert _status(case) == "replied"
    shot(page, "desk-replied")


@pytest.mark.long
def test_j_and_enter_walk_the_list_and_the_address_follows(page: Page, sign_in, dispatched):
    dispatched(), dispatched()
    sign_in(page, "ma")
    page.goto("/desk/unreceived/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#pane[data-case]")).to_be_visible()
    number = page.locator("#pane").get_attribute("data-case")
    assert f"case={number}" in page.url
    expect(page.locator(f"#row-{number}")).to_have_class("b-cursor")
    page.go_back()
    expect(page.locator("#pane[data-case]")).to_have_count(0)


@pytest.mark.long
def test_the_rules_unit_is_filled_in_and_its_people_offered(page: Page, sign_in, people, shot):
    case = people.case()
    flow.accept(case, people.doer("di"), category="N0101")
    sign_in(page, "di")
    page.goto(f"/desk/unassigned/?case={case.number}")
    _listens(page)
    page.keyboard.press("a")
    form = page.locator("#step-form")
    expect(form.locator("[role=combobox]")).not_to_have_value("")
    form.locator("[role=combobox]").fill("czsc")
    page.locator("bh-picker [role=option]", has_text="常州市场部").click()
    expect(form.locator("#id_handler")).to_contain_text("梅可")
    shot(page, "desk-dispatch")
    form.locator("#id_handler").select_option(label="梅可")
    form.locator("button.b-btn-main").click()
    expect(page.locator("#toasts")).to_contain_text("已派单")
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.status, fresh.handler_id) == ("dispatched", people.mk.id)


def test_what_a_rule_refuses_stands_at_the_field_and_the_words_stay(page: Page, sign_in, dispatched):
    case = dispatched()
    sign_in(page, "ma")
    page.goto(f"/desk/unreceived/?case={case.number}")
    _listens(page)
    page.keyboard.press("a")
    page.locator("#step-form input[value=verify]").check()
    page.locator("#step-form button.b-btn-main").click()
    expect(page.locator("#step-form .b-error")).to_contain_text("由哪个专业核实")
    assert _status(case) == "dispatched"


def test_who_is_slower_sees_what_changed_and_loses_nothing(page: Page, sign_in, people, dispatched, shot):
    case = dispatched()
    dispatch.receive(case, people.doer("ma"), "self")
    sign_in(page, "ma")
    page.goto(f"/desk/mine/?case={case.number}")
    _listens(page)
    page.keyboard.press("r")
    page.locator("#step-form textarea").first.fill("处理人马跃：已更换板卡，请重启手机。")
    followup.chase(Case.objects.get(pk=case.pk), people.doer("an"), "hotline", "客户说孩子在家上网课，很着急")
    page.locator("#step-form button.b-btn-main").click()
    expect(page.locator("#step-form .b-note-soon")).to_contain_text("催办")
    expect(page.locator("#step-form textarea").first).to_have_value("处理人马跃：已更换板卡，请重启手机。")
    shot(page, "desk-conflict")
    page.locator("#step-form button.b-btn-main").click()
    expect(page.locator("#toasts")).to_contain_text("已答复")
    assert _status(case) == "replied"


def test_news_is_announced_and_the_list_waits_for_the_reader(page: Page, sign_in, people, dispatched, shot):
    dispatched()
    sign_in(page, "ma")
    with page.expect_response(lambda answer: "/desk/live/" in answer.url):
        page.goto("/desk/unreceived/")
    before = page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")
    fresh = dispatched()
    foreign = people.case("an_wx", area="320211")
    news = page.locator("bh-live button")
    expect(news).to_contain_text("有 1 张新工单")
    assert page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)") == before
    shot(page, "desk-news")
    news.click()
    expect(page.locator(f"#row-{fresh.number}")).to_be_visible()
    expect(page.locator(f"#row-{foreign.number}")).to_have_count(0)
    expect(news).to_have_count(0)
    dispatched()
    expect(news).to_contain_text("有 1 张新工单")  # what was looked at is counted no more


@pytest.mark.long
def test_several_are_received_at_once_with_a_result_each(page: Page, sign_in, dispatched, shot):
    cases = [dispatched(), dispatched()]
    sign_in(page, "ma")
    page.goto("/desk/unreceived/")
    for case in cases:
        page.locator(f"#row-{case.number} .b-pick").check()
    page.locator("[data-bulk] button[value=receipts]").click()
    expect(page.locator("#pane h2")).to_have_text("办成 2 张，共 2 张")
    shot(page, "desk-bulk")
    assert {_status(case) for case in cases} == {"received"}


def test_a_number_is_shown_for_a_purpose(page: Page, sign_in, dispatched):
    case = dispatched()
    sign_in(page, "ma")
    page.goto(f"/cases/{case.number}/")
    expect(page.locator("#personal")).to_contain_text("139****5678")
    page.locator("#personal button").click()
    page.locator("#dialog button.b-btn-main").click()
    expect(page.locator("#personal")).to_contain_text("13912345678")
    expect(page.locator("#dialog")).not_to_be_visible()


@pytest.mark.long
def test_deadlines_are_told_on_click(page: Page, sign_in, dispatched, shot):
    case = dispatched()
    sign_in(page, "ma")
    page.goto(f"/cases/{case.number}/")
    page.locator(".d-clock").first.click()
    expect(page.locator("#dialog")).to_contain_text("起算")
    shot(page, "desk-deadlines")


def test_a_call_back_takes_one_key_and_the_next_opens(page: Page, sign_in, answered, shot):
    first, second = answered(), answered()
    sign_in(page, "re")
    page.goto(f"/desk/revisits/?case={first.number}")
    expect(page.locator(".d-call-story")).to_contain_text("更换板卡")
    shot(page, "desk-revisits")
    _listens(page)
    page.keyboard.press("0")
    page.wait_for_url("**/desk/revisits/?past=*")
    assert _status(first) == "in_revisit"
    page.goto(f"/desk/revisits/?case={second.number}")
    page.locator("[name=note]").fill("客户说还是没有信号")
    page.locator("[name=note]").blur()
    _listens(page)
    page.keyboard.press("3")
    page.wait_for_url("**/desk/revisits/?past=*")
    assert _status(second) == "reopened"


def test_on_a_phone_the_list_gives_way_to_the_case(open_page, sign_in, dispatched, shot):
    case = dispatched()
    page = open_page(size=NARROW)
    sign_in(page, "ma")
    page.goto("/desk/unreceived/")
    shot(page, "desk-phone-list")
    page.locator(f"#row-{case.number} a").click()
    expect(page.locator("#pane[data-case]")).to_be_visible()
    expect(page.locator("#list")).not_to_be_visible()
    shot(page, "desk-phone-case")
    page.locator(".d-back").click()
    expect(page.locator("#list")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize(("size", "language"), LOOKS)
def test_nothing_sticks_out(open_page, sign_in, answered, shot, size, language):
    case = answered(content="很长的一段话，" * 60)
    page = open_page(size=size, language=language)
    sign_in(page, "di")
    for address, name in (
        ("/desk/unit/", "queue"), (f"/cases/{case.number}/", "case"), (f"/cases/{case.number}/sheet/", "sheet"),
        ("/cases/", "cases"), ("/desk/late/", "late"), ("/cases/?status=nosuch", "refused"),
        (f"/cases/{case.number}/reopenings/", "form"),
    ):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        shot(page, f"desk-{name}-{language}-{size['width']}", full=name in {"case", "sheet"})
