"""English texts: .po files are compiled where they lie, and checked against what the code and pages say."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Finding:
    """One text without English: where, which, why."""

    place: str
    text: str
    reason: str


def catalogs() -> list[Path]:
    """All .po files of the package."""
    return sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_stale() -> int:
    """Compile every .po whose .mo is missing or older; answers how many."""
    done = 0
    for source in catalogs():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        half = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.rename(target)
        done += 1
    return done


def findings() -> list[Finding]:
    """Texts that have no English yet: used in code or page but in no catalog, or there without a translation."""
    known: set[str] = set()
    found: list[Finding] = []
    for source in catalogs():
        for entry in polib.pofile(str(source)):
            if entry.obsolete:
                continue
            known.add(entry.msgid)
            if entry.fuzzy or not (entry.msgstr or all(entry.msgstr_plural.values() or [""])):
                found.append(Finding(_short(source), entry.msgid, "not translated"))
    for place, text in _used():
        if _HAN.search(text) and text not in known:
            found.append(Finding(place, text, "in no catalog"))
    return found


def _short(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent))


def _used() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _in_code(_short(path), ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        if "templates" in path.parts:
            yield from _in_page(path)


def _in_code(place: str, tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Texts handed to a gettext function, by line."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _CALLS:
            continue
        texts = node.args[1:] if name.startswith("p") else node.args
        for text in texts[: 2 if name.startswith("n") else 1]:
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield f"{place}:{text.lineno}", text.value


def _in_page(path: Path) -> Iterator[tuple[str, str]]:
    """Texts of a template's translate and blocktranslate tags, as Django will look them up."""
    from django.utils.translation.template import templatize

    try:
        rewritten = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    except SyntaxError as error:
        yield _short(path), f"模板无法解析 {error}"
        return
    for match in re.finditer(
        r"\b(?:gettext|ngettext|pgettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", rewritten
    ):
        line = rewritten.count("\n", 0, match.start()) + 1
        yield f"{_short(path)}:{line}", str(ast.literal_eval(match.group(1))).replace("%%", "%")
