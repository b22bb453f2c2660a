"""Small files of orders as different systems export them, and the shortest way to take one in."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from bihuan.cases.models import Case
from bihuan.channels.file import actions
from bihuan.channels.file.actions import Wishes
from bihuan.channels.file.models import ImportJob
from bihuan.channels.file.run import run

Rows = Sequence[Sequence[Any]]
HEADINGS = [
    "工单号", "受理时间", "派单时间", "回复时间", "结单时间", "要求完成时间", "客户姓名", "联系电话", "区县", "投诉内容",
    "投诉分类", "争议类型", "责任部门", "回复内容", "满意度",
]  # fmt: skip


def order(number: Any, **changes: Any) -> list[Any]:
    """A finished order in the columns of `HEADINGS`; `changes` by heading."""
    told: dict[str, Any] = {
        "工单号": number,
        "受理时间": "2016-04-01 09:12:33",
        "派单时间": "",
        "回复时间": "2016-04-01 09:30:00",
        "结单时间": "2016-04-01 10:00:00",
        "要求完成时间": "2016-04-03 09:12:33",
        "客户姓名": "王小明",
        "联系电话": "13912345678",
        "区县": "武进区",
        "投诉内容": "话费多扣了二十元，请核实。",
        "投诉分类": "N0101",
        "争议类型": "话费",
        "责任部门": "",
        "回复内容": "已退还，回电13800001111可查。",
        "满意度": "满意",
    }
    return [{**told, **changes}[heading] for heading in HEADINGS]


def write_csv(path: Path, rows: Rows, headings: Sequence[str] = HEADINGS, encoding: str = "utf-8", **form: Any) -> Path:
    """A CSV file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, **form)
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: Rows, headings: Sequence[str] = HEADINGS) -> Path:
    """A workbook; moments become true dates."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet("工单")
        for at, cells in enumerate([headings, *rows]):
            for place, cell in enumerate(cells):
                sheet.write(at, place, cell)
    return path


def take_in(path: Path, *, workers: int | None = 0, **wishes: Any) -> ImportJob:
    """Import a file and answer the finished job."""
    job = actions.resumable(actions.open_file(path, Wishes(**wishes)))
    return run(job.pk, workers=workers)


def cases() -> list[Case]:
    """All cases by source number."""
    return list(Case.objects.order_by("source_number"))
