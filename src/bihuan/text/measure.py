"""How well the finder of personal data does on marked texts: recall and precision, overall and a kind."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.text.personal import LETTERS, Found, find
from bihuan.text.sentences import Sentence


def measure(cases: Iterable[Sentence], show: int = 0) -> dict[str, Any]:
    """{texts, spans, found, recall, recall_same_kind, precision, kinds: {kind: {…}}, missed, false}.

    A marked span is hidden when every letter and digit of it lies in something found (whatever its kind: what counts is
    that nothing leaks); a find is right when at least half of it is marked. `missed` and `false` hold up to `show`
    examples each. Shares are null where there is nothing to divide by.
    """
    counts: Counter[tuple[str, str]] = Counter()
    missed: list[dict[str, str]] = []
    false: list[dict[str, str]] = []
    texts = 0
    for case in cases:
        texts += 1
        found = find(case.text)
        _count_marked(case, found, counts, missed)
        _count_found(case, found, counts, false)
    seen = {kind for _key, kind in counts} - {""}
    kinds = {kind: _shares(counts, kind) for kind in sorted(seen, key=[*LETTERS, *sorted(seen)].index)}
    total = _shares(counts, "")
    return {"texts": texts, **total, "kinds": kinds, "missed": missed[:show], "false": false[:show]}


def read_cases(path: Path) -> Iterator[Sentence]:
    """Marked texts from JSON lines `{"text": …, "spans": [{"start", "end", "kind"}]}`; offsets count characters.
    The path `-` reads standard input.

    Raises RuleError: `cases.file`, or `cases.line` naming the line at fault.
    """
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        lines = raw.decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        message = _("读不了文件 %(path)s：%(fault)s。请给出 UTF-8 的 JSON 行文件。")
        raise RuleError("cases.file", message % {"path": path, "fault": fault}, field="cases") from fault
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read_case(number, line)


def _read_case(number: int, line: str) -> Sentence:
    try:
        case = json.loads(line)
        spans = tuple((int(s["start"]), int(s["end"]), str(s.get("kind", ""))) for s in case.get("spans", ()))
        return Sentence(str(case["text"]), spans)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        message = _('第 %(number)d 行不是 {"text": …, "spans": [{"start", "end", "kind"}]}：%(fault)s')
        raise RuleError("cases.line", message % {"number": number, "fault": fault}, field="cases") from fault


def _count_marked(
    case: Sentence, found: list[Found], counts: Counter[tuple[str, str]], missed: list[dict[str, str]]
) -> None:
    for start, end, kind in case.spans:
        open_places = [at for at in range(start, end) if case.text[at].isalnum()]
        over = [item for item in found if item.start < end and item.end > start]
        hidden = all(any(item.start <= at < item.end for item in over) for at in open_places)
        for key in {"", kind}:
            counts["spans", key] += 1
            counts["hidden", key] += hidden
            counts["same", key] += hidden and any(item.kind == kind for item in over)
        if not hidden:
            missed.append({"kind": kind, "value": case.text[start:end], "text": case.text})


def _count_found(
    case: Sentence, found: list[Found], counts: Counter[tuple[str, str]], false: list[dict[str, str]]
) -> None:
    for item in found:
        marked = sum(max(0, min(item.end, end) - max(item.start, start)) for start, end, _kind in case.spans)
        right = 2 * marked >= item.end - item.start
        for key in ("", item.kind):
            counts["found", key] += 1
            counts["right", key] += right
        if not right:
            false.append({"kind": item.kind, "value": case.text[item.start : item.end], "text": case.text})


def _shares(counts: Counter[tuple[str, str]], kind: str) -> dict[str, float | int | None]:
    spans, found = counts["spans", kind], counts["found", kind]
    return {
        "spans": spans,
        "found": found,
        "recall": round(counts["hidden", kind] / spans, 4) if spans else None,
        "recall_same_kind": round(counts["same", kind] / spans, 4) if spans else None,
        "precision": round(counts["right", kind] / found, 4) if found else None,
    }
