"""Oversight by unit: a leader sees on one page which units have most to put right, and who does it late."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bihuan.cases import lexicon
from bihuan.identity.viewer import Viewer
from bihuan.insight import oversight
from bihuan.insight.oversight import Line
from bihuan.web.desk.names import Names
from bihuan.web.oversight import forms, shell

SPANS = {30: gettext_lazy("近 30 天"), 90: gettext_lazy("近 90 天"), 365: gettext_lazy("近一年")}


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked) in SPANS else 90


@login_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The table; demands open exactly what was counted."""
    who, days = shell.entered(request, "figures"), _days(request)
    rows, since = _rows(who, days)
    context = {"rows": rows, "since": since, "days": days, "spans": SPANS.items(), "may_export": shell.may_export(who)}
    return shell.show(request, "oversight/figures.html", "figures", context)


def _rows(who: Viewer, days: int) -> tuple[list[dict[str, Any]], str]:
    names, units = Names(), lexicon.current().units
    since = forms.today() - timedelta(days=days)
    found, together = oversight.lines(who, since)

    def row(one: Line) -> dict[str, Any]:
        unit = units.get(one.unit_id or 0)
        kept = "–" if one.kept is None else f"{one.kept * 100:.1f}%"
        score = "–" if one.score is None else f"{one.score:.1f}"
        name = names.unit(one.unit_id) if one.unit_id else _("合计")
        return {"one": one, "name": name, "code": unit.code if unit else "", "kept": kept, "score": score}

    return [row(one) for one in [*found, *([together] if found else [])]], str(since)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The table as Excel."""
    who = shell.entered(request, "figures")
    headings = [
        _("责任部门"), _("巡查次数"), _("检查项数"), _("不合格"), _("第三方评估"), _("评估平均分"), _("整改要求"),
        _("待整改"), _("已超期"), _("待验收"), _("已验收"), _("按期整改率（%）"),
    ]  # fmt: skip
    lines = (
        [
            row["name"], row["one"].patrols, row["one"].looked, row["one"].wrong, row["one"].evaluations,
            row["one"].score, row["one"].asked, row["one"].open, row["one"].late, row["one"].reported,
            row["one"].accepted, None if row["one"].kept is None else round(row["one"].kept * 100, 1),
        ]
        for row in _rows(who, _days(request))[0]
    )  # fmt: skip
    return shell.workbook(request, who, _("监督检查统计"), headings, lines)
