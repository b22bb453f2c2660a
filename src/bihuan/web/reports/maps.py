"""The map page: an analyst on Friday sees where complaints pile up and opens a square's cases; a leader the same on a phone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases import cells, lexicon
from bihuan.cases.cells import FINENESS
from bihuan.cases.facets import NONE
from bihuan.cases.filters import Filter
from bihuan.cases.lexicon import either
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.insight import places
from bihuan.insight.measures import MEASURES, Measure
from bihuan.insight.plain import url_behind
from bihuan.insight.queries import TOO_MANY, Cell, Row, Table
from bihuan.insight.words import shown
from bihuan.kernel.errors import RuleError
from bihuan.web.reports import asking, drawing, workbooks
from bihuan.web.reports.asking import Asked
from bihuan.web.viewers import needs, viewer

LOOKS = ("squares", "districts")
MOST_LINES = 300
Made = tuple[Table, dict[str, int]]


@dataclass(frozen=True)
class MapAsked(Asked):
    """An address of the map: one measure, squares or districts, how fine (0: as suits the extent)."""

    look: str = "squares"
    n: int = 0

    def query(self, chosen: Filter | None = None, **changes: Any) -> str:
        """The same as an address, with another filter, look or fineness where one is given."""
        told = {"measure": self.measures[0], "look": self.look, "fine": self.n or "", **changes}
        return urlencode([(name, str(one)) for name, one in told.items() if one] + list((chosen or self.chosen).pairs))


@dataclass(frozen=True)
class Mark:
    """One bubble or line: a square or a district."""

    label: str
    near: str
    url: str
    text: str
    value: float | None
    count: int
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class Label:
    """A name to be written at a place; of those with more cases first."""

    name: str
    count: int
    lat: float
    lon: float


@needs(roles.FIGURES)
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map and its table. An address that asks for nothing leads to the usual period."""
    if not request.GET:
        return redirect(f"{request.path}?{asking.usual()}")
    try:
        asked = _read(request)
        context = _context(asked, viewer(request))
    except RuleError as refused:
        asked = MapAsked(["volume"], [], Filter(), [])
        context = {**_form(asked), "refused": str(refused.message)}
        return render(request, "reports/map.html", context, status=refused.status)
    return render(request, "reports/map.html", context)


@needs(roles.FIGURES)
@require_safe
def workbook(request: HttpRequest) -> HttpResponseBase:
    """The figures of the map as Excel, each line with the address of its cases; written down in the audit log."""
    asked, who = _read(request), viewer(request)
    measure = MEASURES[asked.measures[0]]
    reading = _squares if asked.look == "squares" else _districts
    table = reading(asked, who, measure)[0]
    return workbooks.answer(request, table, who, _("地图"), asked.query())


def _read(request: HttpRequest) -> MapAsked:
    told = asking.read(request)
    code = next((one for one in told.measures if one in places.ON_MAP), "volume")
    look, fine = request.GET.get("look", ""), request.GET.get("fine", "")
    n = int(fine) if fine.isascii() and fine.isdigit() and int(fine) in FINENESS else 0
    chosen = told.chosen.having("cell")
    return MapAsked([code], [], chosen, [], look if look in LOOKS else LOOKS[0], n)


def _form(asked: MapAsked) -> dict[str, Any]:
    form = asking.form(asked)
    measures = [(code, MEASURES[code].name, code in asked.measures) for code in places.ON_MAP]
    looks = [
        (code, name, "?" + asked.query(look=code, fine=""), code == asked.look)
        for code, name in zip(LOOKS, (_("格子"), _("区县")), strict=True)
    ]
    figures = f"{reverse('reports:figures')}?{Asked(asked.measures, ['district'], asked.chosen, []).query()}"
    return {**form, "place": "figures", "measures": measures, "looks": looks, "look": asked.look, "fine": asked.n or "",
            "figures_url": figures}  # fmt: skip


