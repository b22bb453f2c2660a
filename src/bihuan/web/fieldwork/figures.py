"""Figures of work outside by crew, on a page and as Excel; each count of orders leads to them."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.fieldwork.models import Crew
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.insight import fieldwork
from bihuan.insight.fieldwork import Line
from bihuan.kernel import clock
from bihuan.web.desk.names import Names, either
from bihuan.web.fieldwork import shell
from bihuan.web.teamwork.shell import workbook

PERIODS = (7, 31, 92, 366)


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The table of crews over the last days."""
    who = shell.entered(request, "figures")
    days = _days(request)
    rows, whole = _rows(who, days)
    context = {
        "rows": rows, "whole": whole, "days": days, "periods": PERIODS, "may_export": who.can(roles.EXPORT),
        "may_open": who.can(roles.HANDLE),
    }  # fmt: skip
    return shell.show(request, "fieldwork/figures.html", "figures", context)


def _days(request: HttpRequest) -> int:
    told = request.GET.get("days", "")
    return int(told) if told.isdigit() and int(told) in PERIODS else 31


def _rows(who: Viewer, days: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    found, whole = fieldwork.lines(who, clock.ago(days=days), clock.now() + timedelta(seconds=1))
    crews, names = fieldwork.names(found), Names()
    return [_row(one, crews.get(one.crew_id or 0), names) for one in found], _row(whole, None, names)


def _row(line: Line, crew: Crew | None, names: Names) -> dict[str, Any]:
    return {
        "line": line, "name": either(crew.name, crew.name_en) if crew else _("合计"),
        "unit": names.unit(crew.unit_id) if crew else "", "tier": crew.get_tier_display() if crew else "",
        "kept": None if line.kept is None else round(line.kept * 100, 1),
        "arrived": None if line.arrived is None else round(line.arrived * 100, 1),
    }  # fmt: skip


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The same table as Excel."""
    who = shell.entered(request, "figures")
    rows, whole = _rows(who, _days(request))
    headings = [
        _("班组"),
        _("所属部门"),
        _("支撑层级"),
        _("派出维修单"),
        _("未办结"),
        _("已超期"),
        _("已修复"),
        _("未能修复"),
        _("按时办结率 %"),
        _("约定的上门"),
        _("按时到达率 %"),
        _("客户失约"),
        _("班组失约"),
        _("修前平均光功率 dBm"),
        _("修后平均光功率 dBm"),
        _("受阻"),
        _("光衰待整治"),
    ]
    lines = (
        [
            one["name"], one["unit"], str(one["tier"]), one["line"].sent, one["line"].open, one["line"].late, one["line"].done,
            one["line"].unable, one["kept"], one["line"].visits, one["arrived"], one["line"].customer_absent,
            one["line"].crew_absent, one["line"].before, one["line"].after, one["line"].hindered, one["line"].weak,
        ]
        for one in [*rows, whole]
    )  # fmt: skip
    return workbook(request, who, _("上门维修统计"), headings, lines)
