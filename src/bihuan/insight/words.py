"""Figures as people read them."""

from bihuan.insight.measures import Measure
from bihuan.insight.queries import Cell


def shown(measure: Measure, cell: Cell) -> str:
    """`4,975`, `89.0%`, `12.5`; a dash where nothing can be said."""
    if cell.value is None:
        return "–"
    if measure.unit == "cases":
        return f"{cell.value:,}"
    if measure.unit == "ratio":
        return f"{cell.value * 100:.1f}%"
    return f"{cell.value:,.2f}" if measure.unit in {"per_10k", "per_million", "score", "yuan"} else f"{cell.value:,.1f}"


def change(measure: Measure, cell: Cell, before: Cell) -> str:
    """`+3.2%` of a number, `-1.5 pp` of a ratio (percentage points); empty when there is nothing to compare."""
    if cell.value is None or before.value is None:
        return ""
    if measure.unit == "ratio":
        return f"{(cell.value - before.value) * 100:+.1f} pp"
    return f"{(cell.value / before.value - 1) * 100:+.1f}%" if before.value else ""


def verdict(measure: Measure, cell: Cell, before: Cell) -> str:
    """`better`, `worse`, or empty where nothing changed or neither way is good."""
    if cell.value is None or before.value is None or cell.value == before.value or not measure.good:
        return ""
    return "better" if (cell.value > before.value) == (measure.good == "up") else "worse"
