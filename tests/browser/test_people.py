"""One journey each by the keyboard alone (on the phone: by touch), as the people of the house make them all day."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

import cast
from bihuan.asking import actions as asking
from bihuan.asking.models import Question
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.kernel import clock
from bihuan.revisit import survey
from bihuan.revisit.book import rule_of
from bihuan.supervision.models import Supervision
from browser.conftest import NARROW

SignIn = Callable[[Page, str], None]


@pytest.fixture
def dispatched(people: cast.Cast) -> Case:
    """A case dispatched to the maintenance unit of Changzhou."""
    case = people.case()
    flow.accept(case, people.doer("di"), category="N0101")
    dispatch.dispatch(case, people.doer("di"), people.units["mt_cz"].id, demands="请今天联系客户")
    return case


def _listens(page: Page) -> None:
    """The keyboard answers once its keys are written on the buttons."""
    button = page.locator("#pane [data-key], #call [data-key]").first
    expect(button).to_have_attribute("aria-keyshortcuts", re.compile("."))


def _jump(page: Page, word: str) -> None:
    """Ctrl+K, a word of the step, Enter."""
    for _try in range(50):  # until the page's script has come
        page.keyboard.press("Control+k")
        if page.locator("#jump").is_visible():
            break
        page.wait_for_timeout(100)
    page.locator("#jump input").press_sequentially(word)
    expect(page.locator("#jump-list li").first).to_contain_text(word)
    page.keyboard.press("Enter")


def _kinds(case: Case) -> set[str]:
    return set(CaseEvent.objects.filter(case_id=case.id).values_list("kind", flat=True))


def test_a_handler_receives_contacts_asks_for_help_and_replies(page: Page, sign_in: SignIn, dispatched: Case) -> None:
    sign_in(page, "ma")
    page.goto(f"/desk/unreceived/?case={dispatched.number}")
    _listens(page)
    page.keyboard.press("a")
    expect(page.locator("#step-form h2")).to_contain_text("接单")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#pane .b-chip").first).to_have_text("已接单")
    for word, fill, done in (
        ("联系客户", "#step-form textarea", "已记录联系"),
        ("请求协查", "#step-form [name=question]", "已请求协查"),
    ):
        _jump(page, word)
        expect(page.locator("#step-form h2")).to_contain_text(word)
        if word == "请求协查":
            page.locator("#step-form [name=units]").focus()
            page.keyboard.press("ArrowDown")
        page.locator(fill).first.focus()
        page.keyboard.type("请查昨晚的告警")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toasts")).to_contain_text(done)
        _listens(page)
    page.keyboard.press("r")
    expect(page.locator("#step-form textarea").first).to_be_focused()
    page.keyboard.type("处理人马跃：已更换板卡，请重启手机。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#pane .b-chip").first).to_have_text("已答复")
    assert {"received", "contacted", "assistance_asked", "replied"} <= _kinds(dispatched)


def test_a_duty_manager_answers_a_question(page: Page, sign_in: SignIn, people: cast.Cast, dispatched: Case) -> None:
    asking.ask(dispatched, people.doer("di"), "客户要求今晚上门，能否安排？", of_id=people.du.pk)
    sign_in(page, "du")
    page.goto("/questions/")
    expect(page.locator("tbody [data-row]").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#pane[data-case]")).to_be_visible()
    _jump(page, "答复请教")
    page.locator("#step-form textarea").focus()
    page.keyboard.type("可以，请联系抢修班今晚八点前上门。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("已答复请教")
    assert Question.objects.get(case_id=dispatched.id).answered_at


def test_a_leader_goes_from_a_figure_to_its_cases_and_supervises_one(
    page: Page, sign_in: SignIn, dispatched: Case
) -> None:
    sign_in(page, "he")
    page.goto("/reports/figures/")
    page.locator(".r-total td a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"tbody [data-row] a[href*='{dispatched.number}']").first).to_be_visible()
    page.locator(f"tbody [data-row] a[href*='{dispatched.number}']").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pane[data-case]")).to_be_visible()
    _jump(page, "督办")
    page.locator("#step-form textarea").first.focus()
    page.keyboard.type("请三天内办结并回复客户。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".l-held")).to_contain_text("请三天内办结并回复客户。")
    assert Supervision.objects.filter(case_id=dispatched.id, ended_at=None).exists()


def test_a_customer_rates_on_her_phone(
    open_page: Callable[..., Page], people: cast.Cast, dispatched: Case, settings, shot: Callable[..., None]
) -> None:
    settings.SITE = "http://127.0.0.1"
    token = survey.send(dispatched, replace(rule_of(dispatched), survey=True, survey_days=7), clock.now())
    page = open_page(size=NARROW, has_touch=True)
    page.goto(f"/service/survey/{token}/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "survey-phone")
    page.locator(".b-stars label", has_text="5").first.tap()
    page.locator("main button").last.tap()
    expect(page.locator("main")).to_contain_text("谢谢")
    assert survey.find(token).score == 5
