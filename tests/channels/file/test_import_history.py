"""Finished orders: their life is rebuilt from their own moments, nothing is sent, no clock starts."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bihuan.cases import verify
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.kernel.models import Message
from bihuan.sla.models import Clock
from cast import Cast
from channels.file.orders import HEADINGS, cases, order, take_in, write_csv, write_xlsx

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def test_the_events_stand_at_the_moments_of_the_file(cast: Cast, tmp_path: Path):
    moments = {"派单时间": "2016/4/1 9:15", "回复时间": "2016年4月1日 10时30分", "责任部门": "常州维护装维部"}
    take_in(write_csv(tmp_path / "a.csv", [order("A1", **moments, 结单时间="20160401113000")]))
    (case,) = cases()
    events = CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", "at")
    assert list(events) == [
        ("registered", at(2016, 4, 1, 9, 12, 33)),
        ("accepted", at(2016, 4, 1, 9, 12, 33)),
        ("dispatched", at(2016, 4, 1, 9, 15)),
        ("replied", at(2016, 4, 1, 10, 30)),
        ("closed", at(2016, 4, 1, 11, 30)),
    ]
    assert (case.mode, case.status, case.satisfaction) == ("history", "closed", 3)
    assert case.limit_at == at(2016, 4, 3, 9, 12, 33)
    assert case.holder_unit_id == cast.units["mt_cz"].id


def test_no_clock_runs_and_nothing_is_sent(cast: Cast, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [order("A1")]))
    assert not Clock.objects.exists()
    assert not Message.objects.exists()
    assert cases()[0].next_due_at is None


def test_personal_data_lies_in_the_vault_and_nowhere_else(cast: Cast, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [order("A1", 投诉内容="请打13912345678找王小明")]))
    (case,) = cases()
    assert "13912345678" not in case.content
    (reply,) = CaseEvent.objects.filter(kind="replied").values_list("payload", flat=True)
    assert "13800001111" not in str(reply)
    assert customers.masks_of([case.party_id])[case.party_id]["phone"] == "139****5678"
    assert customers.parties_with_number("13912345678") == [case.party_id]


def test_the_chains_hold(cast: Cast, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [order(f"A{n}") for n in range(5)]))
    assert list(verify.verify()) == []


def test_an_order_without_telephone_is_history_all_the_same(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 联系电话="")]))
    assert (job.created, job.failed) == (1, 0)


def test_several_numbers_in_one_cell_lose_none(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 联系电话="13912345678/0519-88881234")]))
    assert job.failed == 0
    assert len(customers.parties_with_number("0519-88881234")) == 1


def test_unknown_units_and_areas_are_kept_aside_with_a_warning(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 责任部门="第三方外包队", 区县="经开区西片")]))
    (case,) = cases()
    assert case.extra == {"责任部门": "第三方外包队", "区县": "经开区西片"}
    assert job.warnings == {"责任部门: 第三方外包队": 1, "区县: 经开区西片": 1}
    assert case.area_id is None


def test_strictly_an_unknown_area_refuses_the_row(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 区县="经开区西片")]), strict=True)
    assert (job.created, job.failed) == (0, 1)


def test_an_unfinished_order_is_no_history(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 结单时间="")]))
    (failure,) = job.failures.all()
    assert (failure.row, failure.column, failure.code) == (2, "结单时间", "closed_at.missing")


def test_moments_out_of_order_refuse_the_row(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1", 结单时间="2016-03-31 10:00:00"), order("A2")]))
    assert (job.created, job.failed) == (1, 1)
    assert job.failures.get().column == "结单时间"


def test_of_days_without_hours_the_possible_order_is_assumed(cast: Cast, tmp_path: Path):
    days = {"回复时间": "2016-04-01", "结单时间": "2016/4/1", "要求完成时间": "2016-04-01"}
    take_in(write_csv(tmp_path / "a.csv", [order("A1", **days)]))
    (case,) = cases()
    assert case.ended_at == at(2016, 4, 1, 9, 12, 33)
    assert case.limit_at == at(2016, 4, 1, 23, 59, 59), "due by the end of that day"


def test_true_dates_of_a_workbook_are_local_time(cast: Cast, tmp_path: Path):
    row = order(20160401, 受理时间=datetime(2016, 4, 1, 9, 12, 33), 回复时间="", 结单时间=datetime(2016, 4, 2, 8, 0, 0))
    take_in(write_xlsx(tmp_path / "a.xlsx", [row]))
    (case,) = cases()
    assert case.source_number == "20160401"
    assert (case.registered_at, case.ended_at) == (at(2016, 4, 1, 9, 12, 33), at(2016, 4, 2, 8))


def test_an_order_is_no_repeat_of_what_came_years_later(cast: Cast, tmp_path: Path):
    cast.case(complained_number="13912345678")
    take_in(write_csv(tmp_path / "a.csv", [order("A1")]))
    assert Case.objects.get(source_number="A1").repeat_of_id is None


def test_headings_may_stand_below_a_title(cast: Cast, tmp_path: Path):
    path = write_csv(tmp_path / "a.csv", [HEADINGS, order("A1")], headings=["常州市投诉工单明细表"])
    assert take_in(path).created == 1
