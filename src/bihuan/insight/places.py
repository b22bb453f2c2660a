"""Figures on the map: any measure by squares or by districts, and where their cases lie. A constant number of statements.

Cases without a position are a group of their own (`-`), so that the squares and it together are the figure itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.cases import cells
from bihuan.cases.cells import FINENESS
from bihuan.cases.facets import NONE, Facet
from bihuan.cases.filters import Filter
from bihuan.cases.lexicon import Lexicon
from bihuan.cases.models import Case
from bihuan.identity.viewer import Viewer
from bihuan.insight import dimensions
from bihuan.insight.dimensions import Dimension
from bihuan.insight.measures import MEASURES, PER_CUSTOMERS, Measure
from bihuan.insight.periods import Stretch
from bihuan.insight.queries import Table, figures_of
from bihuan.insight.statement import chosen as chosen_cases

ACROSS = 22
"""About so many squares lie side by side, unless another fineness is asked for."""
ON_MAP = tuple(code for code, one in MEASURES.items() if one.kind not in PER_CUSTOMERS and one.kind != "share")
"""Measures that can be drawn: nobody counts customers by square."""
_BEFORE = timedelta(days=366)


@dataclass(frozen=True)
class _Square(Facet):
    """Squares as groups; lists choose them by `cases.filters` under the same name."""

    def label(self, key: str, lexicon: Lexicon) -> str:
        return cell.words if (cell := cells.read(key)) else str(_("没有坐标"))


@dataclass(frozen=True)
class BySquare(Dimension):
    """Grouping by squares of this fineness."""

    n: int = FINENESS[0]

    def expression(self) -> Func:
        """The square's key."""
        return cells.expression(self.n)


@dataclass(frozen=True)
class Extent:
    """Where nearly all cases lie, in degrees of WGS-84, outliers aside; `count` have a position."""

    count: int
    south: float
    west: float
    north: float
    east: float

    def fitting(self) -> int:
        """The fineness that suits it."""
        span = max(self.north - self.south, self.east - self.west)
        return max((n for n in FINENESS if span * n <= ACROSS), default=FINENESS[0])


@dataclass(frozen=True)
class Spot:
    """A district and the middle of its cases."""

    district: int
    count: int
    lat: float
    lon: float


def by_square(viewer: Viewer, measure: Measure, chosen: Filter, n: int) -> tuple[Table, dict[str, int]]:
    """The measure by squares, and in which district most cases of each square lie. One statement."""
    squares = BySquare(_Square("cell", _("地图格子"), "lat"), n)
    table = figures_of(viewer, [measure], [squares, *dimensions.named(["district"])], _plain(chosen))
    most: dict[str, tuple[int, int]] = {}
    for row in table.rows:
        if row.keys[1] != NONE:
            count = looked_at(table, row.cells[measure.code])
            most[row.keys[0]] = max(most.get(row.keys[0], (-1, 0)), (count, int(row.keys[1])))
    found = sorted(table.subtotals.values(), key=lambda row: row.keys[0] == NONE)
    return replace(table, by=[squares], rows=found, subtotals={}), {key: place for key, (_n, place) in most.items()}


def by_district(viewer: Viewer, measure: Measure, chosen: Filter) -> Table:
    """The measure by districts, with and without positions. One statement."""
    return figures_of(viewer, [measure], dimensions.named(["district"]), _plain(chosen))


def _plain(chosen: Filter) -> Filter:
    """Without a square chosen before: a square is no part of one of another fineness."""
    return chosen.having("cell")


def extent(viewer: Viewer, chosen: Filter, stretch: Stretch) -> Extent | None:
    """About where the cases lie, each in its own datum; None without any position. One statement."""
    inner = _placed(viewer, chosen, stretch).values("lat", "lon")
    edges = ", ".join(
        f"percentile_cont({share}) WITHIN GROUP (ORDER BY {axis})"
        for share in (0.005, 0.995)
        for axis in ("lat", "lon")
    )
    rows = _asked(inner, f"SELECT count(*), {edges} FROM ({{}}) p")
    return Extent(*rows[0]) if rows and rows[0][0] else None


def middles(viewer: Viewer, chosen: Filter, stretch: Stretch) -> dict[int, Spot]:
    """The middle of each district's cases, of those of the year before too, so that a district without a position in the
    stretch still has its place. One statement: a datum's mean is brought to WGS-84, which is the mean of what is brought."""
    wider = replace(stretch, start=stretch.start - _BEFORE) if stretch.start else stretch
    inner = _placed(viewer, chosen.having("is"), wider).values("lat", "lon", "datum", place=F("district_id"))
    rows = _asked(inner, "SELECT place, datum, count(*), avg(lat), avg(lon) FROM ({}) p GROUP BY place, datum")
    found: dict[int, Spot] = {}
    for place, datum, count, lat, lon in rows:
        if place is not None:
            here = Spot(place, count, *cells.to_wgs84(lat, lon, datum))
            found[place] = _between(found[place], here) if place in found else here
    return found


def _between(one: Spot, other: Spot) -> Spot:
    """The middle of both, by their cases."""
    count = one.count + other.count
    lat = (one.lat * one.count + other.lat * other.count) / count
    return Spot(one.district, count, lat, (one.lon * one.count + other.lon * other.count) / count)


def _placed(viewer: Viewer, chosen: Filter, stretch: Stretch) -> QuerySet[Case]:
    found = chosen_cases(viewer, _plain(chosen), stretch)
    return Case.objects.filter(found, lat__isnull=False, lon__isnull=False).order_by()


def _asked(inner: QuerySet[Case, Any], around: str) -> Sequence[Any]:
    """The rows of a statement around the cases; none when there can be no case."""
    try:
        sql, parameters = inner.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(around.format(sql), parameters)
        return cursor.fetchall()


def outside(table: Table) -> int:
    """How many of the cases a table by squares looked at have no position."""
    row = next((one for one in table.rows if one.keys == (NONE,)), None)
    return 0 if row is None else looked_at(table, row.cells[table.measures[0].code])


def looked_at(table: Table, cell: Any) -> int:
    """The cases behind a figure: of a ratio all it looked at."""
    return int(cell.among if cell.among is not None else cell.of if cell.of is not None else cell.value or 0)
