"""Text modules in a reply: `::` opens the list, letters narrow it, Enter puts the text in; advice stands below."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from bihuan.knowledge import actions
from bihuan.knowledge.models import Use
from bihuan.knowledge.rules import Told
from cast import Cast


def test_a_module_is_typed_chosen_and_filled_in(page: Page, people: Cast, sign_in: Callable[[Page, str], None]) -> None:
    told = Told("开头语", "{客户称呼}您好，您的投诉{工单号}由{处理人}办理。", shortcut="kt")
    article = actions.create(people.viewer("di"), "module", told)
    actions.submit(article.id, people.viewer("di"))
    actions.approve(article.id, people.viewer("gu"))
    case = people.case()
    sign_in(page, "an")
    page.goto(f"/cases/{case.number}/replies/")
    field = page.locator("#step-form textarea[name=text]")
    field.click()
    field.press_sequentially("::k")
    expect(page.locator("#k-list li")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value(f"尊敬的客户您好，您的投诉{case.number}由安宁办理。")
    expect(page.locator("#k-list")).to_have_count(0)
    expect(page.locator("#reply-check")).to_contain_text("没有写原因")
    field.press_sequentially("：：无此")
    expect(page.locator("#k-list")).to_contain_text("没有这样的文本模块")
    field.press("Escape")
    expect(page.locator("#k-list")).to_have_count(0)
    assert Use.objects.filter(article=article, case_id=case.id).exists()
