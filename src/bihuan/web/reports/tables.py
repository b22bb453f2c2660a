"""A table of figures as the page lays it out: groups with their subtotals, every number with its link and its words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from bihuan.insight.measures import Measure
from bihuan.insight.periods import AGAINST
from bihuan.insight.plain import url_behind
from bihuan.insight.queries import Row, Table
from bihuan.insight.words import change, shown, verdict

MOST_LINES = 600
"""Lines on a page; the workbook has all."""


@dataclass(frozen=True)
class Difference:
    """Against what, how much, and whether that is `better`, `worse` or neither."""

    name: str
    text: str
    verdict: str


@dataclass(frozen=True)
class Number:
    """One figure: text, the address of its cases, the counts behind it, its differences."""

    text: str
    url: str
    behind: str
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One line: `kind` is `row`, `subtotal` or `total`; labels fill the dimension columns."""

    kind: str
    labels: list[str]
    numbers: list[Number]


def lines_of(table: Table) -> list[Line]:
    """Rows with the subtotal of each group below it (where it has more than one row), then the totals. A label is not
    repeated down its group."""
    return [*_body(table), line_of(table, table.totals, "total", [_("合计"), *[""] * (len(table.by) - 1)])]


def _body(table: Table) -> Iterator[Line]:
    sizes = Counter(row.keys[:depth] for row in table.rows for depth in range(1, len(table.by)))
    before: tuple[str, ...] = ()
    for row in table.rows:
        yield from _ended(table, sizes, before, row.keys)
        same = 0
        while same < len(row.keys) - 1 and row.keys[: same + 1] == before[: same + 1]:
            same += 1
        yield line_of(table, row, "row", ["" if place < same else label for place, label in enumerate(row.labels)])
        before = row.keys
    yield from _ended(table, sizes, before, ())


def _ended(
    table: Table, sizes: Counter[tuple[str, ...]], before: tuple[str, ...], now: tuple[str, ...]
) -> Iterator[Line]:
    """Subtotals of the groups that end where `now` begins, the innermost first."""
    for depth in range(len(before) - 1, 0, -1):
        key = before[:depth]
        if key != now[:depth] and key in table.subtotals and sizes[key] > 1:
            row = table.subtotals[key]
            blanks = [""] * (len(table.by) - depth - 1)
            label = _("%(name)s 小计") % {"name": row.labels[-1]}
            yield line_of(table, row, "subtotal", [*[""] * (depth - 1), label, "", *blanks])


def line_of(table: Table, row: Row, kind: str, labels: list[str]) -> Line:
    """One line with these labels."""
    return Line(kind, labels, [_number(table, row, measure) for measure in table.measures])


def _number(table: Table, row: Row, measure: Measure) -> Number:
    cell = row.cells[measure.code]
    behind = f"{cell.of:,} / {cell.among:,}" if cell.of is not None and cell.among is not None else ""
    differences = []
    for code, cells in row.compared.items():
        text = change(measure, cell, cells[measure.code])
        if text:
            told = verdict(measure, cell, cells[measure.code])
            differences.append(Difference(str(AGAINST[code]), text, told))
    url = url_behind(table, measure, row) if cell.value is not None else ""
    return Number(shown(measure, cell), url, behind, differences)
