"""A manager changes a limit and a rule in the browser, tries both out, and goes back; a phone shows every page whole."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NARROW


@pytest.fixture
def manager(page: Page, sign_in) -> Page:
    sign_in(page, "gu")
    return page


@pytest.mark.long
def test_a_limit_is_changed_tried_out_and_put_back(manager: Page, shot):
    page = manager
    page.goto("/setup/")
    page.get_by_role("link", name=re.compile("^时限规则")).click()
    page.get_by_role("link", name="72 小时办结").click()
    page.locator("#id_duration").fill("48h")
    page.get_by_role("button", name="存为新版").click()
    expect(page.locator(".b-toast")).to_contain_text("已存为第")
    expect(page.locator("section[aria-label=版本]")).to_contain_text("72 小时 → 48 小时")
    page.locator("#id_start").fill("2026-03-02T10:00")
    page.locator("#id_pauses").fill("2026-03-02 12:00 ~ 2026-03-02 15:00")
    page.locator("#trial button").click()
    expect(page.locator(".s-result strong")).to_have_text("2026-03-04 13:00 到期")
    shot(page, "setup-limit", full=True)
    page.locator("#id_duration").fill("whenever")
    page.get_by_role("button", name="存为新版").click()
    expect(page.locator(".b-error")).to_contain_text("无法识别")
    page.goto("/setup/limits/resolve.72h/")
    page.locator("section[aria-label=版本] li", has_text="随程序提供").get_by_role(
        "button", name="恢复到这一版"
    ).click()
    expect(page.locator("#id_duration")).to_have_value("72h")


def test_a_rule_is_changed_tried_out_and_put_back(manager: Page, shot):
    page = manager
    page.goto("/setup/rules/full/")
    row = page.locator("tr", has_text="资费").first
    row.get_by_role("link").last.click()
    page.locator("#id_target").select_option(label="常州客户服务中心 sc_cz")
    page.get_by_role("button", name="存为新版").click()
    expect(page.locator(".b-toast")).to_contain_text("已存为第")
    page.locator("#id_content").fill("这个月话费多扣了三十九元，要求退还")
    page.get_by_role("button", name="试派", exact=True).click()
    expect(page.locator(".s-result strong")).to_contain_text("常州客户服务中心")
    expect(page.locator("tr[aria-selected=true]")).to_contain_text("符合，由它决定")
    shot(page, "setup-rules", full=True)
    page.locator("section[aria-label=版本] li", has_text="随程序提供").get_by_role(
        "button", name="恢复到这一版"
    ).click()
    expect(page.locator(".b-toast")).to_contain_text("已按第 1 版的内容")


@pytest.mark.long
def test_a_person_is_chosen_by_name(page: Page, sign_in, people):
    sign_in(page, "sy")
    page.goto(f"/setup/units/{people.units['team_cz'].pk}/")
    picker = page.locator("#id_responsible")
    picker.fill("滕飞")
    page.locator("bh-picker [role=option]", has_text="滕飞").click()
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".b-toast")).to_contain_text("已保存")
    expect(page.locator("#id_responsible")).to_have_value("滕飞")


PHONE = ("/setup/", "/setup/limits/", "/setup/limits/reply.48h/", "/setup/calendars/", "/setup/rules/full/",
         "/setup/rules/full/rules/security/", "/setup/trees/", "/setup/reasons/", "/setup/areas/", "/setup/parameters/",
         "/setup/subscribers/", "/setup/tokens/", "/setup/roster/", "/handover/")  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_a_phone_shows_every_page_whole(open_page, sign_in, language: str):
    page = open_page(size=NARROW, language=language)
    sign_in(page, "gu")
    for address in PHONE:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
