"""Whoever complains for somebody else is checked before she gets data or money."""

import re

import pytest

from bihuan.cases.models import CaseEvent
from bihuan.compensation import budgets
from bihuan.customers import queries as customers
from bihuan.customers import vault
from bihuan.flow import compensation
from bihuan.handling import callers
from bihuan.handling.models import CallerCheck
from bihuan.intake.schema import Customer
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.models import Message


@pytest.fixture
def case(cast):
    """A son complains for his mother's line."""
    mother = Customer(name="李秀英", phone="13912345678", identity_number="320402194001011223")
    return cast.case(relation="on_behalf", customer=mother, complained_number="13700002222")


def _code(case):
    told = Message.objects.filter(subject_id=case.id, purpose="code").order_by("-id")[0]
    assert told.recipient_field == "complained_number", "it goes to the line, not to the caller"
    return re.search(r"\d{6}", vault.open_text(told.key_id, bytes(told.body), str(case.id)))[0]


def test_without_a_check_that_held_no_money_and_no_data(case, cast):
    doer = cast.doer("an")
    budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "2000")
    with pytest.raises(RuleError, match="caller.unchecked"):
        compensation.propose(case, doer, "refund", "10", "最近一期多收月租")
    callers.refuse_data(case, ["name", "phone"], "contact")
    callers.refuse_data(case, ["identity_number"], "verify")
    with pytest.raises(RuleError, match="caller.unchecked"):
        callers.refuse_data(case, ["phone", "identity_number"], "contact")
    failed = callers.check(case, doer, "王刚", "family", "answers", answered=["plan"], note="只答出套餐")
    assert not failed.passed and callers.unchecked(case)
    callers.check(case, doer, "王刚", "family", "answers", answered=["plan", "identity"])
    callers.refuse_data(case, ["identity_number"], "contact")
    compensation.propose(case, doer, "refund", "10", "最近一期多收月租")


def test_a_code_goes_to_the_line_and_comes_back_by_the_caller(case, cast):
    doer = cast.doer("an")
    callers.send_code(case, doer)
    assert not callers.check(case, doer, "王刚", "family", "code", code="0").passed
    held = callers.check(case, doer, "王刚", "family", "code", code=_code(case))
    assert held.passed
    masks = customers.masks_of([case.party_id])[case.party_id]
    assert masks[held.who] == "王*" and "王刚" not in str(CaseEvent.objects.filter(case_id=case.id).values("payload"))
    assert [one.passed for one in callers.of_case(case.id)] == [True, False]
    assert CaseEvent.objects.filter(case_id=case.id, kind="caller_checked").count() == 2


def test_what_is_no_check_is_refused(case, cast):
    doer = cast.doer("an")
    for told in (("", "family", "answers"), ("王刚", "boss", "answers"), ("王刚", "family", "document")):
        with pytest.raises(RuleError):
            callers.check(case, doer, *told)
    own = cast.case()
    with pytest.raises(Conflict):
        callers.check(own, doer, "王刚", "family", "answers")
    with pytest.raises(Conflict):
        callers.send_code(own, doer)
    callers.refuse_money(own)
    other = cast.case(relation="on_behalf")
    with pytest.raises(RuleError, match="caller.no_number"):
        callers.send_code(other, doer)
    assert not CallerCheck.objects.exists()
