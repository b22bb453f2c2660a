"""What the tests of the documentation read: all Markdown files and their links."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"!?\[(?P<text>(?:[^\[\]]|\\.)*)\]\((?P<target>[^()\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.*?) *$", re.MULTILINE)


def pages() -> list[Path]:
    """All Markdown files of the project."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@cache
def text_of(page: Path) -> str:
    """The page without its fenced examples."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> Iterator[tuple[str, str]]:
    """(text, target) of every link and picture, those to other sites left out."""
    for found in _LINK.finditer(text_of(page)):
        if not re.match(r"[a-z]+:", found["target"]):
            yield found["text"], found["target"]


@cache
def anchors(page: Path) -> frozenset[str]:
    """The names that links to the page's headings use."""
    heads = [re.sub(r"[`*]|\[(.*?)\]\(.*?\)", r"\1", head) for head in _HEADING.findall(text_of(page))]
    return frozenset(re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads)


@cache
def names_in(source: Path) -> frozenset[str]:
    """Functions, classes, methods and constants that a Python file defines."""
    found = re.findall(r"^ *(?:async )?(?:def|class) (\w+)|^(\w+)\b *[:=]", source.read_text("utf-8"), re.MULTILINE)
    return frozenset(name for pair in found for name in pair if name)
