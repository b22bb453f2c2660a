"""`figures`: any measures by any dimensions, compared with before, seen as one viewer sees the cases."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases import lexicon as names
from bihuan.cases.days import local_day, midnight
from bihuan.cases.facets import Time
from bihuan.cases.filters import Filter, key_of_moment
from bihuan.cases.lexicon import Lexicon
from bihuan.identity.viewer import Viewer
from bihuan.insight import dimensions, measures, subscribers
from bihuan.insight.dimensions import Dimension
from bihuan.insight.measures import PER_CUSTOMERS, Measure
from bihuan.insight.periods import Against, Stretch, moved, step_back, stretch_of
from bihuan.insight.statement import MOST_ROWS, Bricks, Group, ask, count_of
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError

Key = tuple[str, ...]
MOST_TIMES = 400
TOO_MANY = "figures.too_many"
"""Days, weeks or months that are listed though they may be empty."""


@dataclass(frozen=True)
class Cell:
    """One figure. `of` and `among` are the two counts behind a ratio; None where nothing can be said."""

    value: float | int | None
    of: int | None = None
    among: int | None = None


@dataclass(frozen=True)
class Row:
    """Figures of one group: `keys` and `labels` one for each dimension, fewer in a subtotal, none in the totals.

    `cells` by measure; `compared` the same for each comparison.
    """

    keys: Key
    labels: tuple[str, ...]
    cells: dict[str, Cell]
    compared: dict[str, dict[str, Cell]] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """What was asked and its answer. `subtotals` holds every level above the rows except the totals, by its keys."""

    measures: list[Measure]
    by: list[Dimension]
    filter: Filter
    stretch: Stretch
    rows: list[Row]
    subtotals: dict[Key, Row]
    totals: Row
    compared: dict[Against, Stretch]
    cases: int
    """How many cases there are in all."""


def figures(
    viewer: Viewer,
    measure_codes: Sequence[str] = (),
    by_codes: Sequence[str] = (),
    chosen: Filter | None = None,
    against: Sequence[Against] = (),
) -> Table:
    """Figures over the cases that exist for the viewer and pass the filter (with its `from`, `to`, `as_of`).

    One statement over the cases, whatever the number of groups; comparisons (`previous`, `last_year`) need a limited
    period. `RuleError` on `measure`, `by`, or when there would be more groups than anyone can read.
    """
    return figures_of(viewer, measures.named(measure_codes), dimensions.named(by_codes), chosen or Filter(), against)


def figures_of(
    viewer: Viewer, wanted: list[Measure], by: list[Dimension], chosen: Filter, against: Sequence[Against] = ()
) -> Table:
    """The same by dimensions no address names, such as squares of the map."""
    now = _next_second(clock.now())
    stretch = stretch_of(chosen.first_day, chosen.last_day, chosen.as_of or now)
    earlier = _earlier(chosen, stretch, by, against, now)
    stretches = [stretch, *earlier.values()]
    groups = ask(viewer, chosen, stretches, by, Bricks(wanted))
    if len(groups) > MOST_ROWS:
        raise RuleError(TOO_MANY, _("分组太多，请缩短期间、增加条件或减少维度。"), field="by")
    lexicon = names.current()
    people = subscribers.behind(viewer, chosen, by, stretches, lexicon) if _needs_customers(wanted) else None
    told = [_Told(groups, number, wanted, by, lexicon, people) for number in range(len(stretches))]
    return _table(told, wanted, by, chosen, stretch, earlier, lexicon)


def _next_second(moment: datetime) -> datetime:
    """Whole seconds, so that a link can carry the moment; nothing registered just now may be missing."""
    return moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)


def _needs_customers(wanted: Sequence[Measure]) -> bool:
    return any(measure.kind in PER_CUSTOMERS for measure in wanted)


def unit_of(by: Sequence[Dimension]) -> str:
    """The shortest time the figures are grouped by, or empty."""
    units = {dimension.time for dimension in by}
    return next((unit for unit in ("day", "week", "month") if unit in units), "")


def _earlier(
    chosen: Filter, stretch: Stretch, by: Sequence[Dimension], against: Sequence[Against], now: datetime
) -> dict[Against, Stretch]:
    first, last = chosen.first_day, chosen.last_day
    if first is None or last is None:
        if against:
            raise RuleError("figures.compare", _("对比需要开始和结束日期。"), field="compare")
        return {}
    return {code: moved(stretch, step_back(code, first, last, unit_of(by)), now) for code in dict.fromkeys(against)}


class _Told:
    """The answer for one stretch: cells by group key."""

    def __init__(
        self,
        groups: Sequence[Group],
        number: int,
        wanted: Sequence[Measure],
        by: Sequence[Dimension],
        lexicon: Lexicon,
        people: subscribers.Behind | None,
    ) -> None:
        self.number, self.wanted, self.people = number, wanted, people
        self.bricks: dict[Key, dict[str, Any]] = {}
        for group in groups:
            if group.stretch == number:
                key = tuple(d.facet.key(v, lexicon) for d, v in zip(by, group.values, strict=False))
                self.bricks[key] = group.bricks

    def cells(self, key: Key | None) -> dict[str, Cell]:
        """Every measure of one group; of a group without cases, the counts are 0 and the rest is unknown."""
        if key is None:
            return {measure.code: Cell(None) for measure in self.wanted}
        return {measure.code: self._cell(measure, key) for measure in self.wanted}

    def _cell(self, measure: Measure, key: Key) -> Cell:
        bricks = self.bricks.get(key, {})
        looked_at = int(bricks.get(count_of(measure.among)) or 0)
        if measure.kind == "count":
            return Cell(looked_at)
        if measure.kind == "ratio":
            return _ratio(int(bricks.get(count_of(measure.counted)) or 0), looked_at)
        if measure.kind == "share":
            return _ratio(looked_at, int(self.bricks.get(key[:-1], {}).get("volume") or 0))
        if measure.kind == "sum":
            return Cell(round(float(bricks.get("sum:" + measure.among[0]) or 0), 2), looked_at)
        if measure.kind == "score":
            points = bricks.get("score:" + "+".join(measure.among))
            return Cell(float(points) / looked_at if looked_at and points is not None else None, looked_at)
        if measure.kind == "mean":
            hours = bricks.get("hours:" + "+".join(measure.among))
            return Cell(float(hours) / looked_at if looked_at and hours is not None else None, looked_at)
        if measure.kind == "percentile":
            hours = bricks.get(f"p{measure.fraction}:" + "+".join(measure.among))
            return Cell(float(hours) if hours is not None else None, looked_at)
        customers = self.people.customer_months(key, self.number) if self.people else None
        return Cell(looked_at * PER_CUSTOMERS[measure.kind] / customers if customers else None, looked_at)


def _ratio(of: int, among: int) -> Cell:
    return Cell(of / among if among else None, of, among)


def _table(
    told: Sequence[_Told],
    wanted: list[Measure],
    by: list[Dimension],
    chosen: Filter,
    stretch: Stretch,
    earlier: dict[Against, Stretch],
    lexicon: Lexicon,
) -> Table:
    comparisons = [(code, told[place], _shift(by, code, chosen)) for place, code in enumerate(earlier, 1)]

    def row(key: Key) -> Row:
        labels = tuple(d.facet.label(one, lexicon) for d, one in zip(by, key, strict=False))
        compared: dict[str, dict[str, Cell]] = {code: one.cells(shift(key)) for code, one, shift in comparisons}
        return Row(key, labels, told[0].cells(key), compared)

    keys = _sorted({key: {} for key in _all_times(by, stretch)} | told[0].bricks, by)
    return Table(
        wanted, by, chosen, stretch,
        [row(key) for key in keys if len(key) == len(by) and by],
        {key: row(key) for key in keys if 0 < len(key) < len(by)},
        row(()), earlier, int(told[0].bricks.get((), {}).get("volume") or 0),
    )  # fmt: skip


def _all_times(by: Sequence[Dimension], stretch: Stretch) -> list[Key]:
    """Of figures by time alone, every month, week or day that has begun: one without a case is a line too."""
    facet = by[0].facet if len(by) == 1 else None
    if not isinstance(facet, Time) or stretch.start is None or stretch.end is None:
        return []
    day = local_day(stretch.start)
    found: list[Key] = []
    seen = stretch.as_of if isinstance(stretch.as_of, datetime) else clock.now()
    end = min(stretch.end, seen)
    while midnight(day) < end and len(found) < MOST_TIMES:
        key = facet.holding(day)
        found.append((key,))
        day = facet.days(key)[1]
    return found


def _shift(by: Sequence[Dimension], code: Against, chosen: Filter) -> Callable[[Key], Key | None]:
    """From a group's key to the key of the group it is compared with: only the stretch of time differs.

    A line over a longer time than the step (the totals, when months are compared) has nothing to be compared with: None.
    """
    first, last = chosen.first_day, chosen.last_day
    if first is None or last is None or not unit_of(by):
        return lambda key: key
    step, unit = step_back(code, first, last, unit_of(by)), unit_of(by)

    def earlier(key: Key) -> Key | None:
        times = {d.time: d.facet for d in by[: len(key)] if isinstance(d.facet, Time)}
        if not times and code == "last_year":
            return key
        if unit not in times:
            return None
        told = dict(zip((d.code for d in by), key, strict=False))
        day = step.back(times[unit].days(told[times[unit].code])[0])
        return tuple(
            d.facet.holding(day) if isinstance(d.facet, Time) else one for d, one in zip(by, key, strict=False)
        )

    return earlier


def _sorted(bricks: dict[Key, dict[str, Any]], by: Sequence[Dimension]) -> list[Key]:
    """Times and scales in their order, everything else by size over the whole table, "not filled in" last."""
    sizes: list[dict[str, int]] = [{} for _dimension in by]
    for key, cells in bricks.items():
        if len(key) == len(by):
            for place, one in enumerate(key):
                sizes[place][one] = sizes[place].get(one, 0) + int(cells.get("volume") or 0)

    def rank(key: Key) -> Iterator[tuple[bool, int, str]]:
        for place, one in enumerate(key):
            yield one == "-", 0 if by[place].ordered else -sizes[place].get(one, 0), one

    return sorted(bricks, key=lambda key: list(rank(key)))


def cases_behind(table: Table, measure: Measure, key: Key) -> Filter:
    """The filter that lists the very cases a cell counted: of a ratio its numerator, else all it looked at."""
    found = table.filter
    for dimension, one in zip(table.by, key, strict=False):
        found = found.having(dimension.code, one)
    return found.narrowed("is", measure.counted).having("as_of", key_of_moment(table.stretch.as_of))
