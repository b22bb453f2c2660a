"""Help asked of several units at once: each has its own term, reads the case, answers or sends back; the rest is refused."""

from datetime import timedelta

import pytest

from bihuan.assistance import actions, queries
from bihuan.assistance.models import Task
from bihuan.cases import access
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.sla import deadlines
from bihuan.sla.models import Deadline
from cast import Cast


@pytest.fixture
def case(cast: Cast) -> Case:
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
    dispatch.receive(case, cast.doer("ma"), "self")
    return case


def test_several_units_are_asked_at_once_and_answer_each_for_itself(cast: Cast, case: Case) -> None:
    now = clock.now()
    units = [cast.units["mk_cz"].id, cast.units["wj"].id]
    asked = actions.ask(case, cast.doer("ma"), units, "请核对 13912345678 近三月账单", now + timedelta(hours=8))
    assert [task.unit_id for task in asked] == units
    assert "13912345678" not in asked[0].question
    assert set(deadlines.open_of("assistance", [task.pk for task in asked])) == {task.pk for task in asked}
    assert access.access_case(cast.viewer("mk"), case.number).id == case.id
    with pytest.raises(Forbidden):
        access.access_case(cast.viewer("mk"), case.number, "case.handle")

    _case, mine = queries.access_task(cast.viewer("mk"), asked[0].pk, asked=True, lock=True)
    actions.receive(case, mine, cast.doer("mk"))
    actions.answer(case, mine, cast.doer("mk"), "账单无误，已附明细。")
    actions.give_back(case, asked[1], cast.doer("wu"), "不属本局范围")
    told = {task.unit_id: task.status for task in Task.objects.filter(case_id=case.id)}
    assert told == {units[0]: "answered", units[1]: "returned"}
    assert not deadlines.open_of("assistance", [task.pk for task in asked])
    kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))
    wanted = ["assistance_asked", "assistance_received", "assistance_answered", "assistance_returned"]
    assert kinds[-4:] == wanted
    with pytest.raises(Conflict):
        actions.answer(case, Task.objects.get(pk=asked[0].pk), cast.doer("mk"), "再答一次")
    kept = {one.unit_id: one for one in queries.kept(cast.viewer("ma"), now - timedelta(days=1), clock.now())}
    assert (kept[units[0]].share, kept[units[1]].share) == (1.0, None)


def test_a_late_task_is_told_on_the_case_and_counts_as_late(cast: Cast, case: Case) -> None:
    with clock.at(clock.now() - timedelta(hours=9)):
        task = actions.ask(case, cast.doer("ma"), [cast.units["mk_cz"].id], "请核对账单", "4h")[0]
    deadlines.sweep(clock.now())
    assert CaseEvent.objects.filter(case_id=case.id, kind="deadline_breached").exists()
    assert queries.mine(cast.viewer("mk")).first() == task
    kept = queries.kept(cast.viewer("mk"), clock.now() - timedelta(days=1), clock.now())[0]
    assert (kept.open, kept.late, kept.share) == (1, 1, 0.0)


def test_strangers_neither_see_nor_answer(cast: Cast, case: Case) -> None:
    task = actions.ask(case, cast.doer("ma"), [cast.units["mk_cz"].id], "请核对账单", "4h")[0]
    with pytest.raises(NotFound):
        queries.access_task(cast.viewer("ma_wx"), task.pk, asked=True)
    with pytest.raises(Forbidden):
        queries.access_task(cast.viewer("ma"), task.pk, asked=True)
    with pytest.raises(Forbidden):
        queries.access_task(cast.viewer("mk"), task.pk, asked=False)


def test_what_cannot_be_asked_is_refused(cast: Cast, case: Case) -> None:
    doer, market = cast.doer("ma"), cast.units["mk_cz"].id
    for units, question, term, field in (
        ([], "请核对账单", "4h", "units"), ([cast.units["mt_cz"].id], "请核对账单", "4h", "units"),
        ([market], " ", "4h", "question"), ([market], "请核对账单", clock.now() - timedelta(hours=1), "due"),
        ([market], "请核对账单", "100d", "due"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as refused:
            actions.ask(case, doer, units, question, term)
        assert refused.value.field == field
    actions.ask(case, doer, [market], "请核对账单", "4h")
    with pytest.raises(Conflict):
        actions.ask(case, doer, [market], "再请核对", "4h")


def test_a_case_that_ends_calls_everything_off(cast: Cast, case: Case) -> None:
    actions.ask(case, cast.doer("ma"), [cast.units["mk_cz"].id], "请核对账单", "4h")
    flow.withdraw(case, cast.doer("an"), "call", "客户来电撤回")
    assert Task.objects.get(case_id=case.id).status == "recalled"
    assert not Deadline.objects.filter(case_id=case.id, kind="assistance", ended_at=None).exists()