def _context(asked: MapAsked, who: Viewer) -> dict[str, Any]:
    measure = MEASURES[asked.measures[0]]
    made = _squares(asked, who, measure) if asked.look == "squares" else _districts(asked, who, measure)
    table, marks, spots, n = made
    drawn = _drawn(measure, marks, spots)
    size = round(drawing.KM_A_DEGREE / n, 1) if n else 0
    return {
        **_form(asked), "measure": measure, "empty": table.cases == 0, "map": drawn, "lines": marks[:MOST_LINES],
        "left_out": max(0, len(marks) - MOST_LINES), "total": shown(measure, table.totals.cells[measure.code]),
        "total_url": url_behind(table, measure, table.totals),
        "workbook_url": f"{reverse('reports:map-workbook')}?{asked.query()}", "kilometres": size,
        "words": asked.chosen.words(), "finer": _finer(asked, n, 1), "coarser": _finer(asked, n, -1),
    }  # fmt: skip


def _finer(asked: MapAsked, n: int, step: int) -> str:
    place = FINENESS.index(n) + step if n else -1
    return "?" + asked.query(fine=FINENESS[place]) if 0 <= place < len(FINENESS) else ""


def _squares(asked: MapAsked, who: Viewer, measure: Measure) -> tuple[Table, list[Mark], list[Label], int]:
    """Three statements, however many cases and squares; one more for each time the squares chosen by themselves were too
    many to be read."""
    from bihuan.insight.periods import stretch_of
    from bihuan.kernel import clock

    chosen = asked.chosen
    stretch = stretch_of(chosen.first_day, chosen.last_day, chosen.as_of or clock.now())
    lies = places.extent(who, chosen, stretch)
    tried = [asked.n] if asked.n else [n for n in reversed(FINENESS) if n <= (lies.fitting() if lies else FINENESS[0])]
    n, (table, near) = _readable(tried, lambda n: places.by_square(who, measure, chosen, n))
    middles = places.middles(who, chosen, table.stretch).values() if lies else []
    spots = [Label(_name(one.district), one.count, one.lat, one.lon) for one in middles]
    marks = [_mark(table, measure, row, _name(near.get(row.keys[0])), *_middle(row)) for row in table.rows]
    return table, marks, spots, n


def _readable(tried: list[int], reading: Callable[[int], Made]) -> tuple[int, Made]:
    """The first fineness that gives no more groups than anyone can read, with what it gives."""
    *finer, last = tried
    for n in finer:
        try:
            return n, reading(n)
        except RuleError as refused:
            if refused.code != TOO_MANY:
                raise
    return last, reading(last)


def _middle(row: Row) -> tuple[float | None, float | None]:
    cell = cells.read(row.keys[0])
    return (cell.south + 0.5 / cell.n, cell.west + 0.5 / cell.n) if cell else (None, None)


def _districts(asked: MapAsked, who: Viewer, measure: Measure) -> tuple[Table, list[Mark], list[Label], int]:
    """Two statements; a district without a position anywhere stands in the table only."""
    table = places.by_district(who, measure, asked.chosen)
    spots = places.middles(who, asked.chosen, table.stretch)
    marks: list[Mark] = []
    drawn: list[Label] = []
    for row in table.rows:
        spot = spots.get(int(row.keys[0])) if row.keys[0] != NONE else None
        mark = _mark(table, measure, row, "", spot.lat if spot else None, spot.lon if spot else None)
        marks.append(mark)
        drawn += [Label(f"{mark.label} {mark.text}", mark.count, spot.lat, spot.lon)] if spot else []
    return table, marks, drawn, 0


def _mark(table: Table, measure: Measure, row: Row, near: str, lat: float | None, lon: float | None) -> Mark:
    cell: Cell = row.cells[measure.code]
    value = None if cell.value is None else float(cell.value)
    url = url_behind(table, measure, row)
    return Mark(row.labels[0], near, url, shown(measure, cell), value, places.looked_at(table, cell), lat, lon)


def _name(area_id: int | None) -> str:
    area = lexicon.current().catalog.areas.get(area_id or 0)
    return either(area.name, area.name_en) if area else ""


