"""The table as drawings: numbers as bars, rates as lines over time or as bars beside each other. Each opens its cases."""

from typing import Any

from bihuan.insight.measures import Measure
from bihuan.insight.plain import rounded, url_behind
from bihuan.insight.queries import Row, Table

MOST_GROUPS = 40
MOST_SERIES = 8


def charts_of(table: Table) -> list[dict[str, Any]]:
    """At most two drawings: {`id`, `label`, `option` as ECharts reads it}; none for a table without groups."""
    if not table.by or not table.rows:
        return []
    counts = [m for m in table.measures if m.unit != "ratio"]
    shares = [m for m in table.measures if m.kind == "share"]
    rates = [m for m in table.measures if m.kind == "ratio"]
    found = [_drawing("chart-counts", one, _bars(table, one)) for one in (counts or shares)[:1]]
    if rates:
        found.append(_drawing("chart-rates", rates[0], _rates(table, rates)))
    return found


def _drawing(code: str, measure: Measure, option: dict[str, Any]) -> dict[str, Any]:
    return {"id": code, "label": str(measure.name), "option": option}


def _tops(table: Table) -> list[Row]:
    """The lines of the first dimension: its subtotals, or the rows where there is only one."""
    rows = table.rows if len(table.by) == 1 else [row for key, row in table.subtotals.items() if len(key) == 1]
    return rows[:MOST_GROUPS]


def _datum(table: Table, row: Row | None, measure: Measure) -> dict[str, Any] | None:
    if row is None:
        return None
    value = rounded(measure, row.cells[measure.code])
    if value is None:
        return None
    told = round(value * 100, 2) if measure.unit == "ratio" else value
    return {"value": told, "href": url_behind(table, measure, row)}


def _axes(table: Table, measure: Measure, tops: list[Row]) -> dict[str, Any]:
    percent = {"axisLabel": {"formatter": "{value}%"}} if measure.unit == "ratio" else {}
    crowded = {"axisLabel": {"interval": 0, "rotate": 40}} if len(tops) > 8 and not table.by[0].time else {}
    return {
        "xAxis": {"type": "category", "data": [row.labels[0] for row in tops], **crowded},
        "yAxis": {"type": "value", **percent},
        "decal": True,
    }


def _bars(table: Table, measure: Measure) -> dict[str, Any]:
    """One measure by the first dimension, piled up by the second one where there is one."""
    tops = _tops(table)
    if len(table.by) == 1:
        data = [_datum(table, row, measure) for row in tops]
        series = [{"name": str(measure.name), "type": "bar", "barMaxWidth": 38, "data": data}]
    else:
        series = _piles(table, measure, tops)
    return {**_axes(table, measure, tops), "series": series}


def _piles(table: Table, measure: Measure, tops: list[Row]) -> list[dict[str, Any]]:
    second = {row.keys[:2]: row for row in table.rows} if len(table.by) == 2 else {}
    if not second:
        second = {key: row for key, row in table.subtotals.items() if len(key) == 2}
    labels = {key[1]: row.labels[1] for key, row in second.items()}
    sizes = {
        code: sum(float(row.cells[measure.code].value or 0) for key, row in second.items() if key[1] == code)
        for code in labels
    }
    shown = sorted(labels, key=lambda code: -sizes[code])[:MOST_SERIES]
    return [
        {
            "name": labels[code],
            "type": "bar",
            "stack": "all",
            "barMaxWidth": 38,
            "data": [_datum(table, second.get((top.keys[0], code)), measure) for top in tops],
        }
        for code in shown
    ]


def _rates(table: Table, rates: list[Measure]) -> dict[str, Any]:
    """All rates by the first dimension: lines over time, bars over anything else."""
    tops = _tops(table)
    kind: dict[str, Any] = {"type": "line", "symbolSize": 7} if table.by[0].time else {"type": "bar", "barMaxWidth": 18}
    series = [
        {"name": str(rate.name), **kind, "data": [_datum(table, row, rate) for row in tops]}
        for rate in rates[:MOST_SERIES]
    ]
    return {**_axes(table, rates[0], tops), "series": series}
