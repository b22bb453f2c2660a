"""Writes the two workbooks `bihuan seed changzhou --out DIR` promises: one a source system, both months in each.

The layouts differ on purpose, as those of two real systems do: other headings, one column or three for the category,
moments as text in one and as Excel dates in the other. `channels/file/mappings/changzhou.json` reads both.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import xlsxwriter

from bihuan.catalog import shipped
from bihuan.demo.changzhou_orders import HALL, MONTHS, SUPPORT, Order, orders
from bihuan.demo.changzhou_texts import DISPUTES

Cell = str | int | datetime | None
Column = tuple[str, int, Callable[[Order], Cell]]
"""Heading, width in characters, value of an order."""

_EXPORTED = datetime(2016, 6, 1, 9, 30)  # noqa: DTZ001
"""Written into the files as their date, so that the same bytes come out every time."""


def _text(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None


def _category(order: Order, level: int) -> str:
    return shipped.path_names("phenomenon", order.category)[level]


SUPPORT_COLUMNS: tuple[Column, ...] = (
    ("工单号", 19, lambda order: order.number),
    ("受理时间", 19, lambda order: _text(order.registered)),
    ("受理渠道", 12, lambda order: order.channel),
    ("客户姓名", 10, lambda order: order.customer),
    ("联系电话", 13, lambda order: order.phone),
    ("业务号码", 13, lambda order: order.line),
    ("客户级别", 9, lambda order: order.level),
    ("区县", 9, lambda order: order.place.district),
    ("装机地址", 30, lambda order: order.address),
    ("投诉内容", 60, lambda order: order.content),
    ("客户诉求", 24, lambda order: order.demand),
    ("投诉一级分类", 12, lambda order: _category(order, 0)),
    ("投诉二级分类", 12, lambda order: _category(order, 1)),
    ("投诉三级分类", 20, lambda order: _category(order, 2)),
    ("争议类型", 10, lambda order: DISPUTES[order.dispute]),
    ("产品名称", 20, lambda order: order.product),
    ("紧急程度", 9, lambda order: order.urgency),
    ("受理工号", 9, lambda order: order.accepted_by[0]),
    ("受理人", 9, lambda order: order.accepted_by[1]),
    ("受理部门", 16, lambda order: order.taken_unit),
    ("派单时间", 19, lambda order: _text(order.dispatched)),
    ("责任部门", 16, lambda order: order.holder_unit or None),
    ("接单时间", 19, lambda order: _text(order.received)),
    ("回复时间", 19, lambda order: _text(order.replied)),
    ("回复内容", 60, lambda order: order.reply),
    ("回访时间", 19, lambda order: _text(order.revisited)),
    ("满意度", 9, lambda order: order.satisfaction),
    ("结单时间", 19, lambda order: _text(order.closed)),
    ("要求完成时间", 19, lambda order: _text(order.due)),
    ("催办次数", 9, lambda order: order.chasers),
)

HALL_COLUMNS: tuple[Column, ...] = (
    ("流水号", 14, lambda order: order.number),
    ("登记日期", 17, lambda order: order.registered),
    ("受理网点", 12, lambda order: order.taken_unit),
    ("营业员工号", 11, lambda order: order.accepted_by[0]),
    ("营业员", 9, lambda order: order.accepted_by[1]),
    ("客户名称", 10, lambda order: order.customer),
    ("接入号码", 13, lambda order: order.line),
    ("联系方式", 13, lambda order: order.phone),
    ("所属区域", 20, lambda order: "江苏省常州市" + order.place.district),
    ("详细地址", 30, lambda order: order.address),
    ("业务类别", 40, lambda order: ">".join(shipped.path_names("phenomenon", order.category))),
    ("争议归属", 10, lambda order: DISPUTES[order.dispute]),
    ("反映问题", 60, lambda order: order.content),
    ("客户要求", 24, lambda order: order.demand),
    ("转派日期", 17, lambda order: order.dispatched),
    ("转派部门", 16, lambda order: order.holder_unit or None),
    ("签收日期", 17, lambda order: order.received),
    ("答复日期", 17, lambda order: order.replied),
    ("答复情况", 60, lambda order: order.reply),
    ("回访日期", 17, lambda order: order.revisited),
    ("客户评价", 9, lambda order: {"基本满意": "一般"}.get(order.satisfaction, order.satisfaction)),
    ("归档日期", 17, lambda order: order.closed),
    ("时限要求", 17, lambda order: order.due),
)

_LAYOUTS = {SUPPORT: SUPPORT_COLUMNS, HALL: HALL_COLUMNS}


def write(out: Path) -> list[Path]:
    """Write both workbooks into `out` (made if missing) and return their paths; the same bytes on every call."""
    out.mkdir(parents=True, exist_ok=True)
    return [_workbook(out / f"{system}.xlsx", system) for system in _LAYOUTS]


def _workbook(path: Path, system: str) -> Path:
    columns = _LAYOUTS[system]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"title": f"{system}工单导出", "created": _EXPORTED})
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        moment = book.add_format({"num_format": "yyyy/m/d h:mm:ss"})
        sheet = book.add_worksheet("工单明细" if system == SUPPORT else "受理单")
        sheet.freeze_panes(1, 1)
        for at, (heading, width, _value) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, heading, head)
        found = (order for month in MONTHS if month.system == system for order in orders(month))
        for row, order in enumerate(found, start=1):
            for at, (_heading, _width, value) in enumerate(columns):
                _write(sheet, row, at, value(order), moment)
    return path


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, at: int, value: Cell, moment: xlsxwriter.format.Format
) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, at, value, moment)
    elif isinstance(value, int):
        sheet.write_number(row, at, value)
    elif value:
        sheet.write_string(row, at, value)
