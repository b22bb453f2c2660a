"""Squares of the map: positions of any datum brought to WGS-84, and the square a position lies in. Pure.

A cell's key is `n.row.column`: `n` squares a degree, counted from 0° N, 0° E. The database has the same two functions,
`bihuan_wgs84` and `bihuan_cell` (migration 0007, a test compares them), so that figures count and lists filter by one rule.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.lookups import Exact

FINENESS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Squares a degree, from about 110 km to about 200 m."""
MOST_MOVED = 0.03
"""Degrees no datum moves a place by; about twice what Baidu's does."""
_KEY = re.compile(r"(\d{1,3})\.(-?\d{1,6})\.(-?\d{1,6})", re.ASCII)
_AXIS, _FLATTENING = 6378245.0, 0.00669342162296594323
"""Of the Krasovsky ellipsoid, on which GCJ-02 is defined."""
_BAIDU = math.pi * 3000.0 / 180.0


def to_wgs84(lat: float, lon: float, datum: str) -> tuple[float, float]:
    """Degrees in WGS-84, right to a few metres; `datum` is `wgs84`, `gcj02` or `bd09`."""
    if datum == "bd09":
        x, y = lon - 0.0065, lat - 0.006
        far = math.hypot(x, y) - 0.00002 * math.sin(y * _BAIDU)
        turn = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU)
        lat, lon = far * math.sin(turn), far * math.cos(turn)
    if datum not in {"bd09", "gcj02"} or not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lat, lon
    north, east = _shift(lat, lon)
    return lat - north, lon - east


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """By how many degrees GCJ-02 moves a place."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    rad = lat / 180.0 * math.pi
    bent = 1.0 - _FLATTENING * math.sin(rad) ** 2
    north = north * 180.0 / (_AXIS * (1.0 - _FLATTENING) / (bent * math.sqrt(bent)) * math.pi)
    return north, east * 180.0 / (_AXIS / math.sqrt(bent) * math.cos(rad) * math.pi)


@dataclass(frozen=True)
class Cell:
    """One square: its edges in degrees of WGS-84."""

    n: int
    row: int
    column: int

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.n}.{self.row}.{self.column}"

    @property
    def south(self) -> float:
        """Its lower edge."""
        return self.row / self.n

    @property
    def west(self) -> float:
        """Its left edge."""
        return self.column / self.n

    @property
    def words(self) -> str:
        """Its edges for people: `31.75–31.80° N 119.90–119.95° E`; south and west with a minus sign."""
        digits = 0 if self.n == 1 else 1 if self.n <= 10 else 2 if self.n <= 100 else 3
        north, east = (self.row + 1) / self.n, (self.column + 1) / self.n
        return f"{self.south:.{digits}f}–{north:.{digits}f}° N {self.west:.{digits}f}–{east:.{digits}f}° E"


def cell_of(lat: float, lon: float, n: int) -> Cell:
    """The square a WGS-84 position lies in."""
    return Cell(n, math.floor(lat * n), math.floor(lon * n))


def read(key: str) -> Cell | None:
    """The cell of a key; None for anything else."""
    found = _KEY.fullmatch(key)
    if found is None or int(found[1]) not in FINENESS:
        return None
    cell = Cell(int(found[1]), int(found[2]), int(found[3]))
    return cell if cell.key == key and abs(cell.row) <= 90 * cell.n and abs(cell.column) <= 180 * cell.n else None


def expression(n: int) -> Func:
    """The key of the square a case lies in, as the database works it out; null without a position."""
    return Func(F("lat"), F("lon"), F("datum"), Value(n), function="bihuan_cell", output_field=TextField(null=True))


def q(keys: list[str]) -> Q:
    """Cases in any of these squares; `-` are those without a position."""
    found = Q(pk__in=[])
    for key in keys:
        cell = read(key)
        if cell is None:
            found |= Q(lat__isnull=True) | Q(lon__isnull=True)
        else:
            found |= Q(Exact(expression(cell.n), Value(key)), **_around(cell))
    return found


def _around(cell: Cell) -> dict[str, Any]:
    """Positions that can lie in the square at all, however their datum moved them: few are then worked out exactly."""
    return {
        "lat__gte": cell.south - MOST_MOVED, "lat__lte": cell.south + 1 / cell.n + MOST_MOVED,
        "lon__gte": cell.west - MOST_MOVED, "lon__lte": cell.west + 1 / cell.n + MOST_MOVED,
    }  # fmt: skip
