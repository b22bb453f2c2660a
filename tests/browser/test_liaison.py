"""The liaison's way: take an order of the regulator down, see what fails, answer by letter, file it; wide and narrow."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bihuan.appeals.models import Appeal, Letter
from bihuan.kernel import clock, paper
from browser.conftest import NARROW, WIDE
from cast import Cast

Shot = Callable[..., None]


def _before(**parts: float) -> str:
    return timezone.localtime(clock.now() - timedelta(**parts)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def liaison(people: Cast) -> Iterator[str]:
    """The management department's liaison, for these tests only."""
    staff = people.staff["du"]
    before, staff.roles = staff.roles, ["liaison"]
    staff.save()
    yield "du"
    staff.roles = before
    staff.save()


def _take_down(page: Page, number: str) -> None:
    page.goto("/appeals/new/miit/")
    page.locator("[name=number]").fill(number)
    page.locator("[name=received_at]").fill(_before(days=3))
    page.locator("[name=transferred_at]").fill(_before(hours=3))
    page.locator("[name=own_office]").fill("江苏省通信管理局")
    page.locator("[name=name]").fill("王小明")
    page.locator("[name=phone]").fill("13912345678")
    page.locator("bh-picker[name=area] input[type=text]").fill("wjq")
    page.locator("bh-picker[name=area] li").first.click()
    page.locator("[name=address]").fill("常州市武进区人民路88号")
    page.locator("[name=postcode]").fill("213161")
    page.locator("[name=content]").fill("宽带套餐到期后被自动续费，10000 号答复不予退费。")
    page.locator("[name=demand]").fill("退还多收的 3 个月费用。")
    page.locator("[name=reason]").fill("未经本人同意续约。")
    page.locator("[name=dispute]").select_option("fee")
    page.locator("[name=arose_on]").fill(_before(days=70)[:10])
    page.locator("[name=complained_on]").fill(_before(days=20)[:10])


@pytest.mark.long
@pytest.mark.parametrize(
    ("size", "language", "mark"),
    [
        (WIDE, "zh-CN", "wide-zh"),
        pytest.param(WIDE, "en-GB", "wide-en", marks=pytest.mark.long),
        pytest.param(NARROW, "zh-CN", "narrow-zh", marks=pytest.mark.long),
        pytest.param(NARROW, "en-GB", "narrow-en", marks=pytest.mark.long),
    ],
    ids=["wide-zh", "wide-en", "narrow-zh", "narrow-en"],
)
def test_an_order_of_the_regulator_is_taken_down_answered_and_filed(
    site: str, open_page: Callable[..., Page], sign_in: Callable[[Page, str], None], liaison: str, shot: Shot,
    size: Any, language: str, mark: str,
) -> None:  # fmt: skip
    page = open_page(size=size, language=language)
    sign_in(page, liaison)
    _take_down(page, f"苏通申-{mark}")
    shot(page, f"appeal-form-{mark}", full=True)
    page.locator("form#appeal .b-btn-main").click()
    page.wait_for_url("**/appeals/TS*/")
    appeal = Appeal.objects.get(number=f"苏通申-{mark}")
    assert appeal.failing == []
    expect(page.locator(".a-checks .b-late")).to_have_count(0)
    letter = page.locator("#letter textarea")
    told = letter.input_value().replace("{处理结果}", "已退还 3 个月费用，自动续费已关闭。")
    letter.fill(told.replace("{责任认定}", "我公司负有责任。"))
    page.locator("#letter .b-btn-main").click()
    expect(page.locator(".a-letters li")).to_have_count(1)
    shot(page, f"appeal-{mark}", full=True)
    page.locator(".a-letters .b-btn-main").click()
    expect(page.locator(".a-letters .b-chip-met")).to_have_count(1)
    sent = Letter.objects.get(appeal=appeal)
    assert sent.word_id and (sent.pdf_id or not paper.has_font())
    page.locator(".a-steps summary").first.click()
    page.locator(".a-steps .b-btn-main").first.click()
    expect(page.locator(".a-letters .b-chip-met")).to_have_count(1)
    appeal.refresh_from_db()
    assert appeal.status == "closed_filed"
    page.goto("/appeals/")
    shot(page, f"appeals-{mark}", full=True)


@pytest.mark.long
def test_what_fails_is_shown_and_returned_with_its_grounds(
    site: str, page: Page, sign_in: Callable[[Page, str], None], liaison: str, shot: Shot
) -> None:
    sign_in(page, liaison)
    _take_down(page, "苏通申-法院")
    page.locator("[name=elsewhere]").select_option("court")
    page.locator("[name=arose_on]").fill(_before(days=300)[:10])
    page.locator("form#appeal .b-btn-main").click()
    page.wait_for_url("**/appeals/TS*/")
    expect(page.locator(".a-checks .b-late")).to_have_count(2)
    page.locator(".a-steps summary", has_text="退回不予受理").click()
    expect(page.locator("#why-declination")).to_have_value(page.locator(".a-lines").inner_text())
    shot(page, "appeal-fails-zh", full=True)
    page.locator("details[open] .b-btn-warn").click()
    expect(page.locator(".a-steps summary", has_text="转办单位退回重办")).to_be_visible()
    assert Appeal.objects.get(number="苏通申-法院").status == "declined_filed"


@pytest.mark.long
def test_a_manager_sets_a_provinces_days(
    site: str, page: Page, sign_in: Callable[[Page, str], None], people: Cast, shot: Shot
) -> None:
    sign_in(page, "gu")
    page.goto("/setup/appeals/")
    shot(page, "appeal-bodies-zh", full=True)
    page.locator("tbody a").first.click()
    page.locator("[name=province]").select_option("330000")
    page.locator("[name=duration]").fill("8d")
    page.locator("[name=calendar]").select_option("7x24")
    page.locator("button", has_text="保存时限").click()
    expect(page.locator("tbody", has_text="8 个自然日")).to_be_visible()
    shot(page, "appeal-body-zh", full=True)
    page.locator("tr", has_text="8 个自然日").locator("button").click()
    expect(page.locator("tbody", has_text="8 个自然日")).to_have_count(0)
