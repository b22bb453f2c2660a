"""A file as rows: what it is, its first rows, all its rows in chunks. The reading itself happens in `unpack`'s process."""

import hashlib
import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.channels.file import headings, zipped
from bihuan.channels.file.unpack import CHUNK, kind_of
from bihuan.channels.file.values import Cell, text
from bihuan.kernel.errors import RuleError

SAMPLE = 40
_HEAD_WITHIN = 15
_rows = msgspec.msgpack.Decoder(list[tuple[int, int, list[Cell]]]).decode
_any = msgspec.msgpack.Decoder().decode

Row = tuple[int, int, list[Cell]]
"""Row number as a spreadsheet counts, ordinal among equal rows without a number, cells."""


@dataclass(frozen=True)
class Sample:
    """What a file looks like: `headings` stand in row `head_row`; `rows` are the first rows after it."""

    format: str
    sheet: str
    sheets: list[str]
    total: int
    head_row: int
    headings: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Chunk:
    """Rows still packed (`rows_in`); `number` counts chunks from 0."""

    number: int
    packed: bytes


def digest(path: Path) -> str:
    """SHA-256 of the file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe(path: Path) -> None:
    """Refuse what must not be read: no file, an empty one, a zip that is a bomb or broken."""
    if not path.is_file():
        raise RuleError("file.missing", _("没有这个文件：%(path)s") % {"path": str(path)}, field="file")
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise RuleError("file.empty", _("文件是空的，请选择有内容的文件。"), field="file")
    if kind_of(head) == "zip":
        zipped.look_through(path)


def sample(path: Path, sheet: str = "", head_row: int = 0) -> Sample:
    """The first rows. The row of headings is the one we know most words of, unless `head_row` names it."""
    with _unpacking({"path": str(path), "sheet": sheet, "most": SAMPLE + _HEAD_WITHIN}) as frames:
        about = _any(next(frames))
        rows: list[Row] = []
        for frame in frames:
            if isinstance(_any(frame), list):
                rows += _rows(frame)
    head_row = head_row or _head_row(rows)
    named = next((row for row in rows if row[0] == head_row), None)
    if named is None:
        raise RuleError("file.empty", _("文件里没有数据行，请检查表头和内容。"), field="file")
    titles = _titles(named[2])
    below = [row for row in rows if row[0] > head_row][:SAMPLE]
    if not below:
        raise RuleError("file.empty", _("文件里没有数据行，请检查表头和内容。"), field="file")
    total = max(about["total"] - head_row, 1)
    return Sample(about["format"], about["sheet"], about["sheets"], total, head_row, titles, below)


@contextmanager
def chunks(path: Path, sheet: str, head_row: int, number_at: int = -1) -> Iterator[Iterator[Chunk]]:
    """All rows below `head_row`, packed, `CHUNK` at a time; the reader is ended with the block."""
    request = {"path": str(path), "sheet": sheet, "skip": head_row, "number_at": number_at}
    with _unpacking(request) as frames:
        next(frames)

        def listed() -> Iterator[Chunk]:
            for number, frame in enumerate(frames):
                if frame[:1] < b"\x90":  # no list: what stands at the end
                    return
                yield Chunk(number, frame)

        yield listed()


def rows_in(packed: bytes) -> list[Row]:
    """The rows of a chunk."""
    return _rows(packed)


def _head_row(rows: list[Row]) -> int:
    best = (0, 0, 0)
    for place, _ordinal, cells in rows[:_HEAD_WITHIN]:
        told = [text(cell) for cell in cells if isinstance(cell, str) and text(cell)]
        best = max(best, (headings.known(told), len(set(told)), -place))
    return -best[2] if best[1] else rows[0][0] if rows else 1


def _titles(cells: list[Cell]) -> list[str]:
    """Headings, each different: the second 备注 becomes 备注2, one without words 第7列."""
    titles: list[str] = []
    for place, cell in enumerate(cells, 1):
        title = " ".join(text(cell).split())[:60] or _("第%(number)d列") % {"number": place}
        base, count = title, 1
        while title in titles:
            count += 1
            title = f"{base}{count}"
        titles.append(title)
    return titles


@contextmanager
def _unpacking(request: dict[str, Any]) -> Iterator[Iterator[bytes]]:
    command = [sys.executable, "-m", "bihuan.channels.file.unpack"]
    environment = {"PYTHONPATH": str(settings.PACKAGE.parent), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
        yield _frames(process.stdout)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _frames(stream: BinaryIO | Any) -> Iterator[bytes]:
    """Frames up to the last one; a reader that ended before it was too much for its memory, or broke on the file."""
    while True:
        head = stream.read(4)
        if len(head) < 4:
            raise _refusal("memory", "")
        body = stream.read(struct.unpack(">I", head)[0])
        if body[:1] < b"\x90":
            told = _any(body)
            if "error" in told:
                raise _refusal(told["error"], told.get("detail", ""))
            yield body
            if "rows" in told:
                return
        else:
            yield body


def _refusal(code: str, detail: str) -> RuleError:
    words = {
        "encoding": _("读不出文件的文字编码：请另存为 UTF-8 的 CSV 或 .xlsx 再上传。"),
        "binary": _("这不是表格文件。请上传 .xlsx、.xls 或 CSV。"),
        "csv": _("CSV 有错（%(detail)s）：常见的原因是引号没有配对。请修正后再上传。"),
        "workbook": _("这个工作簿已损坏或不是 Excel 文件（%(detail)s）。请在 Excel 中打开后另存为 .xlsx 再上传。"),
        "password": _("这个工作簿有密码。请去掉密码后再上传。"),
        "sheet": _("没有名为“%(detail)s”的工作表。"),
        "empty": _("文件是空的，请选择有内容的文件。"),
        "columns": _("有 %(detail)s 列，最多 500 列。请删去用不到的列再上传。"),
        "memory": _("这个文件太大或结构异常，未能读完。请另存为 CSV 再上传。"),
    }  # fmt: skip
    return RuleError(f"file.{code}", words[code] % {"detail": detail}, field="file")


__all__ = ["CHUNK", "Chunk", "Row", "Sample", "chunks", "digest", "rows_in", "safe", "sample"]
