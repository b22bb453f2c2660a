"""An appeal's way to its end: what each status allows, what it leaves on the case, what it does to the limits."""

from decimal import Decimal

import pytest

from appeals.appeals_cast import fresh, receive
from bihuan.appeals import actions, letters, rules
from bihuan.appeals.models import Appeal
from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import appeals as flow
from bihuan.intake.schema import Customer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import queries as limits
from bihuan.sla import replay
from cast import Cast

WHY = "与申诉人和管局核对过"
LETTER = "经核实，套餐到期后系统自动续费且未短信提醒，已退还 3 个月费用并关闭自动续费。"


def tone(case: Case, code: str) -> str:
    return next(view.tone for view in limits.clocks_of(case.id, clock.now()) if view.policy.code == code)


def step(cast: Cast, case: Case, appeal: Appeal, noun: str, why: str = WHY) -> Appeal:
    actions.step(case, fresh(appeal), cast.doer("du"), noun, why)
    return fresh(appeal)


def answer(cast: Cast, case: Case, appeal: Appeal) -> None:
    letter = letters.write(case, fresh(appeal), cast.doer("du"), "答复", LETTER)
    flow.send(cast.viewer("du"), case, fresh(appeal), letter.version)


def test_answered_and_filed_it_ends_with_its_clock_kept(cast: Cast) -> None:
    case, appeal = receive(cast)
    answer(cast, case, appeal)
    assert tone(case, "appeal.miit") == "met"
    done = step(cast, case, appeal, "filing")
    assert done.status == "closed_filed" and done.ended_at and done.answered_at
    assert step(cast, case, done, "shutting").status == "shut"
    kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["appeal_answered", "appeal_ended", "appeal_step"]
    assert list(replay.differences([case.id], clock.now())) == []


def test_nothing_is_filed_before_the_body_was_answered(cast: Cast) -> None:
    case, appeal = receive(cast)
    with pytest.raises(Conflict) as refused:
        step(cast, case, appeal, "filing")
    assert refused.value.code == "appeal.unanswered" and fresh(appeal).status == "in_hand"


def test_mediation_has_its_own_clock_and_ends_in_a_settlement(cast: Cast) -> None:
    case, appeal = receive(cast)
    assert step(cast, case, appeal, "mediation").status == "mediation"
    assert tone(case, "appeal.mediation") == "ok" and tone(case, "appeal.miit") == "ok"
    assert step(cast, case, appeal, "settlement").status == "closed_by_mediation"
    assert tone(case, "appeal.mediation") == "met"
    assert step(cast, case, appeal, "mediation-filing").status == "mediation_filed"


def test_a_judgement_leaves_the_mediation_clock_running(cast: Cast) -> None:
    case, appeal = receive(cast)
    step(cast, case, appeal, "mediation")
    actions.judge(case, fresh(appeal), cast.doer("du"), liable=True, reasonable=True)
    assert tone(case, "appeal.mediation") == "ok"


def test_sent_back_by_the_body_it_runs_anew(cast: Cast) -> None:
    case, appeal = receive(cast)
    answer(cast, case, appeal)
    step(cast, case, appeal, "filing")
    again = step(cast, case, appeal, "return")
    assert (again.status, again.answered_at, again.ended_at) == ("in_hand", None, None)
    views = [view for view in limits.clocks_of(case.id, clock.now()) if view.policy.code == "appeal.miit"]
    assert [view.tone for view in views] == ["ok", "met"]
    with pytest.raises(Conflict):
        step(cast, case, appeal, "filing")
    assert list(replay.differences([case.id], clock.now())) == []


@pytest.mark.parametrize("noun", [noun for noun, one in rules.STEPS.items() if one.asks_why])
def test_what_needs_a_reason_is_not_done_without(cast: Cast, noun: str) -> None:
    case, appeal = receive(cast)
    Appeal.objects.filter(pk=appeal.pk).update(status=min(rules.STEPS[noun].sources))
    with pytest.raises(RuleError) as refused:
        step(cast, case, appeal, noun, "  ")
    assert refused.value.field == "why"


@pytest.mark.parametrize("status", list(rules.STATUSES))
def test_only_the_steps_of_the_table_are_possible(cast: Cast, status: str) -> None:
    case, appeal = receive(cast)
    possible = {one.noun for one in rules.allowed(status)}
    for noun in set(rules.STEPS) - possible:
        Appeal.objects.filter(pk=appeal.pk).update(status=status)
        with pytest.raises(Conflict) as refused:
            step(cast, case, appeal, noun)
        assert refused.value.code == "appeal.status"


def test_two_appeals_of_one_customer_are_folded_and_strangers_are_not(cast: Cast) -> None:
    case, appeal = receive(cast)
    _second, other = receive(cast, body="12300")
    _third, stranger = receive(cast, number="x-3", customer=Customer(name="李四", phone="13700000009"))
    doer = cast.doer("du")
    with pytest.raises(RuleError) as refused:
        actions.step(case, fresh(appeal), doer, "merging", WHY, into=stranger)
    assert refused.value.code == "appeal.strangers"
    with pytest.raises(RuleError):
        actions.step(case, fresh(appeal), doer, "merging", WHY, into=fresh(appeal))
    actions.step(case, fresh(appeal), doer, "merging", WHY, into=other)
    assert fresh(appeal).status == "merged" and fresh(appeal).merged_into_id == other.id


def test_the_judgement_names_unit_and_amount_together(cast: Cast) -> None:
    case, appeal = receive(cast)
    unit = cast.units["mk_cz"].id
    doer = cast.doer("du")
    for wrong in ({"penalty": Decimal("200")}, {"penalty_unit_id": unit}):
        with pytest.raises(RuleError):
            actions.judge(case, fresh(appeal), doer, liable=True, reasonable=True, **wrong)
    for amount in ("0", "-3", "1.234", "NaN", "1e12"):
        with pytest.raises(RuleError):
            actions.judge(
                case, fresh(appeal), doer, liable=True, reasonable=True, penalty=Decimal(amount), penalty_unit_id=unit
            )
    event = actions.judge(
        case, fresh(appeal), doer, liable=True, reasonable=False, raised=True, penalty=Decimal("200.50"),
        penalty_unit_id=unit,
    )  # fmt: skip
    assert event.payload["penalty"] == "200.50" and event.payload["unit"] == unit
    row = fresh(appeal)
    assert (row.liable, row.reasonable, row.raised, row.penalty) == (True, False, True, Decimal("200.50"))
