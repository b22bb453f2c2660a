"""Every link of the documentation leads somewhere, every file and name it tells is there."""

import re
from pathlib import Path

from docs.docs_cast import ROOT, anchors, links, names_in, pages, text_of

_ROOTS = r"(?:src|tests|docs|benchmarks|requirements)"
_PATH = re.compile(rf"`({_ROOTS}/[\w./-]+)`")
_PLACEHOLDER = ("<", "…", "*")


def _leads_nowhere(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    aim = (page.parent / path).resolve() if path else page
    return not aim.exists() or bool(anchor and aim.suffix == ".md" and anchor not in anchors(aim))


def test_every_link_leads_somewhere() -> None:
    told = [(page, target) for page in pages() for _text, target in links(page)]
    assert len(told) > 100
    assert [(page.name, target) for page, target in told if _leads_nowhere(page, target)] == []


def test_every_file_named_in_words_is_there() -> None:
    named = [(page, path) for page in pages() for path in _PATH.findall(text_of(page))]
    assert named
    named = [(page, path) for page, path in named if not any(mark in path for mark in _PLACEHOLDER)]
    assert [(page.name, path) for page, path in named if not (ROOT / path).exists()] == []


def test_a_name_that_links_to_a_python_file_is_defined_there() -> None:
    told = [(page, text, target) for page in pages() for text, target in links(page) if target.endswith(".py")]
    named = [(page, name[1], target) for page, text, target in told if (name := re.fullmatch(r"`(\w+)`", text))]
    assert named
    assert [
        (page.name, name, target)
        for page, name, target in named
        if name not in names_in((page.parent / target).resolve())
    ] == []


def test_nothing_tells_of_the_makers_own_folders() -> None:
    for page in pages():
        assert not re.search(r"(?<![\w.~])/(?:home|root)/", text_of(page)), page.name
