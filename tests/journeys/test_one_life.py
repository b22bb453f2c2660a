"""One complaint lives its whole life through the verbs, with clocks and chain."""

from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.handling import actions as handling
from cast import Cast


def _fresh(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def test_a_complaint_is_registered_dispatched_handled_replied_revisited_and_closed(cast: Cast) -> None:
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    flow.dispatch_by_rule(case, cast.doer("di"))
    assert case.status == "dispatched"
    case = _fresh(case)
    dispatch.receive(case, cast.doer("ma"), "self")
    handling.contact(case, cast.doer("ma"), "call", "已联系客户 13812345678，约明天上门测试")
    assert case.status == "in_handling"
    handling.wait(case, cast.doer("ma"), _pausing(), "客户要求改约")
    handling.resume(case, cast.doer("ma"))
    flow.answer(case, cast.doer("ma"), "call", "处理人马跃：基站故障已修复，请重启手机后再试。")
    flow.revisited(
        case, cast.doer("re"), 3, root_solved=True, closing=flow.Closing(_cause(), ["kpi"], system_cause=True)
    )
    assert case.status == "closed"
    kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        "registered", "accepted", "classified", "dispatched", "received", "handling_started", "contacted", "waiting",
        "resumed", "replied", "revisited", "closed",
    ]  # fmt: skip
    assert list(verify()) == []


def _pausing() -> str:
    from bihuan.catalog.models import Reason

    return Reason.objects.filter(kind="waiting", pauses=True)[0].code


def _cause() -> str:
    from bihuan.catalog.models import Node

    return Node.objects.filter(tree="cause", level=3)[0].code
