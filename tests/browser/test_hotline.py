"""An agent with a caller on the line: number, words, place, done; a second call about the same is a chaser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from browser.conftest import NARROW, WIDE

Shot = Callable[..., None]
WORDS = "家里的宽带从昨天晚上开始断网，光猫亮红灯，重启也没有用，孩子要上网课很着急。"


def _fill(page: Page, number: str) -> None:
    page.locator("[name=calling_number]").fill(number)
    page.locator("[name=content]").fill(WORDS)
    area = page.locator("bh-picker[name=area] input[type=text]")
    if not area.input_value():
        area.fill("wjq")
        page.locator("bh-picker[name=area] li").first.click()


def test_a_call_is_registered_with_the_keyboard_and_its_number_read_out(
    site: str, page: Page, sign_in: Callable[[Page, str], None], shot: Shot
) -> None:
    sign_in(page, "an")
    page.goto("/registration/")
    _fill(page, "13700000001")
    page.locator("[data-suggest]").first.click()
    expect(page.locator("bh-picker[name=category] input[type=hidden]")).not_to_have_value("")
    shot(page, "hotline-form-zh", full=True)
    page.locator("[name=content]").press("Control+Enter")
    number = page.locator(".b-ticket strong").inner_text()
    shot(page, "hotline-slip-zh")
    case = Case.objects.get(number=number)
    assert case.registered_by_id and case.category_id and case.status == "registered"


@pytest.mark.long
def test_a_second_call_about_the_same_becomes_a_chaser(
    site: str, page: Page, sign_in: Callable[[Page, str], None], shot: Shot
) -> None:
    sign_in(page, "an")
    page.goto("/registration/")
    _fill(page, "13700000002")
    page.locator("[data-done=register]").click()
    number = page.locator(".b-ticket strong").inner_text()
    page.keyboard.press("n")
    page.locator("[name=calling_number]").fill("13700000002")
    expect(page.locator("#caller")).to_contain_text(number)
    expect(page.locator("bh-picker[name=area] input[type=hidden]")).to_have_value("320412")
    page.locator("[name=content]").fill(WORDS)
    expect(page.locator("#hints")).to_contain_text("可能已经登记过")
    shot(page, "hotline-duplicate-zh", full=True)
    page.locator("#caller").get_by_role("button", name="记为催办").click()
    page.wait_for_url(f"**/registration/{number}/")
    assert Case.objects.get(number=number).chaser_count == 1


@pytest.mark.long
def test_what_can_be_answered_on_the_spot_is(
    site: str, page: Page, sign_in: Callable[[Page, str], None], shot: Shot
) -> None:
    sign_in(page, "an")
    page.goto("/registration/")
    _fill(page, "13700000003")
    page.locator("button[data-done=answer]").click()
    page.locator("[name=reply]").fill("已远程刷新光猫，客户确认恢复上网。")
    page.locator("[data-done=answer-now]").click()
    case = Case.objects.get(number=page.locator(".b-ticket strong").inner_text())
    assert case.status == "replied" and case.dispatched_at is None


@pytest.mark.parametrize("size", [WIDE, pytest.param(NARROW, marks=pytest.mark.long)], ids=["wide", "narrow"])
def test_missing_fields_are_named(
    site: str, open_page: Callable[..., Page], sign_in: Callable[[Page, str], None], shot: Shot, size: Any
) -> None:
    page = open_page(size=size, language="en-GB")
    sign_in(page, "an")
    page.goto("/registration/")
    page.locator("[data-done=register]").click()
    expect(page.locator(".b-error")).to_have_count(3)
    shot(page, f"hotline-missing-en-{size['width']}", full=True)


def test_a_returning_callers_complaint_takes_twelve_key_presses_beyond_its_words(
    site: str, page: Page, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(page, "an")
    page.goto("/registration/")
    _fill(page, "13700000009")
    page.locator("[data-done=register]").click()
    first = page.locator(".b-ticket strong").inner_text()
    page.goto("/registration/")
    presses = 0
    for digit in "13700000009":
        page.keyboard.press(digit)
        presses += 1
    expect(page.locator("[name=content]")).to_be_focused()
    expect(page.locator("bh-picker[name=area] input[type=hidden]")).to_have_value("320412")
    page.keyboard.insert_text("电梯里手机一点信号都没有，打不出电话。")
    page.keyboard.press("F9")
    presses += 1
    number = page.locator(".b-ticket strong").inner_text()
    case = Case.objects.get(number=number)
    assert presses <= 12 and number != first
    assert (case.district_id, case.content[:2], case.status) == (320412, "电梯", "registered")
