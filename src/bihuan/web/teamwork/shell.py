"""What every page of teamwork does alike: its tabs, what is said in the corner, lists as Excel."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.assistance import queries as assistance
from bihuan.cases.models import Case
from bihuan.compensation import queries as compensation
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, RuleError
from bihuan.majors import queries as majors
from bihuan.progress import queries as progress
from bihuan.tracking import queries as tracking
from bihuan.web.tabbed import Tab, Tabbed

MOST_ROWS = 20_000


TABS: tuple[Tab, ...] = (
    Tab("assistance", gettext_lazy("部门协查"), (roles.HANDLE,), assistance.count),
    Tab("money", gettext_lazy("补偿审批"), (roles.HANDLE, roles.MONEY), compensation.count, gettext_lazy("等我审批")),
    Tab("news", gettext_lazy("待告知进展"), (roles.HANDLE,), progress.count),
    Tab(
        "tracks",
        gettext_lazy("专项跟踪表"),
        (roles.HANDLE, roles.REOPEN, roles.SUPERVISE),
        tracking.count,
        gettext_lazy("到期"),
        True,
    ),
    Tab("reports", gettext_lazy("重大报告"), (roles.HANDLE, roles.SUPERVISE, roles.SETUP), majors.count),
)  # fmt: skip


_PAGES = Tabbed("teamwork", TABS)
open_to, first, entered, tell, show = _PAGES.open_to, _PAGES.first(), _PAGES.entered, _PAGES.tell, _PAGES.show


def taken(form: Any, act: Callable[[], Any]) -> bool:
    """Run `act` for a valid form; what a rule refuses is said beside its field. True when it was done."""
    if not form.is_valid():
        return False
    try:
        act()
    except RuleError as refused:
        if refused.status in {403, 404}:
            raise
        form.add_error(refused.field if refused.field in form.fields else None, _(str(refused.message)))
        return False
    return True


def numbers(who: Viewer, cases: Iterable[Case]) -> set[int]:
    """Of these cases, the ids of those the reader may open."""
    from bihuan.cases import access

    return set(access.visible(who).filter(pk__in=[case.id for case in cases]).values_list("id", flat=True))


def workbook(
    request: HttpRequest, who: Viewer, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> FileResponse:
    """The rows as an Excel file, written into the audit log; for who may export."""
    if not who.can(roles.EXPORT):
        raise Forbidden("export")
    held = tempfile.TemporaryFile(prefix="bihuan-teamwork-")  # noqa: SIM115 - closed by the answer
    book = xlsxwriter.Workbook(held, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name[:31])
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(headings), 18)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, str(heading), bold)
    count = 0
    for cells in rows:
        count += 1
        for place, cell in enumerate(cells):
            _write(sheet, count, place, cell, moment, money)
    book.close()
    held.seek(0)
    audit.record(
        "export", actor_id=who.staff_id, actor_name=who.name, subject=request.path,
        address=request.META.get("REMOTE_ADDR", ""), detail={"rows": count},
    )  # fmt: skip
    return FileResponse(held, as_attachment=True, filename=f"{name}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.xlsx")


def _write(sheet: Any, row: int, place: int, cell: Any, moment: Any, money: Any) -> None:
    from decimal import Decimal

    if cell is None or cell == "":
        return
    if hasattr(cell, "tzinfo"):
        sheet.write_datetime(row, place, timezone.make_naive(cell), moment)
    elif isinstance(cell, Decimal):
        sheet.write_number(row, place, cell, money)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell)
    else:
        sheet.write_string(row, place, str(cell)[:32_000])
