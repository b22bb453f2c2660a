"""The one SQL statement behind every table of figures, however many groups, subtotals and comparisons it has.

Cases are read once per compared stretch with the conditions as columns, counted per group (in parallel where the
database can), trees lifted to their level, and rolled up into subtotals and totals. Percentiles cannot be added up, so
with them the roll-up runs over the cases themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, FloatField, Func, OuterRef, Q, Subquery

from bihuan.cases.access import scope
from bihuan.cases.conditions import CONDITIONS, moment_of
from bihuan.cases.filters import Filter
from bihuan.cases.models import Case
from bihuan.compensation.conditions import amount
from bihuan.identity.viewer import Viewer
from bihuan.insight.dimensions import Dimension
from bihuan.insight.measures import Measure
from bihuan.insight.periods import Stretch
from bihuan.revisit.models import Survey

MOST_ROWS = 20_000
"""Groups, subtotals and comparisons together; more is no table anyone reads."""


@dataclass(frozen=True)
class Brick:
    """One aggregate: `sum` adds up over groups; `sql` is over the columns of the cases."""

    sql: str
    adds_up: bool = True


@dataclass(frozen=True)
class Group:
    """One line of the answer: which stretch, the values of the dimensions it is for (fewer in a subtotal), the bricks."""

    stretch: int
    values: tuple[Any, ...]
    bricks: dict[str, float | int | None]


class Bricks:
    """The aggregates a set of measures needs, each once, and the conditions these need."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.conditions: list[str] = []
        self.sums: list[str] = []
        """Conditions whose money is added up."""
        self.sql: dict[str, Brick] = {"volume": Brick("count(*)")}
        for measure in measures:
            self._add(measure)

    def _add(self, measure: Measure) -> None:
        if measure.kind in {"count", "ratio", "per_million"}:
            self.count(measure.counted)
            self.count(measure.among)
        elif measure.kind == "score":
            self.sql["score:" + "+".join(measure.among)] = Brick(f"sum(score) FILTER (WHERE {self._where(measure)})")
            self.count(measure.among)
        elif measure.kind == "sum":
            self.sums += list(measure.among)
            self.sql["sum:" + measure.among[0]] = Brick(
                f"sum(sum_{measure.among[0]}) FILTER (WHERE {self._where(measure)})"
            )
            self.count(measure.among)
        elif measure.kind == "mean":
            self.sql["hours:" + "+".join(measure.among)] = Brick(f"sum(hours) FILTER (WHERE {self._where(measure)})")
            self.count(measure.among)
        elif measure.kind == "percentile":
            self.sql[f"p{measure.fraction}:" + "+".join(measure.among)] = Brick(
                f"percentile_cont({measure.fraction}) WITHIN GROUP (ORDER BY hours) FILTER (WHERE {self._where(measure)})",
                adds_up=False,
            )
            self.count(measure.among)

    def count(self, codes: Sequence[str]) -> None:
        """How many cases meet all these conditions."""
        if codes:
            self.sql[count_of(codes)] = Brick(f"count(*) FILTER (WHERE {self._columns(codes)})")

    def _where(self, measure: Measure) -> str:
        return self._columns(measure.among)

    def _columns(self, codes: Sequence[str]) -> str:
        self.conditions += [code for code in codes if code not in self.conditions]
        return " AND ".join(f"c_{code}" for code in codes)

    @property
    def hours(self) -> bool:
        """Whether handling hours are needed."""
        return any("hours" in brick.sql for brick in self.sql.values())

    @property
    def score(self) -> bool:
        """Whether the scores of surveys are needed."""
        return any("score" in brick.sql for brick in self.sql.values())

    @property
    def add_up(self) -> bool:
        """Whether subtotals are sums of their groups."""
        return all(brick.adds_up for brick in self.sql.values())


def count_of(codes: Sequence[str]) -> str:
    """The brick that counts cases meeting these conditions."""
    return "n:" + "+".join(codes) if codes else "volume"


def chosen(viewer: Viewer, chosen_by: Filter, stretch: Stretch) -> Q:
    """Which cases exist for the viewer, pass the filter, and were registered in the stretch."""
    found = scope(viewer) & chosen_by.q(period=False)
    if stretch.start is not None:
        found &= Q(registered_at__gte=stretch.start)
    if stretch.end is not None:
        found &= Q(registered_at__lt=stretch.end)
    if not isinstance(stretch.as_of, str):
        found &= Q(registered_at__lte=stretch.as_of)
    moment = moment_of(stretch.as_of)
    for code in chosen_by.all("is"):
        found &= CONDITIONS[code].q(moment)
    return found


