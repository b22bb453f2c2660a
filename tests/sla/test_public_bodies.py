"""A public body's own clock: its province's days, no pause, and no end before the body has its answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.sla.clocks import State
from sla.sla_cast import Life, book, local

BODIES = ("miit", "12300", "12345", "12315")


def received(body: str = "miit", province: int = 320000, at: str = "2026-03-02T09:00") -> Life:
    life = Life(book(), channel="regulator", province=province).hear("registered", at)
    return life.hear("appeal_received", at, appeal_body=body, appeal_status="in_hand")


@pytest.mark.parametrize(
    ("body", "province", "code", "due"),
    [
        ("miit", 320000, "appeal.miit", "2026-03-12T09:00"),
        ("miit", 410000, "appeal.miit.410000", "2026-03-09T18:00"),
        ("miit", 500000, "appeal.miit.500000", "2026-03-23T18:00"),
        ("12300", 410000, "appeal.12300", "2026-03-12T09:00"),
        ("12345", 320000, "appeal.12345", "2026-03-09T18:00"),
        ("12315", 320000, "appeal.12315", "2026-03-16T18:00"),
    ],
)
def test_each_body_has_its_own_days(body: str, province: int, code: str, due: str) -> None:
    life = received(body, province)
    state = life.clock(code).state
    assert state.due_at == local(due)
    mine = [c for c in life.clocks if life.book.policy(c.policy_id).family == f"appeal.{body}"]
    assert len(mine) == 1


@pytest.mark.parametrize("kind", ["waiting", "replied", "closed", "withdrawn", "merged"])
def test_nothing_done_with_the_case_keeps_the_promise_to_the_body(kind: str) -> None:
    life = received().hear(kind, "2026-03-03T09:00", pauses=True)
    assert life.clock("appeal.miit").state.state == State.RUNNING
    assert ("appeal.miit", "breached", "03-12 09:00") in life.watch("2026-03-12T10:00")


def test_the_answer_to_the_body_ends_it_and_its_return_begins_a_new_one() -> None:
    life = received().hear("appeal_answered", "2026-03-05T09:00", appeal_status="in_hand")
    assert life.clock("appeal.miit").state.state == State.MET
    life.hear("appeal_resumed", "2026-03-20T09:00", appeal_status="in_hand")
    clock = life.clock("appeal.miit")
    assert (clock.round, clock.state.state, clock.state.due_at) == (2, State.RUNNING, local("2026-03-30T09:00"))


def test_mediation_has_thirty_days_beside_the_bodys_own() -> None:
    life = received().hear("appeal_step", "2026-03-04T09:00", appeal_status="mediation")
    assert life.clock("appeal.miit").state.state == State.RUNNING
    assert life.clock("appeal.mediation").state.due_at == local("2026-04-03T09:00")
    life.hear("appeal_ended", "2026-03-24T09:00", appeal_status="closed_by_mediation")
    assert life.clock("appeal.mediation").state.state == State.MET


def test_a_complaint_no_body_sent_has_no_such_clock() -> None:
    life = Life(book(), channel="regulator").hear("registered", "2026-03-02T09:00")
    life.hear("classified", "2026-03-02T09:30")
    assert not any(life.book.policy(clock.policy_id).code.startswith("appeal.") for clock in life.clocks)


@given(st.sampled_from(BODIES), st.lists(st.sampled_from(["waiting", "resumed", "chased", "replied"]), max_size=6))
def test_pauses_never_move_a_bodys_due_moment(body: str, steps: list[str]) -> None:
    life = received(body)
    before = {c.id: c.state.due_at for c in life.clocks if life.book.policy(c.policy_id).family == f"appeal.{body}"}
    for hour, kind in enumerate(steps, 10):
        life.hear(kind, f"2026-03-02T{hour}:00", pauses=True)
    after = {c.id: c.state.due_at for c in life.clocks if c.id in before}
    assert after == before
