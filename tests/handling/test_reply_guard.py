"""A reply with another customer's data does not leave the house, whoever sends it."""

import pytest

from bihuan.flow import actions as flow
from bihuan.handling.models import Reply
from bihuan.intake.schema import Customer
from bihuan.kernel.errors import RuleError
from cast import Cast

SAID = "处理人马跃：今日上午查明基站板卡故障，已更换恢复。请联系"


def test_another_customers_number_is_refused(cast: Cast) -> None:
    cast.case(customer=Customer(name="李四", phone="13700001111"))
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    with pytest.raises(RuleError) as refused:
        flow.answer(case, cast.doer("an"), "call", f"{SAID}13700001111")
    assert refused.value.code == "reply.foreign_number" and "13700001111" not in refused.value.message
    assert not Reply.objects.exists()


def test_her_own_number_and_a_number_nobody_has_go_through(cast: Cast) -> None:
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    flow.answer(case, cast.doer("an"), "call", f"{SAID}13912345678或13600002222")
    assert Reply.objects.count() == 1


def test_a_token_of_another_case_is_refused(cast: Cast) -> None:
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    with pytest.raises(RuleError, match="foreign_token"):
        flow.answer(case, cast.doer("an"), "call", f"{SAID}⟦P7⟧")
