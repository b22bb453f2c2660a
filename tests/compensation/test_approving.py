"""Within her limit at once, beyond it rung by rung; nobody decides on her own; deputies; the budget is never overspent."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from bihuan.cases.models import Case, CaseEvent
from bihuan.compensation import actions, budgets, queries
from bihuan.compensation.models import Approval, Budget, Proposal
from bihuan.flow import actions as flow
from bihuan.flow import compensation
from bihuan.identity.models import Absence
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.sla import deadlines
from cast import Cast


@pytest.fixture
def case(cast: Cast) -> Case:
    budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "1000")
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    return case


def _budget() -> tuple[Decimal, Decimal]:
    row = Budget.objects.get()
    return row.reserved, row.used


def test_within_the_limit_it_is_granted_at_once_then_paid_and_taken_back(cast: Cast, case: Case) -> None:
    one = compensation.propose(case, cast.doer("an"), "gift", "30.50", "等候过久，送小礼致歉")
    assert one.status == "granted"
    assert _budget() == (Decimal("30.50"), 0)
    actions.pay(case, one, cast.doer("gu"), "V-1001")
    assert _budget() == (0, Decimal("30.50"))
    actions.reverse(case, one, cast.doer("gu"), "客户退回礼品")
    assert _budget() == (0, 0)
    kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))
    wanted = ["compensation_proposed", "compensation_granted", "compensation_paid", "compensation_reversed"]
    assert kinds[-4:] == wanted


def test_beyond_it_climbs_rung_by_rung_each_with_a_term(cast: Cast, case: Case) -> None:
    one = compensation.propose(case, cast.doer("an"), "refund", "800", "多收三个月月租", feasibility="账单已核")
    first, second = one.approvals.all()
    assert (first.role, second.role, second.asked_at) == ("lead", "manager", None)
    assert first.staff_id == cast.du.id  # the nearest of that rung
    assert set(deadlines.open_of("approval", [first.pk, second.pk])) == {first.pk}
    with pytest.raises(NotFound):
        queries.access_approval(cast.viewer("li"), first.pk)
    held, rung = queries.access_approval(cast.viewer("du"), first.pk)
    compensation.decide(held, rung, cast.doer("du"), True)
    held, rung = queries.access_approval(cast.viewer("gu"), second.pk)
    with pytest.raises(RuleError):
        compensation.decide(held, rung, cast.doer("gu"), False)
    compensation.decide(held, rung, cast.doer("gu"), True, "同意")
    assert Proposal.objects.get().status == "granted"
    assert not deadlines.open_of("approval", [first.pk, second.pk])
    assert queries.sums(cast.viewer("he"), clock.ago(days=1), clock.now())[0]["sum"] == Decimal(800)


def test_nobody_decides_on_her_own_and_a_refusal_frees_the_budget(cast: Cast, case: Case) -> None:
    one = compensation.propose(case, cast.doer("du"), "compensation", "900", "断网三天")
    rung = one.approvals.get()
    assert (rung.role, rung.staff_id) == ("manager", cast.gu.id)
    Approval.objects.filter(pk=rung.pk).update(staff_id=cast.du.id)
    with pytest.raises(Forbidden):
        queries.access_approval(cast.viewer("du"), rung.pk)
    with pytest.raises(Forbidden):
        actions.decide(case, Approval.objects.get(pk=rung.pk), cast.doer("du"), True)
    actions.decide(case, Approval.objects.get(pk=rung.pk), cast.doer("gu"), False, "依据不足")
    assert Proposal.objects.get().status == "rejected"
    assert _budget() == (0, 0)


def test_a_deputy_decides_while_she_is_away(cast: Cast, case: Case) -> None:
    one = compensation.propose(case, cast.doer("an"), "refund", "300", "多收月租")
    rung = one.approvals.get()
    now = clock.now()
    Absence.objects.create(
        staff=cast.du, deputy=cast.di, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=1)
    )
    assert list(queries.waiting(cast.viewer("di"))) == [rung]
    held, found = queries.access_approval(cast.viewer("di"), rung.pk)
    compensation.decide(held, found, cast.doer("di"), True)
    assert Proposal.objects.get().status == "granted"


def test_a_withdrawn_case_reverses_what_is_not_paid(cast: Cast, case: Case) -> None:
    compensation.propose(case, cast.doer("an"), "refund", "300", "多收月租")
    flow.withdraw(case, cast.doer("an"), "call", "客户来电撤回")
    assert Proposal.objects.get().status == "reversed"
    assert _budget() == (0, 0)
    assert not queries.waiting(cast.viewer("du")).exists()


def test_no_budget_too_much_and_over_the_highest_are_refused(cast: Cast, case: Case) -> None:
    with pytest.raises(Conflict):
        actions.propose(case, cast.doer("an"), "gift", "1000.01", "致歉小礼")
    with pytest.raises(RuleError):
        actions.propose(case, cast.doer("an"), "gift", "60000", "致歉小礼")
    with pytest.raises(RuleError):
        budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "-1")
    actions.propose(case, cast.doer("an"), "gift", "50", "致歉小礼")
    with pytest.raises(RuleError):
        budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "49.99")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_overspend() -> None:
    from django.db import transaction

    import cast as people

    cast = people.there()
    budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "50")
    cases = [cast.case(), cast.case()]
    for one in cases:
        flow.accept(one, cast.doer("di"), category="N0101")
    refused: list[str] = []
    both = threading.Barrier(2)

    def give(case: Case) -> None:
        try:
            both.wait(10)
            with transaction.atomic():
                held = Case.objects.select_for_update().get(pk=case.pk)
                actions.propose(held, cast.doer("an"), "gift", "40", "致歉小礼")
        except Conflict as no:
            refused.append(no.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(one,)) for one in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert refused == ["budget.over"]
    assert _budget() == (Decimal(40), 0)