def _rows(
    number: int, viewer: Viewer, chosen_by: Filter, stretch: Stretch, by: Sequence[Dimension], bricks: Bricks
) -> tuple[str, Sequence[Any]] | None:
    """The cases of one stretch as SQL with columns d0…, c_<condition>, hours; None when there can be none."""
    moment = moment_of(stretch.as_of)
    columns: dict[str, Any] = {f"d{place}": dimension.expression() for place, dimension in enumerate(by)}
    for code in bricks.conditions:
        columns[f"c_{code}"] = ExpressionWrapper(CONDITIONS[code].q(moment), output_field=BooleanField())
    if bricks.hours:
        columns["hours"] = Func(
            F("ended_at"),
            F("registered_at"),
            template="(extract(epoch from %(expressions)s) / 3600.0)::double precision",
            arg_joiner=" - ",
            output_field=FloatField(),
        )
    if bricks.score:
        told = Survey.objects.filter(case_id=OuterRef("pk"), score__isnull=False).order_by("-id")
        columns["score"] = Subquery(told.values("score")[:1])
    for code in bricks.sums:
        columns[f"sum_{code}"] = amount(code)
    columns["registered"] = F("registered_at")
    query = Case.objects.filter(chosen(viewer, chosen_by, stretch)).order_by().values(**columns)
    try:
        sql, parameters = query.query.sql_with_params()
    except EmptyResultSet:
        return None
    names = ", ".join(f'"{name}"' for name in columns)
    return f"SELECT {number} AS stretch, {names} FROM ({sql}) s{number}", parameters


def ask(
    viewer: Viewer, chosen_by: Filter, stretches: Sequence[Stretch], by: Sequence[Dimension], bricks: Bricks
) -> list[Group]:
    """All groups, subtotals and totals of all stretches: one statement (none at all when nothing can be found)."""
    statement = build(viewer, chosen_by, stretches, by, bricks)
    if statement is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        rows = cursor.fetchall()
    names, depth = list(bricks.sql), len(by)
    found = []
    for stretch, rolled, *cells in rows:
        # GROUPING has a bit for every dimension rolled up, the last dimension lowest: 0, 1, 3, 7 …
        given = depth - int(rolled).bit_length()
        found.append(Group(stretch, tuple(cells[:given]), dict(zip(names, cells[depth:], strict=True))))
    return found


def build(
    viewer: Viewer, chosen_by: Filter, stretches: Sequence[Stretch], by: Sequence[Dimension], bricks: Bricks
) -> tuple[str, list[Any]] | None:
    """The statement and its parameters; None when no case can be found."""
    parts = [_rows(number, viewer, chosen_by, stretch, by, bricks) for number, stretch in enumerate(stretches)]
    found = [part for part in parts if part is not None]
    if not found:
        return None
    cases = " UNION ALL ".join(sql for sql, _parameters in found)
    parameters = [value for _sql, values in found for value in values]
    depth = range(len(by))
    keys = "".join(f", k{place}" for place in depth)
    grouping = f"GROUPING({', '.join(f'k{place}' for place in depth)})" if by else "0"
    roll_up = f", ROLLUP ({', '.join(f'k{place}' for place in depth)})" if by else ""
    if bricks.add_up:
        inner = _counted(cases, len(by), bricks)
        sums = ", ".join(f"sum(b{place})" for place in range(len(bricks.sql)))
    else:
        inner = f"SELECT * FROM ({cases}) r"
        sums = ", ".join(brick.sql for brick in bricks.sql.values())
    return (
        f"SELECT stretch, {grouping}{keys}, {sums} FROM ({_lifted(inner, by)}) t"
        f" GROUP BY stretch{roll_up} LIMIT {MOST_ROWS + 1}",
        parameters,
    )


def _counted(cases: str, depth: int, bricks: Bricks) -> str:
    """Cases counted per group of plain values."""
    columns = "".join(f", d{place}" for place in range(depth))
    counts = ", ".join(f"{brick.sql} AS b{place}" for place, brick in enumerate(bricks.sql.values()))
    return f"SELECT stretch{columns}, {counts} FROM ({cases}) r GROUP BY stretch{columns}"


def _lifted(inner: str, by: Sequence[Dimension]) -> str:
    """Plain values as group keys: entries of a tree at their level (`facets.Tree.at` says the same in Python)."""
    keys, joins = [], []
    for place, dimension in enumerate(by):
        if dimension.level:
            joins.append(f"LEFT JOIN catalog_node n{place} ON n{place}.id = g.d{place}")
            keys.append(f", coalesce(n{place}.path[{dimension.level}], n{place}.id) AS k{place}")
        else:
            keys.append(f", g.d{place} AS k{place}")
    return f"SELECT g.*{''.join(keys)} FROM ({inner}) g {' '.join(joins)}"
