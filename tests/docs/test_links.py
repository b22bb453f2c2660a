"""Every link of the documentation leads somewhere, every file and name it tells is there."""

import re
from pathlib import Path

import pytest

from docs.docs_cast import ROOT, anchors, links, names_in, pages, text_of

_ROOTS = r"(?:src|tests|docs|benchmarks|requirements)"
_PATH = re.compile(rf"`({_ROOTS}/[\w./-]+)`")
_PLACEHOLDER = ("<", "…", "*")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for _text, target in links(page):
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"{page.name}: {target}"
        if anchor and aim.suffix == ".md":
            assert anchor in anchors(aim), f"{page.name}: {target}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_in_words_is_there(page: Path) -> None:
    for path in _PATH.findall(text_of(page)):
        if not any(mark in path for mark in _PLACEHOLDER):
            assert (ROOT / path).exists(), f"{page.name}: {path}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_name_that_links_to_a_python_file_is_defined_there(page: Path) -> None:
    for text, target in links(page):
        name = re.fullmatch(r"`(\w+)`", text)
        if name and target.endswith(".py"):
            assert name[1] in names_in((page.parent / target).resolve()), f"{page.name}: {text} in {target}"


def test_nothing_tells_of_the_makers_own_folders() -> None:
    for page in pages():
        assert not re.search(r"(?<![\w.~])/(?:home|root)/", text_of(page)), page.name
