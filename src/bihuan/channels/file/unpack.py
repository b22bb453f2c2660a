"""Reads one file in a process of its own, whose memory is bounded: a hostile workbook ends this process, not the program.

`python -m bihuan.channels.file.unpack`: the request comes as JSON on stdin, frames leave on stdout, each a length (4
bytes) and msgpack: first {sheet, sheets, format, total}, then lists of [row, ordinal, cells], at the end {rows} or {error}.
Imports nothing of the platform but plain constants, so that it starts at once.
"""

import codecs
import csv
import io
import json
import resource
import struct
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

MOST_MEMORY = 4 * 1024**3
"""Bytes of address space: a workbook of a million rows and thirty columns fits, a bomb does not."""
CHUNK = 2000
"""Rows in a frame, and in one transaction."""
MOST_COLUMNS = 500
_FIELD = 200_000
_DELIMITERS = (",", "\t", ";", "|", "，", "^", "\x01")
_EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_encode = msgspec.msgpack.Encoder().encode


class Unreadable(Exception):
    """What is wrong with the file: a code that `sheets` puts into words, and a detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def kind_of(head: bytes) -> str:
    """`zip` (xlsx, ods), `ole` (xls) or `text`, by how the file begins."""
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    return "ole" if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") else "text"


def encoding_of(path: Path) -> str:
    """UTF-8 or UTF-16 with its mark, UTF-8 when the whole file is, else GB18030; raises `Unreadable` when it is neither."""
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        for name in ("utf-8", "gb18030"):
            file.seek(0)
            decoder = codecs.getincrementaldecoder(name)()
            try:
                while block := file.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
                return name
            except UnicodeDecodeError:
                continue
    raise Unreadable("encoding")


def delimiter_of(sample: str) -> str:
    """The mark that parts the first lines into the most columns, evenly."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    best = (0.0, ",")
    for mark in _DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark)]
        if counts:
            usual = max(set(counts), key=counts.count)
            best = max(
                best, (counts.count(usual) / len(counts) * usual if usual > 1 else 0.0, mark), key=lambda b: b[0]
            )
    return best[1]


def csv_rows(path: Path) -> tuple[int, Iterator[list[Any]]]:
    """(estimated rows, the rows)."""
    encoding = encoding_of(path)
    with path.open("rb") as binary:
        total = sum(block.count(b"\n") for block in iter(lambda: binary.read(1 << 20), b""))
    csv.field_size_limit(_FIELD)
    return max(total // (2 if encoding == "utf-16" and total > 1 else 1), 1), _csv(path, encoding)


def _csv(path: Path, encoding: str) -> Iterator[list[Any]]:
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(200_000)
        if "\x00" in sample:
            raise Unreadable("binary")
        file.seek(0)
        try:
            yield from csv.reader(file, delimiter=delimiter_of(sample))
        except csv.Error as error:
            raise Unreadable("csv", str(error)) from None


def excel_rows(path: Path, sheet: str) -> tuple[int, Iterator[list[Any]], str, list[str]]:
    """(rows, the rows, the sheet's name, all sheets). Without a wish the sheet with the most rows is read."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        if sheet and sheet not in names:
            raise Unreadable("sheet", sheet)
        wanted = [sheet] if sheet else _shown(book, python_calamine)
        opened = max((book.get_sheet_by_name(name) for name in wanted), key=lambda one: one.total_height, default=None)
    except python_calamine.PasswordError:
        raise Unreadable("password") from None
    except python_calamine.CalamineError as error:
        raise Unreadable("workbook", str(error)[:200]) from None
    if opened is None or not opened.total_height:
        raise Unreadable("empty")
    if opened.total_width > MOST_COLUMNS:
        raise Unreadable("columns", str(opened.total_width))
    start = opened.start[0] if opened.start else 0
    blank: list[list[Any]] = [[] for _row in range(start)]
    return opened.total_height, _chained(blank, opened.iter_rows()), opened.name, names


def _shown(book: Any, library: Any) -> list[str]:
    seen = [m.name for m in book.sheets_metadata if m.visible == library.SheetVisibleEnum.Visible]
    sheets = [m.name for m in book.sheets_metadata if m.typ == library.SheetTypeEnum.WorkSheet and m.name in seen]
    return sheets or list(book.sheet_names)


def _chained(blank: list[list[Any]], rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield from blank
    for row in rows:
        yield [_plain(cell) for cell in row]


def _plain(cell: Any) -> Any:
    """What msgpack carries: moments as ISO text, whole numbers as integers."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 86400
    return cell


def rows_of(path: Path, sheet: str) -> tuple[dict[str, Any], Iterator[list[Any]]]:
    """(what the file is, its rows in order)."""
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise Unreadable("empty")
    kind = kind_of(head)
    if kind == "text":
        if path.suffix.lower() in _EXCEL:
            raise Unreadable("workbook", path.suffix)
        total, rows = csv_rows(path)
        return {"format": "csv", "sheet": "", "sheets": [], "total": total}, rows
    total, rows, name, names = excel_rows(path, sheet)
    return {"format": "xls" if kind == "ole" else "xlsx", "sheet": name, "sheets": names, "total": total}, rows


def numbered(rows: Iterator[list[Any]], skip: int, number_at: int) -> Iterator[list[Any]]:
    """[row, ordinal, cells] of the rows after `skip` that are not empty.

    `ordinal` counts rows that are equal and have no number of their own (column `number_at`, -1: none has): 1, 2, 3 …
    """
    seen: dict[int, int] = {}
    for place, cells in enumerate(rows, 1):
        if place <= skip or not any(cell not in ("", None) for cell in cells):
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable("columns", str(len(cells)))
        ordinal = 0
        if number_at < 0 or number_at >= len(cells) or cells[number_at] in ("", None):
            key = hash(tuple(cells))
            ordinal = seen[key] = seen.get(key, 0) + 1
        yield [place, ordinal, cells]


def _send(out: BinaryIO, frame: Any) -> None:
    body = _encode(frame)
    out.write(struct.pack(">I", len(body)))
    out.write(body)


def _work(request: dict[str, Any], out: BinaryIO) -> None:
    about, rows = rows_of(Path(request["path"]), request.get("sheet", ""))
    _send(out, about)
    out.flush()
    most, skip = int(request.get("most", 0)), int(request.get("skip", 0))
    held: list[list[Any]] = []
    count = 0
    for row in numbered(rows, skip, int(request.get("number_at", -1))):
        held.append(row)
        count += 1
        if len(held) == CHUNK:
            _send(out, held)
            held = []
        if most and count >= most:
            break
    if held:
        _send(out, held)
    _send(out, {"rows": count})


def main() -> None:
    """Read one request, write frames."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    request = json.loads(sys.stdin.buffer.read())
    out = io.BufferedWriter(io.FileIO(sys.stdout.fileno(), "w", closefd=False), 1 << 20)
    try:
        _work(request, out)
    except Unreadable as refused:
        _send(out, {"error": refused.code, "detail": refused.detail})
    except MemoryError:
        _send(out, {"error": "memory"})
    except (UnicodeDecodeError, UnicodeEncodeError):
        _send(out, {"error": "encoding"})
    out.flush()


if __name__ == "__main__":
    main()
