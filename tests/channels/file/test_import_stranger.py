"""Files nobody prepared us for: other headings, other marks, other encodings, words we do not know."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.catalog.models import Node
from bihuan.channels.file import actions, headings, preview, queries, sheets
from bihuan.channels.file.actions import Wishes
from bihuan.channels.file.layout import from_plain
from bihuan.channels.file.models import Mapping
from bihuan.channels.file.run import run
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import SettingChange
from cast import Cast
from channels.file.orders import HEADINGS, cases, order, take_in, write_csv, write_xlsx

OTHER = [
    "投诉单号", "建单时间", "转派时间", "归档时间", "截止时间", "用户姓名", "联系号码", "所在区县", "反映内容", "投诉大类", 
    "小区名称", "备注", "备注",
]  # fmt: skip
ROWS = [
    ["T001", "2019/5/6 8:01", "", "2019/5/6 9:00", "2019/5/8", "赵六", "13911112222", "天宁区", "宽带慢", "装维服务", "勤业新村",
     "x", "y"],
    ["T002", "2019/5/6 8:05", "2019/5/6 9:00", "2019/5/9 9:00", "2019/5/8", "钱七", "13911113333", "天宁区", "断网", "装维服务",
     "", "", ""],
    ["T003", "2019/5/7 8:05", "", "2019/5/7 9:00", "2019/5/8", "孙八", "13911114444", "新北区", "多扣费", "资费争议",
     "", "", ""],
]  # fmt: skip


def test_headings_are_understood_by_their_synonyms(cast: Cast, tmp_path: Path):
    job = actions.open_file(write_xlsx(tmp_path / "某局导出.xlsx", ROWS, OTHER), Wishes())
    layout = from_plain(job.layout)
    assert {
        code: layout.columns[code] for code in ("source_number", "registered_at", "dispatched_at", "closed_at")
    } == {
        "source_number": ("投诉单号",),
        "registered_at": ("建单时间",),
        "dispatched_at": ("转派时间",),
        "closed_at": ("归档时间",),
    }
    assert layout.columns["due_at"] == ("截止时间",)
    assert layout.columns["dispute"] == ("投诉大类",)
    assert layout.constants["source_system"] == "某局导出"
    assert layout.extra == {"小区名称": "小区名称", "备注": "备注", "备注2": "备注2"}


def test_totals_come_out_right(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "s.csv", ROWS, OTHER))
    assert (job.created, job.failed) == (3, 0)
    assert [case.dispatched_at is not None for case in cases()] == [False, True, False]
    assert [case.ended_at > case.limit_at for case in cases()] == [False, True, False]
    assert cases()[0].extra["小区名称"] == "勤业新村"


def test_missing_dispute_types_are_made_on_request(cast: Cast, tmp_path: Path):
    take_in(write_csv(tmp_path / "s.csv", ROWS, OTHER), create_missing=True)
    made = {node.id: node.name for node in Node.objects.filter(tree="dispute", name__in=["装维服务", "资费争议"])}
    assert [made[case.dispute_id] for case in cases()] == ["装维服务", "装维服务", "资费争议"]
    assert SettingChange.objects.filter(table="catalog_node", row_id__in=made).exists(), (
        "kept in the history of settings"
    )


def test_a_dry_run_makes_nothing(cast: Cast, tmp_path: Path):
    before = Node.objects.count()
    job = take_in(write_csv(tmp_path / "s.csv", [*ROWS, ["T004", "gestern"]], OTHER), create_missing=True, dry_run=True)
    assert (job.created, job.failed) == (3, 1)
    assert cases() == [] and Node.objects.count() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str):
    path = write_csv(tmp_path / "s.csv", ROWS, OTHER, encoding, delimiter=delimiter)
    look = sheets.sample(path)
    assert look.headings[:3] == OTHER[:3] and look.headings[-1] == "备注2"
    assert look.rows[1][2][8] == "断网"


def test_line_breaks_and_delimiters_within_quotes_stay(cast: Cast, tmp_path: Path):
    rows = [["T001", "2019-05-06 08:01", "", "2019-05-06 09:00", "", "", "", "", "一，二,三\n四;五", "", "", "", ""]]
    take_in(write_csv(tmp_path / "s.csv", rows, OTHER))
    assert cases()[0].content == "一，二,三\n四;五"


def test_levels_side_by_side_are_one_path(cast: Cast, tmp_path: Path):
    found = headings.guess(["流水号", "受理日期", "投诉一级分类", "投诉二级分类", "投诉三级分类"])
    assert found["category"] == ("投诉一级分类", "投诉二级分类", "投诉三级分类")


def test_created_and_accepted_are_told_apart():
    found = headings.guess(["工单号", "创建时间", "受理时间"])
    assert (found["registered_at"], found["accepted_at"]) == (("创建时间",), ("受理时间",))
    assert headings.guess(["工单号", "受理时间"])["registered_at"] == ("受理时间",)


def test_a_regulators_list_is_read_by_itself(cast: Cast, tmp_path: Path):
    titles = ["Ticket #", "Customer Complaint", "Date", "Time", "Received Via", "Resolved"]
    days = ("22-04-15", "04-08-15", "26-05-15", "31-12-14")
    rows = [[f"A{n}", "slow", day, "3:53:50 PM", "Internet", "01-Sep-15"] for n, day in enumerate(days)]
    job = take_in(write_csv(tmp_path / "records.csv", rows, titles))
    assert job.layout["day_order"] == "dmy" and job.layout["columns"]["registered_at"] == ["Date", "Time"]
    assert (job.created, job.failed) == (4, 0)
    again = actions.open_file(tmp_path / "records.csv", Wishes())
    assert actions.relay(again, again.layout["columns"], "records").layout["day_order"] == "dmy", "kept unless told"
    assert actions.relay(again, again.layout["columns"], "records", "mdy").layout["day_order"] == "mdy"
    first = min(cases(), key=lambda case: case.source_number)
    assert first.registered_at.isoformat() == "2015-04-22T07:53:50+00:00" and first.channel == "web"
    assert first.ended_at == first.replied_at, "a system that keeps no closing ends with the answer"


def test_letters_to_the_authorities_are_read_by_themselves(cast: Cast, tmp_path: Path):
    titles = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
    rows = [["2549", "A1", "断网", "2019/4/25 9:32:09", "断网三天", "已修复", "2019/5/10 14:56:53"]]
    job = take_in(write_csv(tmp_path / "replies.csv", rows, titles))
    assert (job.created, job.failed) == (1, 0) and sum(job.warnings.values()) == 1
    (case,) = cases()
    assert (case.content, case.source_number) == ("断网三天", "2549")


def test_a_file_without_a_registration_time_is_refused_in_words(cast: Cast, tmp_path: Path):
    job = actions.open_file(write_csv(tmp_path / "s.csv", [["a", "b"]], ["颜色", "数量"]), Wishes())
    assert "registered_at" not in job.layout["columns"]
    with pytest.raises(RuleError, match="mapping.registered_at"):
        run(job.pk, workers=0)


def test_a_corrected_mapping_is_saved_and_used_by_itself_the_next_time(cast: Cast, tmp_path: Path):
    strange = ["编码", "起", "止", "事由"]
    rows = [["K1", "2019-05-06 08:01", "2019-05-06 09:00", "断网"]]
    job = actions.open_file(write_csv(tmp_path / "s.csv", rows, strange), Wishes())
    columns = {"source_number": ["编码"], "registered_at": ["起"], "closed_at": ["止"], "content": ["事由"]}
    job = actions.relay(job, columns, "老系统")
    actions.save_mapping("老系统", from_plain(job.layout), job.headings, by_id=cast.gu.id)
    assert run(job.pk, workers=0).created == 1
    rows[0][0] = "K2"
    again = take_in(write_csv(tmp_path / "t.csv", rows, strange))
    assert (again.mapping_name, again.created, again.failed) == ("老系统", 1, 0)
    assert {case.source_system for case in cases()} == {"老系统"}


def test_saving_again_adds_a_version(cast: Cast, tmp_path: Path):
    layout = queries.guessed(OTHER)
    actions.save_mapping("甲", layout, OTHER, by_id=None)
    actions.save_mapping("甲", layout, OTHER, by_id=None)
    assert list(Mapping.objects.values_list("version", "latest")) == [(2, True), (1, False)]


def test_words_can_be_given_a_meaning(cast: Cast, tmp_path: Path):
    job = actions.open_file(write_csv(tmp_path / "s.csv", ROWS, OTHER), Wishes())
    actions.set_words(job, {"dispute": {"装维服务": "外线装维"}})
    assert [bool(row.aside) for row in preview.preview(job)] == [False, False, True]


def test_the_preview_shows_rows_as_they_would_be_understood(cast: Cast, tmp_path: Path):
    path = write_csv(tmp_path / "s.csv", [*ROWS, ["T004", "gestern"]], OTHER)
    first, *_more, last = preview.preview(actions.open_file(path, Wishes()))
    told = dict(first.told)
    assert told["联系电话"] == "139****2222" and told["客户姓名"] == "赵*"
    assert told["区域"] == "天宁区" and told["登记时间"] == "2019-05-06 08:01:00"
    assert (last.column, last.number) == ("建单时间", 5)
    assert cases() == []


def test_a_shipped_mapping_names_what_is_missing(cast: Cast, tmp_path: Path):
    with pytest.raises(RuleError, match="mapping.no_layout"):
        actions.open_file(write_csv(tmp_path / "s.csv", ROWS, OTHER), Wishes(mapping="changzhou"))
    with pytest.raises(RuleError, match="mapping.unknown"):
        actions.open_file(write_csv(tmp_path / "s.csv", ROWS, OTHER), Wishes(mapping="atlantis"))


@given(st.lists(st.text(max_size=12), max_size=12))
def test_no_headings_at_all_break_the_guess(titles: list[str]):
    used = [heading for named in headings.guess(titles).values() for heading in named]
    assert set(used) <= set(titles)


def test_a_row_keeps_what_has_no_place(cast: Cast, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [[*order("A1"), "三级网格"]], [*HEADINGS, "网格"]))
    assert cases()[0].extra == {"网格": "三级网格"}
