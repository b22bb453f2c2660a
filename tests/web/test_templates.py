"""Pages keep the content policy: nothing inline that it would block. All pages in one test: there are hundreds."""

import re
from pathlib import Path

import pytest

import bihuan

PACKAGE = Path(bihuan.__file__).parent
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (PACKAGE / "web/static/web/icons.svg").read_text()))
FORBIDDEN = {
    "inline style": r"<style|\sstyle=",
    "a handler, which lives in static/web/js": r"\son[a-z]+=",
    "what needs eval": r"hx-on[:-]|\bjs:|hx-trigger=\"[^\"]*\[",
    "an inline script": r"<script\b(?![^>]*(?:src=|type=\"application/json\"))[^>]*>",
}


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The templates of all rooms: {where: text}."""
    found = [page for page in PACKAGE.rglob("*.html") if "templates" in page.parts]
    assert len(found) > 200
    return {str(page.relative_to(PACKAGE)): page.read_text() for page in sorted(found)}


def test_no_page_has_an_inline_style_script_or_handler(pages: dict[str, str]) -> None:
    found = [(page, what) for page, text in pages.items() for what, look in FORBIDDEN.items() if re.search(look, text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="x">',
        "<style>",
        '<a onclick="f()">',
        '<i hx-on:click="f()">',
        "<script>f()</script>",
        "<script defer>",
    ],
)
def test_what_the_policy_blocks_is_found(text: str) -> None:
    assert any(re.search(look, text) for look in FORBIDDEN.values())


def test_scripts_of_files_and_plain_data_are_allowed() -> None:
    for text in ('<script src="{% static "a.js" %}" defer></script>', '<script type="application/json">{}</script>'):
        assert not any(re.search(look, text) for look in FORBIDDEN.values())


def test_every_icon_a_page_names_is_in_the_sprite(pages: dict[str, str]) -> None:
    named = {(page, icon) for page, text in pages.items() for icon in re.findall(r'{% icon "([^"]+)"', text)}
    assert {(page, icon) for page, icon in named if icon not in ICONS} == set()
