"""English texts: .po files are compiled where they lie, and checked against what the code and pages say."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]
_FAMILY = frozenset(f"{kind}gettext{ending}" for kind in ("", "n", "p", "np") for ending in ("", "_lazy", "_noop"))
_MODULE = "django.utils.translation"
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
    """Texts without one English: used in code or page but in no catalog, there without a translation, or with another
    one in another catalog (all become one at run time, and which of the two is shown depends on the order of the apps)."""
    known: set[str] = set()
    told: dict[tuple[str, str], str] = {}
    found: list[Finding] = []
    for source in catalogs():
        for entry in polib.pofile(str(source)):
            if entry.obsolete:
                continue
            known.add(entry.msgid)
            if entry.fuzzy or not (entry.msgstr or all(entry.msgstr_plural.values() or [""])):
                found.append(Finding(_short(source), entry.msgid, "not translated"))
            elif entry.msgstr != told.setdefault((entry.msgctxt or "", entry.msgid), entry.msgstr):
                found.append(Finding(_short(source), entry.msgid, "another English elsewhere"))
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
    """Texts handed to a gettext function, whatever name it has there, by line."""
    called = _names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called.get(node.func.id, "") if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _FAMILY:
            continue
        texts = node.args[1:] if "pgettext" in name else node.args
        for text in texts[: 2 if name.startswith("n") else 1]:
            for part in _constants(text):
                yield f"{place}:{part.lineno}", str(part.value)


def _names(tree: ast.AST) -> dict[str, str]:
    """What the gettext functions are called in this module: by import (`gettext as _now`), or given another name there."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == _MODULE:
            names |= {one.asname or one.name: one.name for one in node.names if one.name in _FAMILY}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in names:
            names |= {one.id: names[node.value.id] for one in node.targets if isinstance(one, ast.Name)}
    return names


def _constants(text: ast.expr) -> Iterator[ast.Constant]:
    """The texts an argument can be: itself, or either side of a condition."""
    if isinstance(text, ast.IfExp):
        yield from _constants(text.body)
        yield from _constants(text.orelse)
    elif isinstance(text, ast.Constant) and isinstance(text.value, str):
        yield text


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
