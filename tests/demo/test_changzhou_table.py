"""The two workbooks of Changzhou give the published table when counted by a stranger, from moments alone."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import bihuan
from bihuan.catalog import shipped
from bihuan.demo import changzhou

MAPPING = Path(bihuan.__file__).parent / "channels" / "file" / "mappings" / "changzhou.json"


@dataclass(frozen=True)
class Row:
    """One order as read back from its file, by the mapping's field names."""

    fields: dict[str, Any]

    def moment(self, field: str) -> datetime | None:
        value = self.fields[field]
        if isinstance(value, str):
            return datetime.fromisoformat(value) if value else None
        return value  # type: ignore[no-any-return]

    @property
    def month(self) -> str:
        registered = self.moment("registered_at")
        assert registered is not None
        return f"{registered:%Y-%m}"

    @property
    def outcome(self) -> str:
        """First contact: never dispatched; late: ended after its limit; otherwise passed on."""
        closed, due = self.moment("closed_at"), self.moment("due_at")
        if closed is None or due is None:
            return "open"
        if closed > due:
            return "late"
        return "passed_on" if self.moment("dispatched_at") else "first_contact"


@pytest.fixture(scope="module")
def rows(changzhou_books: Path) -> list[Row]:
    layouts = json.loads(MAPPING.read_text(encoding="utf-8"))["layouts"]
    found = []
    for path in sorted(changzhou_books.iterdir()):
        head, *body = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        (layout,) = [one for one in layouts if set(one["recognise"]) <= set(head)]
        for cells in body:
            by_heading = dict(zip(head, cells, strict=True))
            fields = {
                field: by_heading[column] if isinstance(column, str) else ">".join(by_heading[one] for one in column)
                for field, column in layout["columns"].items()
            }
            found.append(Row({**layout["constants"], **fields}))
    return found


def share(part: int, whole: int, digits: int = 0) -> float:
    return round(100 * part / whole, digits)


def test_orders_by_month_and_system(rows: list[Row]) -> None:
    counted = Counter((row.month, row.fields["source_system"]) for row in rows)
    assert counted == {
        ("2016-04", "投诉支撑系统"): 4975,
        ("2016-04", "营业精灵"): 476,
        ("2016-05", "投诉支撑系统"): 5078,
        ("2016-05", "营业精灵"): 463,
    }


@pytest.mark.parametrize(("month", "first", "passed", "late"), [("2016-04", 89, 11, 0), ("2016-05", 85, 13, 2)])
def test_outcomes_follow_from_the_moments(rows: list[Row], month: str, first: int, passed: int, late: int) -> None:
    counted = Counter(row.outcome for row in rows if row.month == month)
    whole = counted.total()
    shares = {name: share(counted[name], whole) for name in ("first_contact", "passed_on", "late", "open")}
    assert shares == {"first_contact": first, "passed_on": passed, "late": late, "open": 0}
    assert counted["open"] == 0


@pytest.mark.parametrize(
    ("month", "expected"), [("2016-04", (33.0, 10.0, 15.6, 41.4)), ("2016-05", (35.0, 17.8, 20.7, 26.5))]
)
def test_shares_by_dispute(rows: list[Row], month: str, expected: tuple[float, ...]) -> None:
    counted = Counter(row.fields["dispute"] for row in rows if row.month == month)
    whole = counted.total()
    assert tuple(share(counted[name], whole, 1) for name in ("业务办理", "服务", "外线装维", "话费")) == expected
    assert sum(counted[name] for name in ("业务办理", "服务", "外线装维", "话费")) == whole


@pytest.mark.parametrize(("month", "as_of"), [("2016-04", datetime(2016, 5, 1)), ("2016-05", datetime(2016, 6, 1))])
def test_everything_was_finished_when_the_table_was_drawn(rows: list[Row], month: str, as_of: datetime) -> None:
    ends = [row.moment("closed_at") for row in rows if row.month == month]
    assert all(end is not None and end < as_of for end in ends)


def test_every_order_walks_forward_in_time(rows: list[Row]) -> None:
    steps = ("registered_at", "dispatched_at", "received_at", "replied_at", "revisited_at", "closed_at")
    for row in rows:
        moments = [moment for moment in map(row.moment, steps) if moment is not None]
        assert moments == sorted(moments)
        assert (row.moment("dispatched_at") is None) == (not row.fields["holder_unit"])


def test_late_ones_were_replied_late_too(rows: list[Row]) -> None:
    for row in rows:
        replied, due = row.moment("replied_at"), row.moment("due_at")
        assert replied is not None and due is not None
        assert (replied > due) == (row.outcome == "late")


def test_numbers_are_unique_within_their_system(rows: list[Row]) -> None:
    keys = {(row.fields["source_system"], row.fields["source_number"]) for row in rows}
    assert len(keys) == len(rows)


def test_no_column_tells_the_outcome(changzhou_books: Path) -> None:
    for path in changzhou_books.iterdir():
        head = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(nrows=1)[0]
        assert not [name for name in head if name.startswith("是否") or "超时" in name or "一次" in name]


def test_the_layouts_differ_in_headings_and_kind_of_dates(changzhou_books: Path) -> None:
    support, hall = (
        CalamineWorkbook.from_path(changzhou_books / f"{name}.xlsx").get_sheet_by_index(0).to_python(nrows=2)
        for name in ("投诉支撑系统", "营业精灵")
    )
    assert not set(support[0]) & set(hall[0])
    assert isinstance(support[1][support[0].index("受理时间")], str)
    assert isinstance(hall[1][hall[0].index("登记日期")], datetime)


def test_categories_disputes_and_products_are_those_of_the_shipped_trees(rows: list[Row]) -> None:
    leaves = {">".join(shipped.path_names("phenomenon", leaf.code)) for leaf in shipped.leaves("phenomenon")}
    products = {leaf.name for leaf in shipped.leaves("product")}
    assert {row.fields["category"] for row in rows} <= leaves
    assert {row.fields["product"] for row in rows if "product" in row.fields} <= products
    assert {row.fields["dispute"] for row in rows} <= {node.name for node in shipped.nodes("dispute")}


def test_the_mapping_translates_every_word_of_the_files(changzhou_books: Path, rows: list[Row]) -> None:
    layouts = {
        layout["constants"]["source_system"]: layout
        for layout in json.loads(MAPPING.read_text(encoding="utf-8"))["layouts"]
    }
    for row in rows:
        values = layouts[row.fields["source_system"]]["values"]
        assert all(row.fields[field] in words for field, words in values.items())


def test_texts_are_filled_and_varied(rows: list[Row]) -> None:
    texts = [row.fields["content"] + row.fields["demand"] + row.fields["reply"] for row in rows]
    assert not [text for text in texts if "{" in text or not text.strip()]
    assert len({row.fields["content"] for row in rows}) > len(rows) * 0.5


@pytest.mark.long
def test_the_same_files_come_out_every_time(changzhou_books: Path, tmp_path: Path) -> None:
    for path in changzhou.write(tmp_path):
        assert path.read_bytes() == (changzhou_books / path.name).read_bytes()


def test_closed_times_lie_within_reach_of_their_limits(rows: list[Row]) -> None:
    for row in rows:
        closed, due = row.moment("closed_at"), row.moment("due_at")
        assert closed is not None and due is not None
        assert closed - due < timedelta(days=7)
