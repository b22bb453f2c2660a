"""Subscriber counts, the denominators of complaints per 10,000: a grid for one month, and all of it as Excel."""

import io
from datetime import date
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from python_calamine import CalamineError, CalamineWorkbook

from bihuan.catalog import editing
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.models import Area, Node, Subscribers
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import SettingChange
from bihuan.web.setup import history
from bihuan.web.setup.door import page, show, tell

TABLE = "catalog_subscribers"
MOST_BYTES, MOST_ROWS = 8 * 1024 * 1024, 200_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, by: Viewer) -> HttpResponse:
    """One month: areas down, products across; every cell can be changed."""
    month, parent = _month(request), _parent(request)
    products = _products()
    if request.method == "POST":
        changed = editing.set_subscribers(_cells(request, parent, products, month), by.staff_id)
        tell(request, _("已保存 %d 处改动。") % changed)
        return redirect(f"{request.path}?month={month:%Y-%m}&parent={parent.pk}")
    areas = _areas(parent)
    held = {
        (row.area_id, row.product_id): row.count
        for row in Subscribers.objects.filter(month=month, area_id__in=[area.pk for area in areas])
    }
    lines = [
        {"area": area, "cells": [(f"c-{area.pk}-{p.pk if p else 0}", held.get((area.pk, p.pk if p else None), ""), p)
                                 for p in products]}
        for area in areas
    ]  # fmt: skip
    months = Subscribers.objects.order_by("-month").values_list("month", flat=True).distinct()[:36]
    context = {
        "lines": lines,
        "products": products,
        "month": month,
        "months": months,
        "parent": parent,
        "parents": _parents(),
        "entries": _recent(month),
        "may_edit": True,
    }
    return show(request, "setup/subscribers.html", context)


def restore(row_id: int, after: dict[str, Any], by: Viewer) -> None:
    """Back to an earlier count."""
    month = date.fromisoformat(str(after["month"]))
    editing.set_subscribers([(int(after["area_id"]), after.get("product_id"), month, int(after["count"]))], by.staff_id)


def _recent(month: date) -> list[history.Entry]:
    rows = SettingChange.objects.filter(table=TABLE, after__month=month.isoformat()).exclude(actor_id=None)
    return [entry for entry in history.tell(rows.order_by("-id")[:10]) if entry.lines]


def _cells(
    request: HttpRequest, parent: Area, products: list[Node | None], month: date
) -> list[tuple[int, int | None, date, int | None]]:
    found: list[tuple[int, int | None, date, int | None]] = []
    for area in _areas(parent):
        for product in products:
            key = f"c-{area.pk}-{product.pk if product else 0}"
            if key in request.POST:
                found.append((area.pk, product.pk if product else None, month, _count(request.POST[key])))
    return found


def _count(told: Any) -> int | None:
    text = str(told).replace(",", "").replace("，", "").strip()
    if not text:
        return None
    text = text.removesuffix(".0")
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise RuleError("subscribers.count", _("“%s”不是用户数，请填整数。") % text[:20], field="count")
    return int(text)


@page(roles.SETUP)
@require_safe
def download(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All counts, or those of a month, in the columns an upload takes."""
    rows = Subscribers.objects.select_related("area", "product").order_by("-month", "area_id", "product_id")
    if request.GET.get("month"):
        rows = rows.filter(month=_month(request))
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("用户数"))
    sheet.write_row(0, 0, HEADS, book.add_format({"bold": True}))
    for number, row in enumerate(rows[:MOST_ROWS], 1):
        product = (row.product.code, row.product.name) if row.product else ("", "全部")
        sheet.write_row(number, 0, [str(row.area_id), row.area.name, *product, f"{row.month:%Y-%m}", row.count])
    sheet.set_column(0, 5, 16)
    sheet.freeze_panes(1, 0)
    book.close()
    answer = HttpResponse(buffer.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="subscribers-{clock.now():%Y%m%d}.xlsx"'
    return answer


HEADS = ("地区代码", "地区", "产品代码", "产品", "月份", "用户数")
"""Columns of the file; the named ones in between are for people, an upload reads the codes."""


@page(roles.SETUP)
@require_POST
def upload(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Take counts from a workbook; either all of its rows or, when one is wrong, none."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise RuleError("subscribers.file", _("请选择要上传的 Excel 文件。"), field="file")
    changed = editing.set_subscribers(_read(file), by.staff_id)
    tell(request, _("已保存 %d 处改动。") % changed)
    return redirect("setup:subscribers")


def _read(file: UploadedFile) -> list[tuple[int, int | None, date, int | None]]:
    if (file.size or 0) > MOST_BYTES:
        raise RuleError("subscribers.big", _("文件最大 8 MB。"), field="file", status=413)
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python(nrows=MOST_ROWS)
    except (CalamineError, ValueError, IndexError, OSError):
        raise RuleError("subscribers.unreadable", _("读不了这个文件，请上传 xlsx 格式的表格。"), field="file") from None
    heads = [str(cell).strip() for cell in rows[0]] if rows else []
    missing = [name for name in ("地区代码", "产品代码", "月份", "用户数") if name not in heads]
    if missing:
        raise RuleError("subscribers.columns", _("缺少列：%s。可先下载一份作样子。") % "、".join(missing), field="file")
    places = {name: heads.index(name) for name in heads}
    return [_row(number, row, places) for number, row in enumerate(rows[1:], 2) if any(str(c).strip() for c in row)]


def _row(number: int, row: list[Any], places: dict[str, int]) -> tuple[int, int | None, date, int | None]:
    book = catalog.current()
    area = book.area(_text(row[places["地区代码"]]))
    code = _text(row[places["产品代码"]])
    product = book.node("product", code) if code else None
    month = _read_month(row[places["月份"]])
    if area is None or month is None or (code and product is None):
        what = _("地区") if area is None else _("月份") if month is None else _("产品")
        raise RuleError(
            "subscribers.row", _("第 %(row)d 行的%(what)s无法识别。") % {"row": number, "what": what}, field="file"
        )
    return area.id, product.id if product else None, month, _count(row[places["用户数"]])


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell).strip()


def _read_month(cell: Any) -> date | None:
    if isinstance(cell, date):
        return date(cell.year, cell.month, 1)
    parts = str(cell).strip().replace("/", "-").replace("年", "-").replace("月", "").split("-")
    try:
        return date(int(parts[0]), int(parts[1]), 1)
    except (ValueError, IndexError):
        return None


def _month(request: HttpRequest) -> date:
    told = _read_month(request.POST.get("month") or request.GET.get("month", ""))
    today = clock.now().date()
    return told if told is not None and 1990 < told.year < 2200 else today.replace(day=1)


def _parents() -> list[Area]:
    """Cities whose districts have a unit or a count, else all cities of the first province in use."""
    used = set(Subscribers.objects.values_list("area_id", flat=True).distinct())
    cities = Area.objects.filter(level=Area.Level.CITY, active=True)
    return list(cities.filter(children__in=used).distinct()) or list(cities[:20])


def _parent(request: HttpRequest) -> Area:
    told = request.POST.get("parent") or request.GET.get("parent", "")
    found = Area.objects.filter(pk=int(told), level__lte=3).first() if told.isdigit() and len(told) < 15 else None
    return found or _parents()[0]


def _areas(parent: Area) -> list[Area]:
    return [parent, *Area.objects.filter(parent=parent, active=True).order_by("id")]


def _products() -> list[Node | None]:
    """All products together, then the top of the tree."""
    return [None, *Node.objects.filter(tree=Node.Tree.PRODUCT, level=1, active=True).order_by("position", "code")]
