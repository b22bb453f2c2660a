"""A customer's own way: complain, get a number, enter with the code, add something, say it is not solved."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bihuan.cases.models import Case
from bihuan.channels import outbox
from bihuan.kernel.models import Message
from browser.conftest import NARROW

Shot = Callable[..., None]


def _code(number: str) -> str:
    case = Case.objects.get(number=number)
    message = Message.objects.filter(subject_id=case.id, purpose="code").order_by("-id")[0]
    found = re.search(r"\d{6}", outbox.plain(message)[1])
    assert found
    return found[0]


def _complain(page: Page, site: str) -> str:
    page.goto(f"{site}/service/complaint/")
    page.get_by_label(re.compile("请说说|What happened")).fill("家里三天没有信号，电话打不出去，请尽快修好。")
    page.locator("[name=phone]").fill("13912345678")
    page.locator("bh-picker input[type=text]").fill("wjq")
    page.locator("bh-picker li").first.click()
    page.get_by_role("button", name=re.compile("提交投诉|Send complaint")).click()
    return page.locator("[data-number]").inner_text().strip()


def test_a_customer_gets_a_number_and_follows_her_complaint(
    site: str, people: Any, open_page: Callable[..., Page], shot: Shot
) -> None:
    page = open_page(size=NARROW)
    page.goto(f"{site}/service/")
    shot(page, "public-front-zh", full=True)
    number = _complain(page, site)
    shot(page, "public-receipt-zh", full=True)
    page.get_by_role("link", name="查询进度").click()
    page.get_by_role("button", name="获取查询码").click()
    page.locator("[name=code]").fill("000000" if _code(number) != "000000" else "111111")
    page.get_by_role("button", name="查看进度").click()
    expect(page.get_by_text("查询码不对")).to_be_visible()
    shot(page, "public-code-wrong-zh", full=True)
    page.locator("[name=code]").fill(_code(number))
    page.get_by_role("button", name="查看进度").click()
    expect(page.get_by_text("投诉已登记")).to_be_visible()
    page.get_by_text("补充材料").click()
    page.locator("[name=m-text]").fill("电梯里也没有信号")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("电梯里也没有信号")).to_be_visible()
    shot(page, "public-progress-zh", full=True)
    assert number not in page.url


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_complaint_form_says_what_is_missing(
    site: str, people: Any, open_page: Callable[..., Page], shot: Shot, language: str
) -> None:
    page = open_page(language=language)
    page.goto(f"{site}/service/complaint/")
    page.get_by_role("button", name=re.compile("提交投诉|Send complaint")).click()
    expect(page.locator(".b-error")).to_have_count(3)
    shot(page, f"public-form-errors-{language}", full=True)
