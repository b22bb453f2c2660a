"""Two complaints of one customer become one, and a wrong merge is undone with nothing lost."""

import pytest

from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import actions as flow
from bihuan.intake.schema import Customer
from bihuan.kernel.errors import RuleError
from bihuan.revisit import actions as revisit
from bihuan.sla import queries as limits
from cast import Cast


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def test_the_same_customers_complaint_is_merged_and_stops_its_clocks(cast: Cast) -> None:
    first, second = cast.case(), cast.case(channel="app")
    flow.merge(_locked(second), _locked(first), cast.doer("di"), "同一件事")
    second.refresh_from_db()
    assert (second.status, second.merged_into_id, second.next_due_at) == ("merged", first.id, None)
    assert second.ended_at is not None


def test_strangers_complaints_are_not_merged(cast: Cast) -> None:
    first = cast.case()
    other = cast.case(customer=Customer(name="别人", phone="13700000000"))
    with pytest.raises(RuleError, match="merge.strangers"):
        flow.merge(_locked(other), _locked(first), cast.doer("di"), "看着像")
    assert Case.objects.get(pk=other.pk).status == "registered"


def test_a_wrong_merge_is_undone_with_nothing_lost(cast: Cast) -> None:
    first, second = cast.case(), cast.case(channel="app")
    before = list(CaseEvent.objects.filter(case_id=second.id).values_list("hash", flat=True))
    flow.merge(_locked(second), _locked(first), cast.doer("di"), "同一件事")
    revisit.unmerge(_locked(second), cast.doer("di"), "其实是两件事")
    second.refresh_from_db()
    assert (second.status, second.merged_into_id, second.ended_at) == ("reopened", None, None)
    after = list(CaseEvent.objects.filter(case_id=second.id).order_by("seq").values_list("hash", flat=True))
    assert after[: len(before)] == before and len(after) == len(before) + 2
    assert second.next_due_at is not None, "its limits run again"
    assert any(view.state.name == "RUNNING" for view in limits.clocks_of(second.id, second.registered_at))
