"""The rows that were refused, as a file to be corrected and imported again: its own columns, and why."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.channels.file.chunk import subject
from bihuan.channels.file.models import FailedRow, ImportJob
from bihuan.customers import vault
from bihuan.kernel import clock

KEPT = timedelta(days=30)
"""How long the cells of refused rows are kept."""
_UPLOADS_KEPT = timedelta(days=7)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(job: ImportJob) -> Iterator[list[Any]]:
    """Headings, then one list a refused row: row number, column, reason, the cells as they were."""
    yield [_("行号"), _("出错的列"), _("原因"), *job.headings]
    for failure in FailedRow.objects.filter(job=job).order_by("row", "id").iterator(chunk_size=2000):
        yield [failure.row, failure.column, failure.reason, *_cells(failure)]


def _cells(failure: FailedRow) -> list[Any]:
    if failure.sealed is None:
        return []
    return list(
        json.loads(vault.open_text(failure.key_id, bytes(failure.sealed), subject(failure.job_id, failure.row)))
    )


def xlsx(job: ImportJob) -> bytes:
    """The error file as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("未导入的行"))
        head, reason = book.add_format({"bold": True}), book.add_format({"font_color": "#B02418"})
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 2, 30)
        for at, cells in enumerate(rows(job)):
            for place, cell in enumerate(cells):
                style = head if at == 0 else reason if place == 2 else None
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(at, place, cell, style)
                elif cell not in (None, ""):
                    sheet.write_string(at, place, str(cell)[:32_000], style)
    return out.getvalue()


def csv_bytes(job: ImportJob) -> bytes:
    """The error file as CSV (UTF-8 with mark, so that Excel reads it)."""
    out = io.StringIO()
    writer = csv.writer(out)
    for cells in rows(job):
        writer.writerow([_harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(cell: Any) -> Any:
    """A cell that a spreadsheet would run as a formula is made text; telephone numbers with + stay."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not cell[1:].replace("-", "").replace(" ", "").isdigit():
        return "'" + cell
    return cell


def tidy() -> int:
    """Shred the cells of old refused rows and remove uploads nobody ran; answers how many. Called every hour."""
    before = clock.ago(days=KEPT.days)
    shredded = FailedRow.objects.filter(job__made_at__lt=before, sealed__isnull=False).update(sealed=None)
    stale = ImportJob.objects.filter(file_owned=True, made_at__lt=clock.ago(days=_UPLOADS_KEPT.days)).exclude(
        file_path=""
    )
    for job in stale:
        Path(job.file_path).unlink(missing_ok=True)
        ImportJob.objects.filter(pk=job.pk).update(file_path="")
    ImportJob.objects.filter(state=ImportJob.State.DRAFT, file_path="").delete()
    return shredded + _orphans()


def _orphans() -> int:
    """Uploads that no job names any more."""
    folder = settings.IMPORT_DIR
    if not folder.is_dir():
        return 0
    named = set(ImportJob.objects.exclude(file_path="").values_list("file_path", flat=True))
    oldest = clock.ago(days=1).timestamp()
    lost = [path for path in folder.iterdir() if str(path) not in named and path.stat().st_mtime < oldest]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)
