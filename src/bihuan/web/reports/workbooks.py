"""The table as an Excel workbook: real numbers and percentages, a link to each line's cases, definitions, conditions."""

import tempfile
from datetime import timedelta
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.cases import filters, lexicon
from bihuan.cases.days import local_day
from bihuan.cases.filters import key_of_moment
from bihuan.identity import audit
from bihuan.identity.viewer import Viewer
from bihuan.insight.measures import Measure
from bihuan.insight.periods import AGAINST
from bihuan.insight.plain import rounded, url_behind
from bihuan.insight.queries import Row, Table
from bihuan.kernel import clock

_FORMATS = {
    "cases": "#,##0",
    "ratio": "0.0%",
    "hours": "#,##0.0",
    "per_10k": "0.00",
    "per_million": "0.00",
    "score": "0.00",
    "yuan": "#,##0.00",
}


def compared_words(table: Table) -> list[tuple[str, str]]:
    """What stands beside the figures: (环比, 2016-03-01 – 2016-04-30)."""
    told = []
    for code, stretch in table.compared.items():
        if stretch.start is not None and stretch.end is not None:
            whole_days = timezone.localtime(stretch.end).strftime("%H%M%S") == "000000"
            last = timezone.localtime(stretch.end - timedelta(days=1) if whole_days else stretch.end)
            ends = f"{last:%Y-%m-%d}" if whole_days else f"{last:%Y-%m-%d %H:%M}"
            told.append((str(AGAINST[code]), f"{local_day(stretch.start)} – {ends}"))
    return told


def write(table: Table, reader: str, site: str) -> IO[bytes]:
    """The workbook as an open temporary file at its beginning; `site` is the address in front of links."""
    target = tempfile.TemporaryFile(prefix="bihuan-figures-")  # noqa: SIM115 - closed by the answer
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    _Sheet(book, table, site).fill()
    _definitions(book, table)
    _conditions(book, table, reader)
    book.close()
    target.seek(0)
    return target


def answer(request: HttpRequest, table: Table, who: Viewer, name: str, query: str) -> FileResponse:
    """The table as an Excel file to be saved, written into the audit log."""
    book = write(table, who.name, request.build_absolute_uri("/")[:-1])
    audit.record(
        "export", actor_id=who.staff_id, actor_name=who.name, subject="figures",
        address=request.META.get("REMOTE_ADDR", ""), detail={"query": query, "rows": len(table.rows)},
    )  # fmt: skip
    return FileResponse(book, as_attachment=True, filename=f"{name}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.xlsx")


class _Sheet:
    """The sheet with the figures."""

    def __init__(self, book: Any, table: Table, site: str) -> None:
        self.table, self.site = table, site
        self.sheet = book.add_worksheet(_("统计"))
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8EFFB", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.formats = {
            (unit, bold): book.add_format({"num_format": pattern, "bold": bold})
            for unit, pattern in _FORMATS.items()
            for bold in (False, True)
        }
        self.words = {bold: book.add_format({"bold": bold}) for bold in (False, True)}
        self.link = book.add_format({"font_color": "#1F52B5", "underline": 1})
        self.width = max(1, len(table.by))

    def fill(self) -> None:
        """Heads, rows with their subtotals, totals, links."""
        names = [str(dimension.facet.name) for dimension in self.table.by] or [_("范围")]
        for column, name in enumerate(names):
            self.sheet.write_string(0, column, name, self.head)
        column = self.width
        for measure in self.table.measures:
            for title in self._titles(measure):
                self.sheet.write_string(0, column, title, self.head)
                column += 1
        self.sheet.write_string(0, column, _("工单"), self.head)
        at = 1
        for kind, row in self._rows():
            self._line(at, row, bold=kind != "row")
            at += 1
        self.sheet.freeze_panes(1, self.width)
        self.sheet.set_column(0, self.width - 1, 18)
        self.sheet.set_column(self.width, column, 13)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)

    def _titles(self, measure: Measure) -> list[str]:
        name = str(measure.name)
        return [name, *(f"{name}（{AGAINST[code]}）" for code in self.table.compared)]

    def _rows(self) -> list[tuple[str, Row]]:
        subtotals = [("subtotal", row) for row in self.table.subtotals.values()]
        return [*(("row", row) for row in self.table.rows), *subtotals, ("total", self.table.totals)]

    def _line(self, at: int, row: Row, *, bold: bool) -> None:
        missing = self.width - len(row.labels)
        labels = [*row.labels, *([_("小计") if row.labels else _("合计")] if missing else []), *[""] * (missing - 1)]
        for column, label in enumerate(labels):
            self.sheet.write_string(at, column, label, self.words[bold])
        column = self.width
        for measure in self.table.measures:
            for cells in (row.cells, *row.compared.values()):
                value = rounded(measure, cells[measure.code])
                if value is not None:
                    self.sheet.write_number(at, column, value, self.formats[measure.unit, bold])
                column += 1
        first = self.table.measures[0]
        url = self.site + url_behind(self.table, first, row)
        if len(url) <= 2000:  # Excel refuses longer addresses
            self.sheet.write_url(at, column, url, self.link, _("打开"))


def _definitions(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(_("口径"))
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, title in enumerate((_("指标"), _("代码"), _("口径"))):
        sheet.write_string(0, column, title, bold)
    for at, measure in enumerate(table.measures, 1):
        sheet.write_string(at, 0, str(measure.name), wrapped)
        sheet.write_string(at, 1, measure.code, wrapped)
        sheet.write_string(at, 2, str(measure.definition), wrapped)
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 90)


def _conditions(book: Any, table: Table, reader: str) -> None:
    sheet = book.add_worksheet(_("条件"))
    as_of = key_of_moment(table.stretch.as_of)
    told = [pair for pair in table.filter.words() if pair[0] != filters.name_of("as_of")]
    told.append((filters.name_of("as_of"), filters.label_of("as_of", as_of, lexicon.current())))
    told += compared_words(table)
    told.append((_("范围"), _("只含制表人有权查看的工单")))
    told.append((_("制表人"), reader))
    told.append((_("制表时间"), f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"))
    for at, (name, words) in enumerate(told):
        sheet.write_string(at, 0, name)
        sheet.write_string(at, 1, words)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 60)
