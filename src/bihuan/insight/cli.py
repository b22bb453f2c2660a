"""`bihuan figures`: the same figures as on the page, for scripts and for a look from the terminal."""

import argparse
import json
import unicodedata
from typing import TYPE_CHECKING, Any

from bihuan.kernel.operations import Operation

if TYPE_CHECKING:
    from bihuan.identity.viewer import Viewer
    from bihuan.insight.queries import Row, Table


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--measure", default="", metavar="CODE,…", help="measures, e.g. volume,late_rate")
    parser.add_argument("--by", default="", metavar="CODE,…", help="dimensions, e.g. month,source_system")
    parser.add_argument("--from", dest="first", default="", metavar="DAY", help="first day of registration")
    parser.add_argument("--to", dest="last", default="", metavar="DAY", help="last day of registration, included")
    parser.add_argument(
        "--as-of", default="", metavar="WHEN", help="day (its first moment), moment, or month_end (default: now)"
    )
    parser.add_argument(
        "--filter", action="append", default=[], metavar="NAME=KEY", help="as in the page's URL, e.g. channel=hotline"
    )
    parser.add_argument(
        "--compare", default="", metavar="WITH,…", help="previous (环比) and/or last_year (同比); needs --from and --to"
    )
    parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="as this account sees the cases")
    parser.add_argument(
        "--language", default="zh-hans", choices=["zh-hans", "en"], help="of names (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object (docs/figures.md)")
    parser.add_argument("--list", action="store_true", help="list measures and dimensions with their definitions")


def _figures(arguments: argparse.Namespace) -> int:
    from django.utils import translation

    from bihuan.cases.filters import parse
    from bihuan.insight.plain import plain
    from bihuan.insight.queries import figures

    with translation.override(arguments.language):
        if arguments.list:
            return _list()
        given = [_pair(one) for one in arguments.filter]
        given += [("from", arguments.first), ("to", arguments.last), ("as_of", arguments.as_of)]
        table = figures(
            _viewer(arguments.username),
            arguments.measure.split(","),
            arguments.by.split(","),
            parse([pair for pair in given if pair[1]], strict=True),
            _against(arguments.compare),
        )
        if arguments.json:
            print(json.dumps(plain(table), ensure_ascii=False))
        else:
            _print(table)
    return 0


def _pair(text: str) -> tuple[str, str]:
    from bihuan.kernel.errors import RuleError

    name, _equals, key = text.partition("=")
    if not key:
        raise RuleError("filter.malformed", f"--filter {text}: write NAME=KEY, e.g. channel=hotline", field="filter")
    return name, key


def _against(text: str) -> list[Any]:
    from bihuan.insight.asking import against

    return against(text.split(","))


def _viewer(username: str) -> "Viewer":
    from bihuan.identity import book
    from bihuan.identity.models import Staff
    from bihuan.identity.viewer import viewer_of
    from bihuan.insight.asking import OPERATOR
    from bihuan.kernel.errors import RuleError

    if not username:
        return OPERATOR
    staff = Staff.objects.filter(username=username).first()
    if staff is None:
        raise RuleError("staff.unknown", f"no account is called {username!r}", field="as")
    return viewer_of(staff, book.units())


def _list() -> int:
    from bihuan.cases.facets import FACETS
    from bihuan.insight.measures import MEASURES

    for measure in MEASURES.values():
        print(f"{measure.code:28}{measure.name}: {measure.definition}")
    print()
    for facet in FACETS.values():
        print(f"{facet.code:28}{facet.name}")
    return 0


def _print(table: "Table") -> None:
    from django.utils.translation import gettext as _

    from bihuan.insight.words import shown

    heads = [str(dimension.facet.name) for dimension in table.by] or [""]
    heads += [str(measure.name) for measure in table.measures]

    def line(row: "Row", labels: list[str]) -> list[str]:
        return labels + [shown(measure, row.cells[measure.code]) for measure in table.measures]

    lines = []
    for row in table.rows:
        lines.append(line(row, list(row.labels)))
    for subtotal in table.subtotals.values():
        padding = [_("小计")] + [""] * (len(table.by) - len(subtotal.labels) - 1)
        lines.append(line(subtotal, [*subtotal.labels, *padding]))
    lines.append(line(table.totals, [_("合计")] + [""] * (len(heads) - len(table.measures) - 1)))
    widths = [max(_width(one[place]) for one in [heads, *lines]) for place in range(len(heads))]
    words = len(heads) - len(table.measures)
    for one in [heads, *lines]:
        print("  ".join(_padded(text, widths[place], place >= words) for place, text in enumerate(one)).rstrip())


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks


def _configure_ledger(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", default="", metavar="DAY", help="first day of registration")
    parser.add_argument("--to", dest="last", default="", metavar="DAY", help="last day of registration, included")
    parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="as this account sees the cases")
    parser.add_argument("--json", action="store_true", help="one JSON object, written as it is read")


def _ledger(arguments: argparse.Namespace) -> int:
    from bihuan.cases.days import BadDay, day_of
    from bihuan.insight import ledger
    from bihuan.kernel.errors import RuleError

    try:
        days = [day_of(told) if told else None for told in (arguments.first, arguments.last)]
    except BadDay as bad:
        raise RuleError("ledger.day", f"{bad}: write a day as 2026-03-02", field="from") from None
    totals = ledger.Totals()
    if arguments.json:
        print(f'{{"from": {json.dumps(arguments.first)}, "to": {json.dumps(arguments.last)}, "lines": [')
    for line in ledger.lines(_viewer(arguments.username), *days):
        if arguments.json:
            print("" if totals.lines == 0 else ",", json.dumps(ledger.plain(line), ensure_ascii=False))
        else:
            _print_line(line)
        totals.add(line)
    foot = ledger.plain_totals(totals)
    if arguments.json:
        print(f'], "totals": {json.dumps(foot)}}}')
    else:
        print("  ".join(f"{name} {count}" for name, count in foot.items()))
    return 0


def _print_line(line: Any) -> None:
    told = line.told
    yes = " ".join(code for code in ("replied", "revisited", "closed", "late") if line.flags[code])
    more = f"attempts {line.attempts}  pauses {len(line.pauses)} ({line.paused} s)  exceptions {len(line.odd)}"
    print(f"{told['number']}  {told['registered_at']:%Y-%m-%d %H:%M}  {told['status']:12}{yes:32}{more}")


OPERATIONS = [
    Operation(
        "ledger",
        "every complaint of a period on a line an auditor can total; --json for programs",
        _ledger,
        _configure_ledger,
    ),
    Operation(
        "figures", "measures by dimensions, as on the figures page; --list says which there are", _figures, _configure
    ),
]
