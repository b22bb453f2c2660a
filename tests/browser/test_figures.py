"""The figures page in a real browser: choose, look, open the cases behind a number."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NARROW, WIDE
from cast import Cast

Shot = Callable[..., None]
ADDRESS = "/reports/figures/"


@pytest.fixture
def cases(people: Cast) -> Cast:
    """A few cases of two channels and two months."""
    for channel in ("hotline", "web", "web"):
        people.case(channel=channel, category="N0201")
    return people


def test_a_leader_opens_the_cases_behind_a_number(
    site: str, page: Page, cases: Cast, sign_in: Callable[[Page, str], None], shot: Shot
) -> None:
    sign_in(page, "he")
    page.goto(ADDRESS)
    page.locator("#r-by-2").select_option("channel")
    page.locator(".r-menu > summary").click()
    page.locator("input[name=measure][value=satisfaction_rate]").check()
    page.locator("input[name=compare][value=previous]").check()
    page.locator(".r-form .b-btn-main").click()
    assert re.search(r"by=month&by=channel", page.url)
    expect(page.locator(".r-table thead th").last).to_have_text("满意率")
    expect(page.locator(".b-chart canvas").first).to_be_visible()
    shot(page, "figures-zh", full=True)
    number = page.locator(".r-total td a").first
    count = int(number.inner_text().replace(",", ""))
    number.click()
    assert "/cases/?" in page.url
    expect(page.locator("tbody [data-row]")).to_have_count(min(count, 50))


@pytest.mark.long
@pytest.mark.parametrize(
    ("size", "language", "name"),
    [
        pytest.param(WIDE, "en", "figures-en", marks=pytest.mark.long),
        (NARROW, "zh-CN", "figures-phone"),
    ],
)
def test_it_fits_wide_and_narrow(
    open_page: Callable[..., Page], cases: Cast, sign_in: Callable[[Page, str], None], shot: Shot,
    size: dict[str, int], language: str, name: str,
) -> None:  # fmt: skip
    page = open_page(size=size, language=language)
    sign_in(page, "he")
    page.goto(f"{ADDRESS}?by=category2,channel&compare=previous,last_year&from=2026-01-01&to=2026-12-31&is=counted")
    expect(page.locator(".r-table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(page, name, full=True)
