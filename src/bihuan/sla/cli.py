"""`bihuan explain`, `bihuan replay` and `bihuan evaluate clocks`: how each deadline came about, and that it is right."""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.errors import NotFound, RuleError
from bihuan.kernel.operations import Operation


def _explain_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="the complaint's number")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the sentences (default: zh)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")


def _explain(arguments: argparse.Namespace) -> int:
    from bihuan.cases.models import Case
    from bihuan.cases.numbers import tidy
    from bihuan.kernel import clock
    from bihuan.sla.replay import differences, stories

    case = Case.objects.filter(number=tidy(arguments.number)).first()
    if case is None:
        raise NotFound("case")
    now = clock.now()
    told, found = stories(case.id, arguments.lang, now), list(differences([case.id], now))
    if arguments.json:
        body = {"number": case.number, "clocks": [_plain(asdict(one)) for one in told]}
        print(json.dumps(body | {"differences": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        print("\n".join(one.text for one in told) or ("没有时限。" if arguments.lang == "zh" else "No limits."))
        _show(found)
    return 1 if found else 0


def _replay_options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="every case that has or had clocks")
    which.add_argument("number", metavar="NUMBER", nargs="?", help="one complaint")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def _replay(arguments: argparse.Namespace) -> int:
    from bihuan.cases.models import Case
    from bihuan.cases.numbers import tidy
    from bihuan.kernel import clock
    from bihuan.sla.models import Clock
    from bihuan.sla.replay import differences

    ids = None
    if not arguments.all:
        ids = list(Case.objects.filter(number=tidy(arguments.number)).values_list("id", flat=True))
        if not ids:
            raise NotFound("case")
    found = list(differences(ids, clock.now()))
    clocks = Clock.objects.all() if ids is None else Clock.objects.filter(case_id__in=ids)
    cases = Case.objects.filter(mode="live").count() if ids is None else len(ids)
    told = {"ok": not found, "cases": cases, "clocks": clocks.count(), "differences": [asdict(one) for one in found]}
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _show(found)
        print(f"{told['cases']} cases, {told['clocks']} clocks: {len(found)} differences")
    return 1 if found else 0


def _show(found: Iterable[Any]) -> None:
    for one in found:
        print(f"{one.number} {one.policy} #{one.round} {one.field}: stored {one.stored}, events say {one.replayed}")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _clocks_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cases",
        metavar="FILE",
        type=Path,
        required=True,
        help='JSON lines {"policy", "start", "pauses", "calendar"}, see docs/clocks.md; - reads standard input',
    )


def _clocks(arguments: argparse.Namespace) -> int:
    """One line out for each line in; exit code 1 when a line could not be worked out."""
    from bihuan.sla.evaluate import evaluate

    source = sys.stdin.buffer if str(arguments.cases) == "-" else None
    raw = source.read() if source else arguments.cases.read_bytes()
    bad = 0
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = evaluate(_read(line))
        except RuleError as refused:
            bad += 1
            told = {"line": number, "error": refused.code, "field": refused.field, "message": refused.message}
        print(json.dumps(told, ensure_ascii=False))
    return 1 if bad else 0


def _read(line: bytes) -> Any:
    try:
        return json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except (ValueError, RecursionError) as unreadable:
        raise RuleError("case.json", _("这一行不是 UTF-8 的 JSON：%s") % (unreadable,), field="line") from None


OPERATIONS = [
    Operation("explain", "say in words how each deadline of a complaint came about", _explain, _explain_options),
    Operation(
        "replay", "recompute every clock from its events; exit 1 where the tables differ", _replay, _replay_options
    ),
]
EVALUATIONS = [
    Operation(
        "clocks", "due moments of JSON lines, to check the arithmetic by hand", _clocks, _clocks_options, database=False
    )
]
