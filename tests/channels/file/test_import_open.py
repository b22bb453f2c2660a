"""Open orders: their clocks go on from what has already elapsed; nothing is sent about the past."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.cases.models import CaseEvent
from bihuan.kernel import clock
from bihuan.kernel.models import Message
from bihuan.sla import actions as limits
from bihuan.sla import past, queries
from bihuan.sla.models import Clock
from cast import Cast
from channels.file.orders import cases, order, take_in, write_csv

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def open_order(number: str, hours: float, **changes: object) -> list[object]:
    taken = NOW - timedelta(hours=hours)
    empty = {"回复时间": "", "结单时间": "", "要求完成时间": "", "回复内容": "", "满意度": ""}
    return order(number, **{"受理时间": f"{taken:%Y-%m-%d %H:%M:%S}", **empty, **changes})


@pytest.fixture
def now(cast: Cast):
    with clock.at(NOW):
        yield NOW


def test_clocks_count_from_the_registration_of_the_file(now: datetime, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [open_order("A1", 30)]), mode="open")
    (case,) = cases()
    assert (case.mode, case.status) == ("live", "accepted")
    resolve = [c for c in Clock.objects.filter(case_id=case.id) if c.started_at == NOW - timedelta(hours=30)]
    assert resolve, "running since then, not since the import"
    assert case.next_due_at is not None
    assert case.limit_at is not None and case.limit_at < NOW + timedelta(hours=72)


def test_clocks_are_those_the_events_tell(now: datetime, tmp_path: Path):
    passed_on = {"派单时间": f"{NOW - timedelta(hours=20):%Y-%m-%d %H:%M}", "责任部门": "常州维护装维部"}
    take_in(write_csv(tmp_path / "a.csv", [open_order("A1", 30), open_order("A2", 21, **passed_on)]), mode="open")
    book = queries.book()
    for case in cases():
        told = book.replayed(past.happened([case.id])[case.id])
        stored = sorted(Clock.objects.filter(case_id=case.id).values_list("policy_id", "state", "started_at", "due_at"))
        assert sorted((c.policy.id, c.state.state, c.state.started_at, c.state.due_at) for c in told) == stored
        standing = limits.standings([case.id])[case.id]
        assert (case.next_due_at, case.next_due_policy) == (standing.due_at, standing.policy)


def test_a_dispatched_order_lies_with_its_unit(cast: Cast, now: datetime, tmp_path: Path):
    passed_on = {"派单时间": f"{NOW - timedelta(hours=2):%Y-%m-%d %H:%M}", "责任部门": "常州维护装维部"}
    take_in(write_csv(tmp_path / "a.csv", [open_order("A1", 3, **passed_on)]), mode="open")
    (case,) = cases()
    assert (case.status, case.holder_unit_id) == ("dispatched", cast.units["mt_cz"].id)


def test_nothing_is_sent_about_an_order_taken_elsewhere(now: datetime, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [open_order("A1", 30)]), mode="open")
    assert not Message.objects.exists()


def test_an_open_order_needs_somewhere_to_answer(now: datetime, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [open_order("A1", 1, 联系电话="")]), mode="open")
    assert (job.created, job.failures.get().column) == (0, "联系电话")


def test_a_finished_one_among_them_is_history(now: datetime, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [order("A1"), open_order("A2", 1)]), mode="open")
    assert [case.mode for case in cases()] == ["history", "live"]
    assert not Clock.objects.filter(case_id=cases()[0].id).exists()


def test_the_same_line_again_is_a_repeat(now: datetime, tmp_path: Path):
    take_in(write_csv(tmp_path / "a.csv", [open_order("A1", 50)]), mode="open")
    take_in(write_csv(tmp_path / "b.csv", [open_order("A2", 2)]), mode="open", source_system="a")
    first, second = cases()
    assert second.repeat_of_id == first.id
    assert CaseEvent.objects.filter(case_id=second.id).count() == 2
