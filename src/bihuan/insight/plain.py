"""A table of figures as plain values: the JSON of the command line and of the API, described in docs/figures.md."""

from typing import Any

from bihuan.cases.days import local_day
from bihuan.cases.filters import key_of_moment
from bihuan.insight.measures import Measure
from bihuan.insight.periods import Stretch
from bihuan.insight.queries import Cell, Row, Table, cases_behind

CASES = "/cases/?"
"""The list that shows the cases behind a figure."""
_DIGITS = {"ratio": 6, "hours": 2, "per_10k": 4, "per_million": 4, "score": 2, "yuan": 2}


def plain(table: Table) -> dict[str, Any]:
    """The whole table. Ratios lie between 0 and 1; a figure about which nothing can be said is null."""
    return {
        "from": table.filter.one("from") or None,
        "to": table.filter.one("to") or None,
        "as_of": key_of_moment(table.stretch.as_of),
        "by": [dimension.code for dimension in table.by],
        "filters": [list(pair) for pair in table.filter.pairs if pair[0] not in {"from", "to", "as_of"}],
        "measures": {measure.code: _measure(measure) for measure in table.measures},
        "rows": [_row(table, row) for row in table.rows],
        "subtotals": [_row(table, row) for row in table.subtotals.values()],
        "totals": _row(table, table.totals),
        "compared": {code: _stretch(stretch) for code, stretch in table.compared.items()},
    }


def rounded(measure: Measure, cell: Cell) -> float | int | None:
    """The value as it is told: whole cases, six digits of a ratio, hundredths of an hour."""
    if cell.value is None or measure.unit == "cases":
        return cell.value
    return round(float(cell.value), _DIGITS[measure.unit])


def url_behind(table: Table, measure: Measure, row: Row) -> str:
    """The address of the list of exactly the cases a figure counted."""
    return CASES + cases_behind(table, measure, row.keys).query()


def _measure(measure: Measure) -> dict[str, str]:
    return {
        "name": str(measure.name),
        "definition": str(measure.definition),
        "unit": measure.unit,
        "good": measure.good,
    }


def _stretch(stretch: Stretch) -> dict[str, str | None]:
    return {
        "from": str(local_day(stretch.start)) if stretch.start else None,
        "before": key_of_moment(stretch.end) if stretch.end else None,
        "as_of": key_of_moment(stretch.as_of),
    }


def _row(table: Table, row: Row) -> dict[str, Any]:
    """Dimension values in words, measures by code, and under `keys`, `counts`, `cases` what they rest on."""
    told: dict[str, Any] = {dimension.code: label for dimension, label in zip(table.by, row.labels, strict=False)}
    told.update({measure.code: rounded(measure, row.cells[measure.code]) for measure in table.measures})
    told["keys"] = {dimension.code: key for dimension, key in zip(table.by, row.keys, strict=False)}
    told["counts"] = {
        code: [cell.of, cell.among] for code, cell in row.cells.items() if cell.among is not None
    }  # fmt: skip
    told["cases"] = {measure.code: url_behind(table, measure, row) for measure in table.measures}
    if row.compared:
        told["compared"] = {
            against: {measure.code: rounded(measure, cells[measure.code]) for measure in table.measures}
            for against, cells in row.compared.items()
        }
    return told
