"""The parts behave as people expect of them, seen on the style page."""

import pytest
from playwright.sync_api import Page, expect

from bihuan.web import nav
from bihuan.web.keys import KEYS
from browser.conftest import LOOKS, NARROW


@pytest.mark.long
@pytest.mark.parametrize(("size", "language"), LOOKS)
def test_nothing_sticks_out_of_the_page(open_page, shot, size, language):
    page = open_page(size=size, language=language)
    page.goto("/style/")
    page.locator("canvas").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"style-{language}-{size['width']}", full=True)


@pytest.mark.long
def test_j_and_k_move_the_cursor_and_enter_opens(page: Page):
    page.goto("/style/")
    page.keyboard.press("j")
    expect(page.locator("[data-row].b-cursor")).to_have_attribute("data-row", "20261121000287")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("[data-row].b-cursor")).to_have_attribute("data-row", "20261121000318")
    page.keyboard.press("Enter")
    assert page.url.endswith("#20261121000318")


@pytest.mark.long
def test_keys_rest_while_someone_types(page: Page):
    page.goto("/style/")
    page.locator("#id_subject").first.press_sequentially("jk?/n")
    expect(page.locator("#id_subject").first).to_have_value("jk?/n")
    expect(page.locator("#key-help")).not_to_be_visible()


def test_keys_rest_while_an_input_method_composes(page: Page):
    page.goto("/style/")
    for extra in ({"isComposing": True}, {"keyCode": 229}):
        page.evaluate(
            "extra => document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', bubbles: true, ...extra}))",
            extra,
        )
    expect(page.locator("#key-help")).not_to_be_visible()


@pytest.mark.long
def test_the_cheat_sheet_lists_the_keys_and_escape_closes_it(page: Page, shot):
    page.goto("/style/")
    page.keyboard.press("?")
    expect(page.locator("#key-help")).to_be_visible()
    expect(page.locator("#key-help li")).to_have_count(len(KEYS))
    shot(page, "cheat-sheet")
    page.keyboard.press("Escape")
    expect(page.locator("#key-help")).not_to_be_visible()


@pytest.mark.long
def test_a_tooltip_names_the_key(page: Page):
    page.goto("/style/")
    expect(page.locator("main [data-key=new]")).to_have_attribute("title", "登记新投诉 (N)")


def test_control_k_jumps_by_typing(page: Page, shot):
    page.goto("/style/")
    page.keyboard.press("Control+k")
    page.keyboard.type("登记")
    expect(page.locator("#jump-list li").first).to_contain_text("登记投诉")
    shot(page, "jump")


def test_a_refusal_stands_beside_its_field_and_goes_with_the_next_try(page: Page, shot):
    page.goto("/style/")
    form = page.locator("#sample-form")
    form.locator("#id_subject").fill("客户说没有信号")
    form.locator("#id_phone").fill("13800000000")
    form.locator("button.b-btn-main").click()
    error = form.locator(".b-error")
    expect(error).to_have_text("还没有写答复内容。请写明原因、核实情况和解决办法。")
    expect(form.locator("#id_subject")).to_be_focused()
    expect(form.locator("#id_subject")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("#id_subject")).to_have_value("客户说没有信号")
    shot(page, "refusal")
    form.locator("[name=at]").evaluate("field => field.value = 'none of these'")
    form.locator("button.b-btn-main").click()
    expect(page.locator("#toasts .b-toast-late")).to_be_visible()
    expect(error).to_have_count(0)


def test_a_draft_comes_back_after_a_reload_without_the_phone_number(page: Page):
    page.goto("/style/")
    page.locator("#sample-form #id_subject").fill("地下车库没有信号")
    page.locator("#sample-form #id_phone").fill("13800006721")
    page.locator("#sample-form #id_note").or_(page.locator("#sample-form #id_urgency")).first.focus()
    page.wait_for_function("Object.keys(localStorage).some(key => key.startsWith('bihuan.draft.'))")
    assert "13800006721" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(page.locator("#sample-form #id_subject")).to_have_value("地下车库没有信号")
    expect(page.locator("#sample-form #id_phone")).to_have_value("")
    page.locator(".b-draft button").click()
    expect(page.locator("#sample-form #id_subject")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_area_picker_takes_pinyin_initials(page: Page, shot):
    page.goto("/style/")
    field = page.locator("bh-picker [role=combobox]")
    field.fill("tnq")
    expect(page.locator("bh-picker [role=option]")).to_have_text(["天宁区江苏省 常州市"])
    shot(page, "picker")
    field.press("Enter")
    expect(page.locator("bh-picker input[name=area]")).to_have_value("320402")
    expect(field).to_have_value("江苏省 常州市 天宁区")


@pytest.mark.long
def test_the_area_picker_walks_down_the_tree(page: Page):
    page.goto("/style/")
    field = page.locator("bh-picker [role=combobox]")
    field.click()
    page.locator("bh-picker [role=option]", has_text="江苏省").click()
    page.locator("bh-picker [role=option]", has_text="常州市").click()
    page.locator("bh-picker [role=option]", has_text="钟楼区").click()
    expect(page.locator("bh-picker input[name=area]")).to_have_value("320404")


@pytest.mark.long
def test_half_typed_words_choose_nothing(page: Page):
    page.goto("/style/")
    field = page.locator("bh-picker [role=combobox]")
    field.fill("tn")
    page.locator("#sample-form #id_phone").focus()
    expect(field).to_have_value("")
    expect(page.locator("bh-picker input[name=area]")).to_have_value("")


@pytest.mark.long
def test_news_is_announced_and_moves_no_row(page: Page):
    page.goto("/style/")
    before = page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")
    expect(page.locator("bh-live button")).to_have_text("3 条工单有变化，点这里查看")
    assert page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)") == before
    expect(page.locator("[data-row].b-new")).to_have_count(2)


@pytest.mark.long
def test_picking_rows_shows_the_bulk_bar_with_their_number(page: Page, shot):
    page.goto("/style/")
    picks = page.locator("#sample-list .b-pick")
    picks.nth(0).check()
    picks.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("4")
    shot(page, "bulk")
    page.locator("[data-bulk-clear]").click()
    expect(page.locator("[data-bulk]")).not_to_be_visible()


@pytest.mark.long
def test_the_drawer_holds_the_whole_menu_on_a_phone(open_page, shot):
    page = open_page(size=NARROW)
    page.goto("/style/")
    page.locator(".b-bottom button").click()
    expect(page.locator("#drawer")).to_be_visible()
    expect(page.locator("#drawer a")).to_have_count(sum(bool(place.url()) for place in nav.PLACES))
    shot(page, "drawer")
