"""The figures page and its workbook."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases.filters import Filter
from bihuan.identity import roles
from bihuan.insight.measures import USUAL
from bihuan.insight.queries import Table, figures
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.web.reports import asking, charts, tables, workbooks
from bihuan.web.reports.asking import Asked
from bihuan.web.viewers import needs, viewer


@needs(roles.FIGURES)
@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """Figures as table and drawings. An address that asks for nothing leads to the usual one."""
    if not request.GET:
        return redirect(f"{request.path}?{asking.usual()}")
    try:
        asked = asking.read(request)
        table = figures(viewer(request), asked.measures, asked.by, asked.chosen, asked.against)
    except RuleError as refused:
        return _refused(request, refused)
    return render(request, "reports/figures.html", _context(asked, table))


def _context(asked: Asked, table: Table) -> dict[str, Any]:
    lines = tables.lines_of(table)
    return {
        "place": "figures",
        **asking.form(asked),
        "table": table,
        "empty": table.cases == 0,
        "heads": [str(dimension.facet.name) for dimension in table.by] or [_("范围")],
        "lines": lines[: tables.MOST_LINES],
        "left_out": max(0, len(lines) - tables.MOST_LINES),
        "charts": charts.charts_of(table),
        "words": asked.chosen.words(),
        "compared": workbooks.compared_words(table),
        "workbook_url": f"{reverse('reports:workbook')}?{asked.query()}",
        "map_url": f"{reverse('reports:map')}?{Asked(asked.measures, [], asked.chosen, []).query()}",
        "made_at": clock.now(),
    }


def _refused(request: HttpRequest, refused: RuleError) -> HttpResponse:
    """What the address asks for does not exist: said, with the form as it usually stands."""
    asked = Asked(list(USUAL), [], Filter(), [])
    context = {"place": "figures", **asking.form(asked), "refused": str(refused.message), "words": []}
    return render(request, "reports/figures.html", context, status=refused.status)


@needs(roles.FIGURES)
@require_safe
def workbook(request: HttpRequest) -> HttpResponseBase:
    """The same table as Excel, written down in the audit log."""
    asked = asking.read(request)
    who = viewer(request)
    table = figures(who, asked.measures, asked.by, asked.chosen, asked.against)
    return workbooks.answer(request, table, who, _("统计"), asked.query())
