"""Deeds on many cases: a result a row, the jobs process goes on where it stood, undone where nothing happened since."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.queues import page
from bihuan.cases.verify import verify
from bihuan.dispatch import actions as dispatch
from bihuan.dispatch.models import Assignment, Bulk, BulkRow, Dispatch, UnitWork
from bihuan.flow import actions as flow
from bihuan.flow import bulk, ending
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.kernel.history import edited_by
from bihuan.sla.clocks import ALIVE
from bihuan.sla.models import Clock, Deadline
from bihuan.sla.replay import differences, stories
from cast import Cast

_KEPT = (
    "status", "holder_unit_id", "handler_id", "priority", "dispatched_at", "dispatch_count", "next_due_at",
    "next_due_policy", "limit_at", "paused",
)  # fmt: skip


def _cases(cast: Cast, many: int, unit: str = "mt_cz") -> list[Case]:
    found = [cast.case() for _n in range(many)]
    for case in found:
        flow.accept(case, cast.doer("di"), category="N0101")
        dispatch.dispatch(case, cast.doer("di"), cast.units[unit].pk)
    return found


def _now(found: list[Case]) -> list[tuple[str, int | None, int | None]]:
    rows = {case.pk: case for case in Case.objects.filter(pk__in=[one.pk for one in found])}
    return [(rows[one.pk].status, rows[one.pk].holder_unit_id, rows[one.pk].handler_id) for one in found]


def test_a_reorganised_units_cases_move_over_and_back(cast: Cast) -> None:
    found, old, new = _cases(cast, 4), cast.units["mt_cz"].pk, cast.units["team_cz"].pk
    dispatch.receive(found[0], cast.doer("ma"), "self")
    viewer = cast.viewer("di")
    numbers = bulk.numbers_of_unit(viewer, old)
    assert numbers == [case.number for case in found]
    made = bulk.start(viewer, "transfers", [*numbers, "TS000000-00000000"], {"unit": new})
    assert (made.total, made.done, made.good) == (5, 5, 4)
    assert [bool(row.ok) for row in BulkRow.objects.filter(bulk_id=made.pk).order_by("place")] == [True] * 4 + [False]
    assert _now(found) == [("received", new, None), *[("dispatched", new, None)] * 3]
    assert {case.id for case in page(cast.viewer("te"), "unreceived").cases} == {case.id for case in found[1:]}
    case = Case.objects.get(pk=found[3].pk)
    dispatch.receive(case, cast.doer("te"), "self")
    undone = bulk.undo(viewer, made.pk)
    assert (undone.total, undone.good) == (4, 3)
    assert _now(found) == [
        ("received", old, cast.ma.pk), ("dispatched", old, None), ("dispatched", old, None), ("received", new, cast.te.pk)
    ]  # fmt: skip
    assert "之后已有别的办理" in BulkRow.objects.get(bulk_id=undone.pk, ok=False).text
    with pytest.raises(Conflict):
        bulk.undo(viewer, made.pk)
    with pytest.raises(NotFound):
        bulk.undo(cast.viewer("li"), made.pk)


def test_moving_many_takes_no_more_statements_than_moving_few(cast: Cast) -> None:
    few, many = _cases(cast, 2), _cases(cast, 9)
    counts = []
    for found in (few, few, many):
        target = cast.units["mk_cz" if counts[:1] == [] else "team_cz"].pk
        with CaptureQueriesContext(connection) as asked:
            bulk.start(cast.viewer("di"), "transfers", [case.number for case in found], {"unit": target})
        counts.append(len(asked))
    assert counts[2] <= counts[1] + 1, counts


def test_receipts_dispatches_and_assignments_are_done_and_undone_row_by_row(cast: Cast) -> None:
    found = _cases(cast, 3)
    lead, numbers = cast.viewer("li"), [case.number for case in found]
    given = bulk.start(lead, "assignments", numbers, {"staff": cast.ma.pk})
    assert given.good == 3
    assert {handler for _status, _unit, handler in _now(found)} == {cast.ma.pk}
    assert bulk.start(lead, "assignments", numbers, {"staff": cast.mk.pk}).good == 0
    taken = bulk.start(cast.viewer("ma"), "receipts", numbers)
    assert taken.good == 3
    assert bulk.undo(cast.viewer("ma"), taken.pk).good == 3
    assert _now(found) == [("dispatched", cast.units["mt_cz"].pk, cast.ma.pk)] * 3
    assert bulk.undo(lead, given.pk).good == 0  # received and released since
    fresh = [cast.case() for _n in range(2)]
    sent = bulk.start(cast.viewer("di"), "dispatches", [one.number for one in fresh], {"unit": cast.units["mk_cz"].pk})
    assert sent.good == 2
    assert _now(fresh) == [("dispatched", cast.units["mk_cz"].pk, None)] * 2
    assert bulk.undo(cast.viewer("di"), sent.pk).good == 2
    assert _now(fresh) == [("accepted", cast.units["sc_cz"].pk, None)] * 2
    with pytest.raises(Forbidden):
        bulk.start(cast.viewer("ma"), "assignments", numbers, {"staff": cast.ma.pk})
    with pytest.raises(RuleError):
        bulk.start(lead, "transfers", numbers, {"unit": 0})


def test_large_deeds_are_left_to_the_jobs_process_chunk_by_chunk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    found = _cases(cast, 5)
    made = bulk.start(cast.viewer("ma"), "receipts", [case.number for case in found])
    assert (made.done, made.finished_at) == (0, None)
    assert bulk.run() == 2
    assert Bulk.objects.get(pk=made.pk).done == 2
    while bulk.run():
        pass
    made.refresh_from_db()
    assert (made.done, made.good) == (5, 5)
    assert made.finished_at is not None
    assert CaseEvent.objects.filter(case_id__in=[one.id for one in found], kind="received").count() == 5


def test_an_undone_receipt_leaves_exactly_what_stood_before(cast: Cast) -> None:
    with edited_by(None):
        UnitWork.objects.create(unit_id=cast.units["mt_cz"].pk, pickup_term="30m")
    mine, others, free = _cases(cast, 3)
    lead, numbers = cast.viewer("li"), [case.number for case in (mine, others, free)]
    bulk.start(lead, "assignments", numbers[:1], {"staff": cast.ma.pk})
    bulk.start(lead, "assignments", numbers[1:2], {"staff": cast.li.pk})

    def stands() -> list[object]:
        people = Assignment.objects.filter(ended_at=None, case_id__in=ids).order_by("case_id")
        terms = Deadline.objects.filter(kind="pickup", ended_at=None, subject_id__in=ids).order_by("subject_id")
        return [
            list(Case.objects.filter(pk__in=ids).order_by("pk").values_list("status", "handler_id", "received_at")),
            list(people.values_list("case_id", "staff_id", "how", "received_at")),
            list(terms.values_list("subject_id", "due_at", "unit_id", "staff_id")),
            list(Dispatch.objects.filter(case_id__in=ids).order_by("id").values_list("received_at", "received_by_id")),
        ]

    ids = [case.pk for case in (mine, others, free)]
    before = stands()
    taken = bulk.start(cast.viewer("ma"), "receipts", numbers)
    assert taken.good == 3 and stands() != before
    assert bulk.undo(cast.viewer("ma"), taken.pk).good == 3
    assert stands() == before
    told = CaseEvent.objects.filter(case_id__in=ids, kind="released").order_by("case_id")
    assert [event.payload.get("to") for event in told] == [cast.ma.pk, cast.li.pk, None]


def test_an_undone_dispatch_leaves_the_case_accepted_where_it_was(cast: Cast) -> None:
    di, other = cast.doer("di"), cast.units["mk_cz"].pk
    accepted, back = cast.case(), cast.case()
    for case in (accepted, back):
        flow.accept(case, di, category="N0101")
    dispatch.dispatch(back, di, cast.units["mt_cz"].pk)
    dispatch.give_back(back, cast.doer("ma"), "wrong_unit", "属于资费")
    before = _now([accepted])
    made = bulk.start(cast.viewer("di"), "dispatches", [accepted.number, back.number], {"unit": other})
    assert {unit for _status, unit, _handler in _now([accepted, back])} == {other}
    undone = bulk.undo(cast.viewer("di"), made.pk)
    assert undone.good == 2 and _now([accepted]) == before
    assert _now([back])[0][0] == "returned"
    kinds = list(CaseEvent.objects.filter(case_id=accepted.id).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["recalled", "dispatch_undone"]
    ids = [accepted.id, back.id]
    assert Dispatch.objects.filter(case_id__in=ids, ended_at=None).count() == 0
    assert not Deadline.objects.filter(kind="pickup", ended_at=None, subject_id__in=ids).exists()
    assert list(verify()) == [] and list(differences(ids, clock.now())) == []
    assert bulk.start(cast.viewer("di"), "dispatches", [accepted.number], {"unit": other}).good == 1


def test_an_undone_dispatch_leaves_returned_recalled_and_reopened_cases_as_they_were(cast: Cast) -> None:
    di, ma, mine, other = cast.doer("di"), cast.doer("ma"), cast.units["mt_cz"].pk, cast.units["mk_cz"].pk
    found = [cast.case() for _n in range(4)]
    for case in found:
        flow.accept(case, di, category="N0101")
    ids, numbers = [case.id for case in found], [case.number for case in found]
    for case in found[:3]:
        dispatch.dispatch(case, di, mine)
    dispatch.give_back(found[0], ma, "wrong_unit", "属于资费")
    dispatch.recall(found[1], di, "派错了")
    dispatch.receive(found[2], ma)
    flow.answer(found[2], ma, "call", "已经修好")
    ending.reopen(found[2], cast.doer("re"), "recurred", "仍然没有信号")

    def stands() -> list[object]:
        left = Clock.objects.filter(case_id__in=ids, state__in=ALIVE).order_by("case_id", "policy_id", "round")
        return [
            list(Case.objects.filter(pk__in=ids).order_by("pk").values_list(*_KEPT)),
            list(left.values_list("case_id", "policy_id", "round", "due_at", "next_at", "allowance")),
        ]

    before = stands()
    made = bulk.start(cast.viewer("di"), "dispatches", numbers, {"unit": other})
    assert made.good == 4 and stands() != before
    assert bulk.undo(cast.viewer("di"), made.pk).good == 4
    assert stands() == before
    assert [status for status, _unit, _handler in _now(found)] == ["returned", "recalled", "reopened", "accepted"]
    assert list(verify()) == [] and list(differences(ids, clock.now())) == []
    assert "it goes on since an undone dispatch" in " ".join(one.text for one in stories(ids[0], "en", clock.now()))
    assert bulk.start(cast.viewer("di"), "dispatches", numbers, {"unit": other}).good == 4
    assert list(differences(ids, clock.now())) == []
