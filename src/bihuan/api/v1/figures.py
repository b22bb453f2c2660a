"""Figures over the API: the same words and the same rows as on the command line (`docs/figures.md`)."""

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.identity import roles
from bihuan.insight.asking import against
from bihuan.insight.plain import plain
from bihuan.insight.queries import figures

_LIST = 400


class FiguresOf(_In):
    """What to count and how to group it. The words all lists share (`from`, `to`, `as_of`, `channel` …) narrow it."""

    measure: Annotated[
        str, Meta(max_length=_LIST, description="Codes, separated by commas: volume,late_rate; the usual five if empty")
    ] = ""
    by: Annotated[str, Meta(max_length=_LIST, description="Codes, separated by commas: month,source_system")] = ""
    compare: Annotated[
        str, Meta(max_length=40, description="previous and/or last_year; needs from and to")
    ] = ""  # fmt: skip


class Figures(Struct, kw_only=True, rename={"from_": "from"}):
    """A table of figures. A row holds each dimension's value in words, each measure by its code (ratios between 0 and 1,
    null where nothing can be said), `keys` (stable codes), `counts` ([numerator, denominator]) and `cases` (the list of
    the very cases counted). `subtotals` has a row for each group above the rows."""

    from_: str | None
    to: str | None
    as_of: str
    by: list[str]
    filters: list[list[str]]
    measures: dict[str, dict[str, str]]
    rows: list[dict[str, Any]]
    subtotals: list[dict[str, Any]]
    totals: dict[str, Any]
    compared: dict[str, dict[str, str | None]]


def answer(call: Call) -> Answer:
    """`GET /figures`: what the token's owner may see, counted."""
    wanted: FiguresOf = call.query
    table = figures(
        call.viewer, wanted.measure.split(","), wanted.by.split(","), call.filters, against(wanted.compare.split(","))
    )
    return Answer(plain(table))


OPERATIONS = (
    Operation(
        "GET", "/figures", "readFigures", "figures", _("统计：指标按维度分组，每个数都能打开对应的工单"), (roles.FIGURES,),
        answer, Figures, query=FiguresOf, filtered=True,
    ),
)  # fmt: skip