def _drawn(measure: Measure, marks: list[Mark], spots: list[Label]) -> dict[str, Any] | None:
    """Everything the template draws; None where nothing has a place."""
    placed = [
        one for one in marks if one.lat is not None and one.lon is not None and one.value is not None and one.count
    ]
    if not placed:
        return None
    shape = drawing.frame(*_edges(placed))
    inside = [one for one in placed if shape.holds(one.lat or 0, one.lon or 0)]
    limits = drawing.bounds([one.value or 0 for one in inside])
    most = max((one.count for one in inside), default=0)
    km, bar = drawing.scale_bar(shape)
    widest = min(26.0, max(12.0, 320.0 / max(1, len(inside)) ** 0.5))
    bubbles = [_bubble(one, shape, limits, most, widest) for one in inside]
    return {
        "width": drawing.WIDTH, "height": shape.height, "bubbles": bubbles, "names": _names(spots, shape, bubbles),
        "legend": _legend(measure, limits, [one.value or 0 for one in inside]), "km": f"{km:g}", "bar": bar,
        "bar_x": 20 + bar, "bar_y": shape.height - 18, "beyond": len(placed) - len(inside),
    }  # fmt: skip


def _edges(placed: list[Mark]) -> tuple[float, float, float, float]:
    """South, west, north, east of the places that hold all but a two-hundredth of the cases at each edge."""
    total, found = sum(one.count for one in placed), []
    for axis in ("lat", "lon"):
        counted, low, high = 0, None, 0.0
        for one in sorted(placed, key=lambda mark: getattr(mark, axis)):
            counted += one.count
            if low is None and counted >= total * 0.005:
                low = getattr(one, axis)
            if counted - one.count < total * 0.995:
                high = getattr(one, axis)
        found.append((low or 0.0, high))
    return found[0][0], found[1][0], found[0][1], found[1][1]


def _bubble(one: Mark, shape: drawing.Frame, limits: list[float], most: int, widest: float) -> dict[str, Any]:
    x, y = shape.at(one.lat or 0, one.lon or 0)
    r = drawing.radius(one.count, most, widest)
    level = drawing.class_of(one.value or 0, limits)
    return {
        "x": x, "y": y, "r": r, "hit": max(r, 13.0), "level": level, "url": one.url, "text": one.text,
        "fits": r >= 4 + 3.6 * len(one.text),
        "label": " ".join(part for part in (one.near, one.label) if part),
    }  # fmt: skip


def _names(spots: list[Label], shape: drawing.Frame, bubbles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Districts by name, the ones with most cases first, each where it hides neither a bubble nor another name."""
    taken = [(one["x"] - one["r"], one["y"] - one["r"], one["x"] + one["r"], one["y"] + one["r"]) for one in bubbles]
    taken.append((0.0, shape.height - 32.0, drawing.WIDTH / 3, float(shape.height)))  # the scale
    radii = {(one["x"], one["y"]): one["r"] for one in bubbles}
    found = []
    for spot in sorted(spots, key=lambda one: -one.count):
        if spot.name and shape.holds(spot.lat, spot.lon):
            at = shape.at(spot.lat, spot.lon)
            x, y = drawing.room_for(*at, spot.name, taken, radii.get(at, 0.0))
            taken.append(drawing.box_of(x, y, spot.name))
            found.append({"x": x, "y": y, "name": spot.name})
    return found


def _legend(measure: Measure, limits: list[float], values: list[float]) -> list[dict[str, Any]]:
    """Each class with the least and the most that lies in it."""
    found, before = [], -1.0
    for limit in limits:
        held = [one for one in values if before < one <= limit]
        ends = dict.fromkeys(shown(measure, Cell(_whole(measure, end))) for end in (min(held), max(held)))
        found.append({"level": drawing.class_of(limit, limits), "text": "–".join(ends)})
        before = limit
    return found


def _whole(measure: Measure, value: float) -> float | int:
    return int(value) if measure.unit == "cases" else value
