"""Deeds on many cases: asked for, watched, their results as a sheet, undone."""

import tempfile
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.dispatch.models import Bulk, BulkRow
from bihuan.flow import bulk
from bihuan.flow.deeds import DEEDS
from bihuan.identity import audit
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.web.desk.bulk import result_context
from bihuan.web.desk.door import desk
from bihuan.web.sharing.bulk_forms import DeedForm

SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def deeds(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One's last deeds, and a new one: on numbers picked in a list, or on all open cases of a unit."""
    if not any(viewer.can(one.right) for one in DEEDS.values()):
        raise NotFound("page")
    whole = "numbers" not in request.POST or not request.POST["numbers"].strip()
    form = DeedForm(request.POST or None, viewer=viewer, whole_unit=whole)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                return redirect(
                    "sharing:bulk", bulk.start(viewer, form.cleaned_data["deed"], form.wanted(), form.told()).pk
                )
            status = 422
        except RuleError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
            status = refused.status
    rows = Bulk.objects.filter(by_id=viewer.staff_id).order_by("-id")[:SHOWN]
    context = {"place": "desk", "form": form, "lines": [_line(one) for one in rows]}
    return render(request, "sharing/bulks.html", context, status=status)


def _line(one: Bulk) -> dict[str, Any]:
    name = str(DEEDS[one.deed].name)
    return {"row": one, "name": _("撤销：%s") % name if one.undoes_id else name, "bad": one.done - one.good}


@require_safe
@desk
def deed(request: HttpRequest, viewer: Viewer, bulk_id: int) -> HttpResponse:
    """How far it is, and what became of each row; the middle alone while it is under way."""
    made = bulk.find(viewer, bulk_id)
    context = {"place": "desk", **_line(made), **result_context(made)}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "sharing/bulk_state.html" if part else "sharing/bulk.html", context)


@require_POST
@desk
def undoing(request: HttpRequest, viewer: Viewer, bulk_id: int) -> HttpResponse:
    """Undo it, where nothing happened since."""
    return redirect("sharing:bulk", bulk.undo(viewer, bulk_id).pk)


@require_safe
@desk
def sheet(request: HttpRequest, viewer: Viewer, bulk_id: int) -> HttpResponseBase:
    """Every row with its result as Excel."""
    made = bulk.find(viewer, bulk_id)
    target = tempfile.TemporaryFile(prefix="bihuan-bulk-")  # noqa: SIM115 - closed by the answer
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page, bold = book.add_worksheet(_("结果")), book.add_format({"bold": True})
    page.set_column(0, 2, 24)
    for place, heading in enumerate((_("工单编号"), _("结果"), _("说明"))):
        page.write_string(0, place, heading, bold)
    words = {True: _("办成"), False: _("未办成"), None: _("未办")}
    rows = BulkRow.objects.filter(bulk_id=made.pk).order_by("place")
    for line, row in enumerate(rows.iterator(chunk_size=2000), 1):
        for place, cell in enumerate((row.number, words[row.ok], row.text)):
            page.write_string(line, place, cell)
    book.close()
    target.seek(0)
    audit.record(
        "export", actor_id=viewer.staff_id, actor_name=viewer.name, subject="bulk",
        address=request.META.get("REMOTE_ADDR", ""), detail={"bulk": made.pk, "rows": made.total},
    )  # fmt: skip
    return FileResponse(target, as_attachment=True, filename=f"{_('批量办理')}-{made.pk}.xlsx")
