"""The published table of Changzhou comes out of two imported workbooks: by the command, the API, the page, in Excel."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

import cast as casting
from bihuan.cases.filters import parse
from bihuan.channels.file import actions as file
from bihuan.channels.file.run import run
from bihuan.cli import _parser
from bihuan.identity import roles
from bihuan.insight.asking import OPERATOR
from bihuan.insight.plain import plain
from bihuan.insight.queries import Row, figures

pytestmark = pytest.mark.django_db
SUPPORT, HALL = "投诉支撑系统", "营业精灵"
PERIOD = {"from": "2016-04-01", "to": "2016-05-31"}
RATES = ("first_contact_rate", "passed_on_rate", "late_rate", "completion_rate")


@pytest.fixture(scope="module", autouse=True)
def orders(django_db_setup: None, django_db_blocker: Any, changzhou_books: Path) -> Iterator[casting.Cast]:
    """Both workbooks imported as history, once for this module, and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = casting.build()
        for path in sorted(changzhou_books.iterdir()):
            job = file.open_file(path, file.Wishes(mapping="changzhou", mode="history"))
            assert run(job.id, workers=0).failed == 0
        yield people
        transaction.set_rollback(True)


def percents(row: Row, digits: int = 0) -> list[float]:
    return [round(100 * float(row.cells[code].value or 0), digits) for code in RATES]


@pytest.mark.parametrize("as_of", ["", "2016-06-01", "month_end"])
def test_the_table_by_month_and_system(as_of: str) -> None:
    table = figures(OPERATOR, ["volume", *RATES], ["month", "source_system"], parse({**PERIOD, "as_of": as_of}))
    volumes = {row.labels: row.cells["volume"].value for row in table.rows}
    assert volumes == {
        ("2016-04", SUPPORT): 4975,
        ("2016-04", HALL): 476,
        ("2016-05", SUPPORT): 5078,
        ("2016-05", HALL): 463,
    }
    april, may = table.subtotals[("2016-04",)], table.subtotals[("2016-05",)]
    assert (april.cells["volume"].value, percents(april)) == (5451, [89, 11, 0, 100])
    assert (may.cells["volume"].value, percents(may)) == (5541, [85, 13, 2, 100])
    assert table.totals.cells["volume"].value == 10992


def test_shares_within_the_month_by_dispute() -> None:
    table = figures(OPERATOR, ["share"], ["month", "dispute"], parse(PERIOD))
    shares = {row.labels: round(100 * float(row.cells["share"].value or 0), 1) for row in table.rows}
    named = ("业务办理", "服务", "外线装维", "话费")
    assert [shares[("2016-04", name)] for name in named] == [33.0, 10.0, 15.6, 41.4]
    assert [shares[("2016-05", name)] for name in named] == [35.0, 17.8, 20.7, 26.5]
    assert len(shares) == 8


def test_before_the_month_was_over_not_everything_was_completed() -> None:
    mid = figures(OPERATOR, ["volume", "completion_rate"], ["month"], parse({**PERIOD, "as_of": "2016-04-16"}))
    assert [row.labels for row in mid.rows] == [("2016-04",)]
    assert 0 < float(mid.totals.cells["volume"].value or 0) < 5451
    assert 0.9 < float(mid.totals.cells["completion_rate"].value or 0) < 1


def test_the_command_prints_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    parser, operations = _parser()
    arguments = parser.parse_args(
        ["figures", "--measure", "volume,first_contact_rate,passed_on_rate,late_rate,completion_rate",
         "--by", "month,source_system", "--from", "2016-04-01", "--to", "2016-05-31", "--json"]
    )  # fmt: skip
    assert operations["figures"].run(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    expected = plain(figures(OPERATOR, ["volume", *RATES], ["month", "source_system"], parse(PERIOD)))
    assert told["rows"][0] | {"cases": None} == expected["rows"][0] | {"cases": None}
    assert [row["volume"] for row in told["rows"]] == [4975, 476, 5078, 463]
    assert [row["volume"] for row in told["subtotals"]] == [5451, 5541]
    assert told["totals"]["completion_rate"] == 1


def test_the_command_prints_a_readable_table(capsys: pytest.CaptureFixture[str]) -> None:
    parser, operations = _parser()
    arguments = parser.parse_args(["figures", "--by", "month", "--from", "2016-04-01", "--to", "2016-05-31"])
    assert operations["figures"].run(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["月份", "受理量", "一次性处理率", "转派率", "超时率", "办结率"]
    assert lines[1].split() == ["2016-04", "5,451", "89.0%", "11.0%", "0.0%", "100.0%"]
    assert lines[2].split() == ["2016-05", "5,541", "85.0%", "13.0%", "2.0%", "100.0%"]


def test_the_api_says_the_same(client: Client, orders: casting.Cast) -> None:
    token = orders.token("he", roles.READ, roles.FIGURES)
    asked = {"measure": ",".join(["volume", *RATES]), "by": "month", **PERIOD}
    answer = client.get("/api/v1/figures", asked, headers={"Authorization": f"Bearer {token}"})
    rows = [[row["month"], row["volume"], *(round(row[code] * 100) for code in RATES)] for row in answer.json()["rows"]]
    assert rows == [["2016-04", 5451, 89, 11, 0, 100], ["2016-05", 5541, 85, 13, 2, 100]]


def test_the_page_and_its_workbook_say_the_same(client: Client, orders: casting.Cast) -> None:
    client.force_login(orders.he)
    asked = {"by": "month,source_system", **PERIOD}
    text = client.get("/reports/figures/", asked).content.decode()
    for number in ("4,975", "476", "5,451", "5,078", "463", "5,541", "10,992"):
        assert f">{number}</a>" in text
    answer = client.get("/reports/figures/workbook/", {"by": "month", **PERIOD})
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = book.get_sheet_by_index(0).to_python()[1:3]
    assert [[row[0], row[1], *(round(100 * float(cell)) for cell in row[2:6])] for row in rows] == [
        ["2016-04", 5451, 89, 11, 0, 100],
        ["2016-05", 5541, 85, 13, 2, 100],
    ]
