"""An exceptional closing: unreachable only by the plan, asked for by one, confirmed by another."""

from datetime import timedelta

import pytest

from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.flow import aftercare
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.notices.models import Notice
from bihuan.revisit import actions as revisit
from bihuan.revisit import closing, queries
from bihuan.revisit.models import CallPlan, ClosingRequest, Closure
from bihuan.revisit.review import Review
from bihuan.sla.models import Deadline
from cast import Cast

CAUSE = Review("N1111", ["kpi"], system_cause=True)


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _replied(cast: Cast) -> Case:
    case = cast.case()
    flow.answer(_locked(case), cast.doer("di"), "call", "处理人狄青：基站故障已修复。")
    return case


def test_unreachable_is_offered_by_the_plan_and_closed_by_another_person(cast: Cast) -> None:
    case = _replied(cast)
    start = clock.now()
    for hours in (0, 3):
        revisit.attempt(_locked(case), cast.doer("re"), "无人接听", at=start + timedelta(hours=hours))
    assert "unreachable" not in closing.exceptions(_locked(case))
    with pytest.raises(Conflict, match="closure.reachable"):
        aftercare.ask_closing(_locked(case), cast.viewer("re"), "unreachable", cast.du.id, CAUSE, "打不通")
    revisit.attempt(_locked(case), cast.doer("re"), "无人接听", at=start + timedelta(hours=6))
    assert CallPlan.objects.get(pk=case.pk).next_at > start + timedelta(hours=6)
    assert [one.username for one in closing.approvers(case, cast.viewer("re"))] == ["du"]
    asked = aftercare.ask_closing(_locked(case), cast.viewer("re"), "unreachable", cast.du.id, CAUSE, "三次都打不通")
    assert (asked.rule_version, Case.objects.get(pk=case.pk).status) == (1, "in_revisit")
    assert Notice.objects.filter(staff_id=cast.du.id, kind="approval_asked").exists()
    assert list(queries.waiting_for(cast.du.id)) == [asked]
    assert Deadline.objects.get(kind="closing", subject_id=asked.pk).staff_id == cast.du.id
    for who in ("re", "li"):
        with pytest.raises(Forbidden):
            aftercare.decide_closing(_locked(case), cast.doer(who), approved=True)
    with pytest.raises(RuleError, match="closing.why"):
        aftercare.decide_closing(_locked(case), cast.doer("du"), approved=False)
    aftercare.decide_closing(_locked(case), cast.doer("du"), approved=True)
    row = Closure.objects.get(case_id=case.id)
    assert (row.by_id, row.approved_by_id, row.rule_version) == (cast.re.id, cast.du.id, 1)
    assert Deadline.objects.get(kind="closing", subject_id=asked.pk).ended_at is not None
    assert Case.objects.get(pk=case.pk).status == "closed"


def test_a_customer_reached_meanwhile_leaves_nothing_to_decide(cast: Cast) -> None:
    case = _replied(cast)
    revisit.attempt(_locked(case), cast.doer("re"), "挂断")
    aftercare.ask_closing(_locked(case), cast.viewer("re"), "refused", cast.du.id, CAUSE, "客户拒绝回访")
    flow.revisited(_locked(case), cast.doer("re"), 1, note="还是不行")
    assert ClosingRequest.objects.get(case_id=case.id).approved is None
    with pytest.raises(Conflict, match="closing.none"):
        aftercare.decide_closing(_locked(case), cast.doer("du"), approved=True)


def test_the_call_sheet_follows_the_plan(cast: Cast) -> None:
    first, second, third = _replied(cast), _replied(cast), _replied(cast)
    now = clock.now()
    viewer = cast.viewer("re")
    revisit.attempt(_locked(first), cast.doer("re"), "无人接听", at=now)
    revisit.attempt(_locked(third), cast.doer("re"), "在开会", again_at=now + timedelta(minutes=30), at=now)
    assert queries.to_call(viewer, now, 50) == [second]
    assert [case for case, _plan in queries.put_off(viewer, now)] == [third, first]
    later = CallPlan.objects.get(pk=first.pk).next_at + timedelta(minutes=1)
    assert queries.to_call(viewer, later, 50) == [third, first, second]


def test_the_review_names_all_it_lacks(cast: Cast) -> None:
    from bihuan.revisit import editing
    from bihuan.revisit.models import Rule

    rule = editing.add_rule("N01", cast.gu.id)
    editing.edit_rule(rule.pk, {"required": ["solution", "evidence", "loss"], "active": True}, cast.gu.id)
    assert Rule.objects.get(pk=rule.pk).version == 2
    case = _replied(cast)
    flow.revisited(_locked(case), cast.doer("re"), 3)
    Case.objects.filter(pk=case.pk).update(category_id=_category("N0101"))
    with pytest.raises(RuleError, match="closure.incomplete") as refused:
        closing.close(_locked(case), cast.doer("re"), Review("N1111"))
    assert all(word in str(refused.value.message) for word in ("解决办法", "证据类型", "价值、系统、人员"))


def _category(code: str) -> int:
    from bihuan.catalog import snapshot

    node = snapshot.current().node("phenomenon", code)
    assert node is not None
    return node.id
