"""One unit leads and replies; others see the case, contribute, and say when their part is done."""

import pytest

from bihuan.cases import access
from bihuan.cases.models import CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.dispatch import cohandling
from bihuan.flow import actions as flow
from bihuan.flow import sharing
from bihuan.identity import roles
from bihuan.kernel.errors import Forbidden, NotFound, RuleError
from bihuan.sla import deadlines
from cast import Cast


def test_co_handlers_contribute_and_only_the_lead_replies(cast: Cast) -> None:
    case, co = cast.case(), (cast.units["mk_cz"].pk, cast.units["wj"].pk)
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].pk)
    with pytest.raises(NotFound):
        access.access_case(cast.viewer("mk"), case.number)
    with pytest.raises(RuleError):
        sharing.ask_cohandling(case, cast.doer("di"), [cast.units["mt_cz"].pk], "主办不能协办自己")
    sharing.ask_cohandling(case, cast.doer("di"), co, "市场部核对套餐，区局上门看终端")
    assert len(deadlines.open_of("cohandling", [one.pk for one in cohandling.parts(case.id)])) == 2
    dispatch.receive(case, cast.doer("ma"), "self")
    mk = cast.viewer("mk")
    assert access.access_case(mk, case.number, roles.HANDLE, together=True).id == case.id
    with pytest.raises(Forbidden):
        access.access_case(mk, case.number, roles.HANDLE)  # replying, waiting, returning is the lead's
    sharing.report_part(case, cast.doer("mk"), "套餐无误", done=False)
    assert set(cohandling.open_units(case.id)) == set(co)
    sharing.report_part(case, cast.doer("mk"), "套餐无误，已补发说明", done=True)
    assert cohandling.open_units(case.id) == [cast.units["wj"].pk]
    with pytest.raises(Forbidden):
        access.access_case(mk, case.number, roles.HANDLE, together=True)
    with pytest.raises(RuleError):
        sharing.report_part(case, cast.doer("mk"), "再报一次", done=True)
    flow.answer(case, cast.doer("ma"), "call", "处理人马跃：基站故障已修复，客户确认。")
    assert [one.outcome for one in cohandling.parts(case.id)] == ["done", "called_off"]
    assert not deadlines.open_of("cohandling", [one.pk for one in cohandling.parts(case.id)])
    kinds = CaseEvent.objects.filter(case_id=case.id).values_list("kind", flat=True)
    assert list(kinds).count("cohandling_reported") == 2
    assert access.access_case(mk, case.number).id == case.id
