"""Pages keep the content policy: nothing inline that it would block."""

import re
from pathlib import Path

import pytest

import bihuan

PACKAGE = Path(bihuan.__file__).parent
PAGES = sorted(p for p in PACKAGE.rglob("*.html") if "templates" in p.parts)
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (PACKAGE / "web/static/web/icons.svg").read_text()))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_page_has_no_inline_style_script_or_handler(page: Path):
    text = page.read_text()
    assert not re.findall(r"<style|\sstyle=", text)
    assert not re.findall(r"\son[a-z]+=", text), "handlers live in static/web/js"
    assert not re.findall(r"hx-on[:-]|\bjs:|hx-trigger=\"[^\"]*\[", text), "these need eval, which the policy forbids"
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_icon_a_page_names_is_in_the_sprite(page: Path):
    assert set(re.findall(r'{% icon "([^"]+)"', page.read_text())) <= ICONS
