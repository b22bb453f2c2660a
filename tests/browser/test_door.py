"""Coming in, going out, and reading in one's own language."""

import pytest
from playwright.sync_api import Page, expect

import cast
from browser.conftest import NARROW


@pytest.mark.long
def test_a_wrong_password_is_told_without_saying_which_half_was_wrong(page: Page, people, shot):
    page.goto("/login/")
    page.locator("#id_username").fill("an")
    page.locator("#id_password").fill("not it")
    page.locator("#sign-in button").click()
    expect(page.locator(".b-note-late")).to_contain_text("账号或密码不对")
    expect(page.locator("#id_username")).to_have_value("an")
    expect(page.locator("#id_password")).to_have_value("")
    shot(page, "login-refused")


def test_someone_comes_in_and_goes_out_again(page: Page, come_in):
    come_in(page, "an")
    page.locator("details.b-menu summary", has_text="安宁").click()
    page.get_by_text("退出登录").first.click()
    page.wait_for_url("**/login/")
    page.goto("/")
    page.wait_for_url("**/login/**")


def test_drafts_are_forgotten_at_sign_out(page: Page, come_in):
    come_in(page, "an")
    page.evaluate("localStorage.setItem('bihuan.draft.1.x', JSON.stringify({at: Date.now(), values: {}}))")
    page.locator("details.b-menu summary", has_text="安宁").click()
    page.get_by_text("退出登录").first.click()
    page.wait_for_url("**/login/")
    assert page.evaluate("Object.keys(localStorage).length") == 0


@pytest.mark.long
def test_the_chosen_language_stays(page: Page):
    page.goto("/login/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1").first).to_have_text("Staff sign-in")
    page.goto("/login/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("h1").first).to_have_text("工作人员登录")


@pytest.mark.long
def test_the_door_fits_a_phone(open_page, shot):
    page = open_page(size=NARROW)
    page.goto("/login/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "login-narrow")


@pytest.mark.long
def test_the_password_of_the_cast_is_no_draft(page: Page, come_in):
    come_in(page, "an")
    assert cast.PASSWORD not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
