"""Broken and hostile files are refused in words; nothing is stored of them."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from bihuan.channels.file import actions, failures, sheets, zipped
from bihuan.channels.file.actions import Wishes
from bihuan.channels.file.models import ImportJob
from bihuan.kernel.errors import RuleError
from cast import Cast
from channels.file.orders import HEADINGS, cases, order, take_in, write_csv, write_xlsx


def refused(path: Path) -> str:
    with pytest.raises(RuleError) as error:
        actions.open_file(path, Wishes())
    assert not ImportJob.objects.exists()
    assert error.value.message
    return error.value.code


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_an_empty_file(db: None, tmp_path: Path):
    assert refused(put(tmp_path / "a.csv", b"")) == "file.empty"


def test_headings_without_rows(db: None, tmp_path: Path):
    assert refused(write_csv(tmp_path / "a.csv", [])) == "file.empty"
    assert refused(write_xlsx(tmp_path / "a.xlsx", [])) == "file.empty"


def test_a_picture_named_csv(db: None, tmp_path: Path):
    assert refused(put(tmp_path / "a.csv", b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 500)) in {
        "file.binary",
        "file.encoding",
    }


def test_text_named_xlsx(db: None, tmp_path: Path):
    assert refused(put(tmp_path / "a.xlsx", b"hello, world")) == "file.workbook"


def test_a_truncated_workbook(db: None, tmp_path: Path):
    whole = write_xlsx(tmp_path / "a.xlsx", [order("A1")]).read_bytes()
    assert refused(put(tmp_path / "b.xlsx", whole[: len(whole) // 2])) == "file.broken"


def test_a_zip_that_is_no_workbook(db: None, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(tmp_path / "a.xlsx") == "file.workbook"


def test_a_workbook_with_garbage_inside(db: None, tmp_path: Path):
    whole = write_xlsx(tmp_path / "a.xlsx", [order("A1")])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet><<<" if "sheet1" in name else old.read(name))
    assert refused(tmp_path / "b.xlsx") == "file.workbook"


def bomb(path: Path, size: int) -> Path:
    whole = write_xlsx(path.with_name("whole.xlsx"), [order("A1")])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("xl/media/image1.xml", "w", force_zip64=True) as inside:
            for _block in range(size):
                inside.write(b"\x00" * 1024 * 1024)
    return path


def test_a_zip_bomb_is_not_unpacked(db: None, tmp_path: Path):
    path = bomb(tmp_path / "a.xlsx", 200)
    assert path.stat().st_size < 1024 * 1024
    assert refused(path) == "file.bomb"


def test_a_zip_bomb_that_lies_about_its_size(db: None, tmp_path: Path):
    path = bomb(tmp_path / "a.xlsx", 100)
    body = bytearray(path.read_bytes())
    at = body.rfind(b"PK\x01\x02")
    assert b"image1.xml" in body[at:]
    body[at + 24 : at + 28] = struct.pack("<I", 1000)  # the size in the directory
    assert refused(put(tmp_path / "b.xlsx", bytes(body))) == "file.broken"


def test_two_cells_far_apart_do_not_eat_the_memory(db: None, tmp_path: Path):
    whole = write_xlsx(tmp_path / "a.xlsx", [order("A1")])
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"</sheetData>", far.encode()) if "sheet1" in name else content)
    assert refused(tmp_path / "b.xlsx") in {"file.memory", "file.columns"}


def test_a_quote_that_never_closes(db: None, tmp_path: Path):
    content = "工单号,受理时间\n" + 'A1,"2016-04-01\n' + "x" * 300_000
    assert refused(put(tmp_path / "a.csv", content.encode())) == "file.csv"


def test_a_missing_file_and_a_missing_sheet(db: None, tmp_path: Path):
    assert refused(tmp_path / "nowhere.csv") == "file.missing"
    with pytest.raises(RuleError, match="file.sheet"):
        actions.open_file(write_xlsx(tmp_path / "a.xlsx", [order("A1")]), Wishes(sheet="别的"))


def test_an_upload_that_is_too_long(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "MOST_UPLOAD", 1000)
    with pytest.raises(RuleError, match="file.too_long") as error:
        actions.keep_upload(iter([b"x" * 600, b"x" * 600]), "a.csv")
    assert error.value.status == 413
    assert not list((tmp_path / "imports").iterdir())


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("投诉内容", "坏\x07字符", "text.control"),
        ("投诉内容", "长" * 20_001, "text.too_long"),
        ("工单号", "9" * 65, "text.too_long"),
        ("受理时间", "2999-01-01", "registered_at.future"),
        ("受理时间", "1789-07-14", "moment.too_early"),
        ("受理时间", "昨天", "moment.unread"),
        ("受理时间", "", "registered_at.missing"),
        ("要求完成时间", "尽快", "moment.unread"),
    ],
)
def test_a_bad_cell_refuses_its_row_and_no_other(cast: Cast, tmp_path: Path, column: str, cell: str, code: str):
    later = {"回复时间": "", "结单时间": cell} if code == "registered_at.future" else {}
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1"), order("A2", **{column: cell, **later}), order("A3")]))
    assert (job.created, job.failed) == (2, 1)
    failure = job.failures.get()
    assert (failure.row, failure.column, failure.code) == (3, column, code)


def test_markup_and_sql_in_texts_are_just_texts(cast: Cast, tmp_path: Path):
    text = "<script>alert(1)</script>'; DROP TABLE cases_case; -- 😀"
    take_in(write_csv(tmp_path / "a.csv", [order("A1", 投诉内容=text)]))
    assert cases()[0].content == text


def test_the_refused_rows_come_back_with_their_reasons(cast: Cast, tmp_path: Path):
    path = write_csv(tmp_path / "a.csv", [order("A1"), order("A2", 受理时间="昨天", 投诉内容='=cmd|"/c calc"!A1')])
    job = take_in(path)
    back = sheets.sample(put(tmp_path / "r.xlsx", failures.xlsx(job)))
    assert back.headings == ["行号", "出错的列", "原因", *HEADINGS]
    ((_row, _ordinal, cells),) = back.rows
    assert cells[:2] == [3, "受理时间"] and "昨天" in str(cells[2])
    text = failures.csv_bytes(job).decode("utf-8-sig")
    assert "'=cmd" in text, "no spreadsheet runs it"


def test_the_refused_rows_corrected_go_in(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 受理时间="昨天")]), source_system="旧系统")
    content = failures.csv_bytes(job).decode("utf-8-sig").replace("昨天", "2016-04-01 09:00", 2)
    again = take_in(put(tmp_path / "r.csv", content.encode()), source_system="旧系统")
    assert (again.created, again.failed) == (1, 0)


def test_cells_of_refused_rows_are_sealed_and_shredded(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 受理时间="昨天")]))
    failure = job.failures.get()
    assert "王小明".encode() not in bytes(failure.sealed or b"")
    ImportJob.objects.filter(pk=job.pk).update(made_at="2020-01-01T00:00:00Z")
    failures.tidy()
    failure.refresh_from_db()
    assert failure.sealed is None
    assert list(failures.rows(job))[1][3:] == []


def test_a_directory_with_thousands_of_entries(db: None, tmp_path: Path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(zipped.MOST_ENTRIES + 1):
            archive.writestr(f"{number}.xml", "")
    assert refused(put(tmp_path / "a.xlsx", out.getvalue())) == "file.bomb"
