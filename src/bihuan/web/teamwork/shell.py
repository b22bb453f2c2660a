"""What every page of teamwork does alike: its tabs, what is said in the corner, lists as Excel."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bihuan.assistance import queries as assistance
from bihuan.cases.models import Case
from bihuan.compensation import queries as compensation
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, NotFound, RuleError
from bihuan.majors import queries as majors
from bihuan.progress import queries as progress
from bihuan.tracking import queries as tracking
from bihuan.web.viewers import viewer

MOST_ROWS = 20_000
_TOLD = "teamwork_told"


@dataclass(frozen=True)
class Tab:
    """One page: its address, the rights of which one opens it, and how many wait there for this reader."""

    code: str
    name: str | Promise
    rights: tuple[str, ...]
    count: Callable[[Viewer], int]

    @property
    def url(self) -> str:
        """Where it is."""
        return reverse(f"teamwork:{self.code}")


TABS: tuple[Tab, ...] = (
    Tab("assistance", gettext_lazy("部门协查"), (roles.HANDLE,), assistance.count),
    Tab("money", gettext_lazy("补偿审批"), (roles.HANDLE, roles.MONEY), compensation.count),
    Tab("news", gettext_lazy("待告知进展"), (roles.HANDLE,), progress.count),
    Tab("tracks", gettext_lazy("专项跟踪表"), (roles.HANDLE, roles.REOPEN, roles.SUPERVISE), tracking.count),
    Tab("reports", gettext_lazy("重大报告"), (roles.HANDLE, roles.SUPERVISE, roles.SETUP), majors.count),
)


def open_to(who: Viewer) -> list[Tab]:
    """The tabs this reader has."""
    return [tab for tab in TABS if who.reach and any(who.can(right) for right in tab.rights)]


@login_required
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """Opens where something waits for this person, else at her first tab."""
    who = viewer(request)
    tabs = open_to(who)
    if not tabs:
        raise NotFound("page")
    return redirect(next((tab.url for tab in tabs if tab.count(who)), tabs[0].url))


def entered(request: HttpRequest, code: str) -> Viewer:
    """Who is there; `NotFound` for whom this tab does not exist."""
    who = viewer(request)
    if code not in {tab.code for tab in open_to(who)}:
        raise NotFound("page")
    return who


def tell(request: HttpRequest, text: str) -> None:
    """Say this in the corner of the next page."""
    request.session[_TOLD] = [*request.session.get(_TOLD, []), str(text)]


def show(
    request: HttpRequest, template: str, code: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page under its tab."""
    who = viewer(request)
    tabs = [
        {"url": tab.url, "name": tab.name, "count": tab.count(who), "current": tab.code == code} for tab in open_to(who)
    ]
    frame = {"place": "teamwork", "tabs": tabs, "tab": code, "toasts": request.session.pop(_TOLD, [])}
    return render(request, template, {**frame, **context}, status=status)


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
