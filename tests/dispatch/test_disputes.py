"""Whose is it: the second return opens a dispute, the first receiver is answerable, one ruling ends it."""

import pytest

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.dispatch import disputes, queries
from bihuan.dispatch.models import Dispute
from bihuan.flow import actions as flow
from bihuan.flow import sharing
from bihuan.kernel.errors import Conflict, Forbidden, NotFound
from bihuan.notices.models import Notice
from bihuan.sla import deadlines
from cast import Cast


def _bounced(cast: Cast) -> Case:
    """Maintenance received and returned it, marketing returned it unreceived."""
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    for unit, person in (("mt_cz", "ma"), ("mk_cz", "mk")):
        dispatch.dispatch(case, cast.doer("di"), cast.units[unit].pk)
        if person == "ma":
            dispatch.receive(case, cast.doer(person), "self")
        sharing.give_back(case, cast.doer(person), "wrong_unit", f"{person}：不是我们的")
    return case


def test_the_second_return_opens_a_dispute_and_the_first_receiver_has_it_until_the_ruling(cast: Cast) -> None:
    case = _bounced(cast)
    found = queries.open_dispute(case.id)
    assert found is not None
    assert (found.unit_id, found.other_unit_id) == (cast.units["mk_cz"].pk, cast.units["mt_cz"].pk)
    assert (found.reason, found.other_reason) == ("mk：不是我们的", "ma：不是我们的")
    assert found.first_unit_id == cast.units["mt_cz"].pk == case.holder_unit_id
    assert case.status == "dispatched"
    assert found.pk in deadlines.open_of("ownership", [found.pk])
    assert Notice.objects.filter(kind="ruling_asked", staff_id=cast.du.pk).exists()
    with pytest.raises(Conflict, match="正在裁定"):
        sharing.give_back(case, cast.doer("ma"), "wrong_unit", "还是不收")
    with pytest.raises(Conflict, match="不能撤回"):
        dispatch.recall(case, cast.doer("di"), "换个部门试试")


def test_the_ruling_names_the_final_owner_who_may_not_return_it_again(cast: Cast) -> None:
    case = _bounced(cast)
    found = queries.open_dispute(case.id)
    assert found is not None
    for stranger, error in (("di", Forbidden), ("li", Forbidden), ("di_wx", NotFound)):
        with pytest.raises(error):
            sharing.rule(cast.viewer(stranger), found.pk, cast.units["mk_cz"].pk, "是你们的")
    with pytest.raises(Forbidden):
        disputes.answer(cast.viewer("mk"), found.pk, "我方才是提出的一方")
    disputes.answer(cast.viewer("ma"), found.pk, "现场测试信号正常，属于资费")
    sharing.rule(cast.viewer("du"), found.pk, cast.units["mk_cz"].pk, "网络侧已排除")
    case.refresh_from_db()
    found.refresh_from_db()
    assert (case.holder_unit_id, case.status) == (cast.units["mk_cz"].pk, "dispatched")
    assert found.overturned
    assert not deadlines.open_of("ownership", [found.pk])
    kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))[-4:]
    assert kinds == ["dispute_answered", "ownership_ruled", "recalled", "dispatched"]
    with pytest.raises(Conflict, match="不能再退单"):
        sharing.give_back(case, cast.doer("mk"), "wrong_unit", "不服")
    with pytest.raises(Conflict, match="不能再提"):
        sharing.open_dispute(case, cast.doer("mk"), "不服", cast.units["mt_cz"].pk)
    assert disputes.figures() == {"open": 0, "ruled": 1, "overturned": 1, "settled": 0}
    assert [one.pk for one, _case in disputes.listed(cast.viewer("du"), ruled=True)] == [found.pk]
    assert not disputes.listed(cast.viewer("di_wx"), ruled=True)


def test_a_unit_asks_for_a_ruling_and_an_answer_settles_it(cast: Cast) -> None:
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].pk)
    dispatch.receive(case, cast.doer("ma"), "self")
    sharing.open_dispute(case, cast.doer("ma"), "属于资费争议", cast.units["mk_cz"].pk)
    assert case.holder_unit_id == cast.units["mt_cz"].pk
    disputes.answer(cast.viewer("mk"), Dispute.objects.get().pk, "账单没有问题")
    case.refresh_from_db()
    flow.answer(case, Doer.of(cast.viewer("ma")), "call", "处理人马跃：基站故障已修复，客户确认。")
    found = Dispute.objects.get()
    assert found.ruled_at is not None
    assert found.owner_unit_id == cast.units["mt_cz"].pk
    assert disputes.figures()["settled"] == 1
