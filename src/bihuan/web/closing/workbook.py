"""Lists as Excel: row by row without holding them in memory, written to the audit log."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.utils import timezone

from bihuan.identity import audit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock


def answer(
    request: HttpRequest,
    who: Viewer,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    detail: dict[str, Any],
) -> FileResponse:
    """The workbook as a download; `detail` goes into the audit log with the number of rows."""
    target = tempfile.TemporaryFile(prefix="bihuan-export-")  # noqa: SIM115 - closed by the answer
    count = write(target, name, headings, rows)
    target.seek(0)
    audit.record(
        "export", actor_id=who.staff_id, actor_name=who.name, subject=str(detail.pop("subject", "closing")),
        address=request.META.get("REMOTE_ADDR", ""), detail={"rows": count, **detail},
    )  # fmt: skip
    stamp = f"{timezone.localtime(clock.now()):%Y%m%d-%H%M}"
    return FileResponse(target, as_attachment=True, filename=f"{name}-{stamp}.xlsx")


def write(target: Any, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Fill it; answers how many rows. Moments become local ones, lists and None stay readable."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(name[:31])
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(0, len(headings) - 1), 16)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, str(heading), bold)
    count = 0
    for cells in rows:
        count += 1
        for place, cell in enumerate(cells):
            _write(sheet, count, place, cell, moment)
    book.close()
    return count


def _write(sheet: Any, row: int, place: int, cell: Any, moment: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, place, timezone.make_naive(cell), moment)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, place, cell)
    else:
        sheet.write_string(row, place, str(cell)[:32_000])
