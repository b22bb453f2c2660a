"""The list of supervised cases, late ones first, and the same as Excel."""

import tempfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases.models import Case
from bihuan.cases.states import STATES
from bihuan.customers import queries as customers
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, NotFound
from bihuan.notices.wording import RESULTS
from bihuan.supervision import queries
from bihuan.supervision.models import Supervision
from bihuan.web import chips
from bihuan.web.desk.door import desk
from bihuan.web.desk.names import Names
from bihuan.web.leading.tabs import tabs
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged

MOST = 10_000


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "open")
    return asked if asked in queries.STATES else "open"


@require_safe
@desk
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those of the cases that exist for her: `?state=` open, late or ended."""
    if not viewer.can(roles.READ):
        raise NotFound("page")
    state = _state(request)
    page = paged(request, queries.listing(viewer, state))
    counts = queries.counts(viewer)
    states = [
        ("open", _("在督办"), counts["open"]), ("late", _("已超期"), counts["late"]), ("ended", _("督办已结"), None)
    ]  # fmt: skip
    context = {
        **page, "rows": rows_of(page["rows"]), "state": state, "states": states, "tabs": tabs(viewer, "supervision"),
        "may_export": viewer.can(roles.EXPORT) or viewer.can(roles.SUPERVISE), "place": "leading",
    }  # fmt: skip
    return render(request, "leading/supervision.html", context)


def rows_of(found: Sequence[Supervision]) -> list[dict[str, Any]]:
    """Lines of the list: three statements however many."""
    names, cases = Names(), Case.objects.in_bulk([one.case_id for one in found])
    masks = customers.masks_of(case.party_id for case in cases.values())
    reports = queries.latest_reports([one.pk for one in found])
    rows = []
    for one in found:
        case = cases[one.case_id]
        held = masks.get(case.party_id, {})
        rows.append(
            {
                "one": one,
                "case": case,
                "chip": chip_of(one),
                "by": names.staff(one.ordered_by_id) or _("升级办法"),
                "holder": names.unit(case.holder_unit_id) or names.unit(one.unit_id),
                "handler": names.staff(case.handler_id),
                "place": names.place(case),
                "demand": masked_text(one.demand, held),
                "report": masked_text(reports.get(one.pk, ""), held),
                "verdict": str(RESULTS.get(one.verdict, "")),
                "note": masked_text(one.verdict_note, held),
            }
        )
    return rows


def chip_of(one: Supervision) -> chips.TimeChip:
    """Its own term as a chip of the house."""
    met = None if one.ended_at is None else one.ended_at <= one.due_at
    return chips.time_chip(one.due_at, name=_("督办期限"), met=met)


@require_safe
@desk
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The list under the same state as Excel, masked and written to the audit log."""
    if not (viewer.can(roles.EXPORT) or viewer.can(roles.SUPERVISE)):
        raise Forbidden("export")
    rows = rows_of(list(queries.listing(viewer, _state(request))[:MOST]))
    book = tempfile.TemporaryFile(prefix="bihuan-supervision-")  # noqa: SIM115 - closed by the answer
    _write(book, rows)
    book.seek(0)
    audit.record(
        "export", actor_id=viewer.staff_id, actor_name=viewer.name, subject="supervision",
        address=request.META.get("REMOTE_ADDR", ""), detail={"rows": len(rows), "state": _state(request)},
    )  # fmt: skip
    name = f"{_('督办')}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name)


def _write(target: Any, rows: Sequence[dict[str, Any]]) -> None:
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("督办"))
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    headings = [
        _("工单编号"), _("状态"), _("地区"), _("督办要求"), _("提出人"), _("提出时间"), _("督办期限"), _("承办部门"),
        _("处理人"), _("进展次数"), _("最近进展"), _("办结时间"), _("督办结论"), _("说明"),
    ]  # fmt: skip
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(headings) - 1, 18)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
    for line, row in enumerate(rows, 1):
        one, case = row["one"], row["case"]
        cells = [
            case.number, str(STATES[case.status].name), row["place"], row["demand"], row["by"], one.ordered_at, one.due_at,
            row["holder"], row["handler"], one.reports, row["report"], one.ended_at, row["verdict"], row["note"],
        ]  # fmt: skip
        for place, cell in enumerate(cells):
            if hasattr(cell, "tzinfo"):
                sheet.write_datetime(line, place, timezone.make_naive(cell), moment)
            elif isinstance(cell, int):
                sheet.write_number(line, place, cell)
            elif cell:
                sheet.write_string(line, place, str(cell)[:32_000])
    book.close()
