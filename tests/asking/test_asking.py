"""A hard case is put to the duty manager, a customer's case pleaded to a superior; the answer stands on the case."""

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.asking import actions, queries
from bihuan.asking.models import Question
from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import actions as flow
from bihuan.flow import escalation
from bihuan.identity.models import Absence, Shift, Unit
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.notices.models import Notice
from cast import Cast


@pytest.fixture
def case(cast: Cast) -> Case:
    """Accepted; Du is the duty manager on duty."""
    now = clock.now()
    Shift.objects.create(
        unit=cast.units["sc_cz"], staff=cast.du, kind="manager",
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8),
    )  # fmt: skip
    made = cast.case()
    flow.accept(made, cast.doer("di"), category="N0101")
    return made


def test_the_duty_manager_on_duty_answers_and_the_asker_hears(cast: Cast, case: Case) -> None:
    actions.ask(case, cast.doer("an"), "客户要求当场赔偿，能答应吗？")
    question = Question.objects.get(case_id=case.id)
    assert question.asked_of_id == cast.du.pk
    assert [one.pk for one in queries.waiting(cast.viewer("du"))] == [question.pk]
    assert Notice.objects.get(kind="question_asked").staff_id == cast.du.pk
    with pytest.raises(Forbidden):
        actions.answer(case, cast.doer("bo"), question.pk, "可以")
    actions.answer(case, cast.doer("du"), question.pk, "按补偿标准减免三天，先答应")
    with pytest.raises(Conflict):
        actions.answer(case, cast.doer("du"), question.pk, "再答一次")
    assert Notice.objects.get(kind="question_answered").staff_id == cast.an.pk
    assert Notice.objects.get(kind="question_asked").read_at is not None
    told = list(CaseEvent.objects.filter(case_id=case.id, kind__in=["asked", "answered"]).order_by("seq"))
    assert [row.kind for row in told] == ["asked", "answered"] and "减免三天" in told[1].payload["text"]


def test_a_plea_needs_a_yes_or_no_and_reaches_the_deputy(cast: Cast, case: Case) -> None:
    Unit.objects.filter(code="sc_cz").update(responsible=cast.du)
    Absence.objects.create(
        staff=cast.du,
        deputy=cast.li,
        starts_at=clock.now() - timedelta(hours=1),
        ends_at=clock.now() + timedelta(days=1),
    )
    with pytest.raises(RuleError):
        actions.ask(case, cast.doer("an"), "能否免月租", kind="plea", of_id=cast.bo.pk)
    actions.ask(case, cast.doer("an"), "老客户，建议免一个月月租", kind="plea", of_id=cast.du.pk)
    question = Question.objects.get(case_id=case.id)
    assert question.deputy_id == cast.li.pk
    assert Notice.objects.get(kind="plea_asked", staff_id=cast.li.pk).instead_of_id == cast.du.pk
    with pytest.raises(RuleError):
        actions.answer(case, cast.doer("li"), question.pk, "同意")
    actions.answer(case, cast.doer("li"), question.pk, "同意一个月", True)
    assert Notice.objects.get(kind="plea_decided").facts["result"] == "granted"


def test_an_unanswered_question_is_watched(cast: Cast, case: Case) -> None:
    actions.ask(case, cast.doer("an"), "怎么处理？")
    with clock.at(clock.now() + timedelta(minutes=31)):
        escalation.run_terms()
    assert CaseEvent.objects.filter(case_id=case.id, kind="deadline_breached", payload__deadline="question").exists()
    assert Notice.objects.filter(kind="limit_breached", staff_id=cast.du.pk).exists()


def test_whoever_answers_for_the_unit_hears_of_a_reply_the_customer_does_not_accept(cast: Cast, case: Case) -> None:
    Unit.objects.filter(code="sc_cz").update(responsible=cast.du)
    flow.answer(case, cast.doer("an"), "call", "经核实为基站断电，已恢复，请客户确认。", accepted=False)
    assert Notice.objects.get(kind="reported_upward").staff_id == cast.du.pk


def test_asked_and_answered_at_the_desk(cast: Cast, case: Case, client: Client) -> None:
    address = f"/cases/{case.number}/"
    client.force_login(cast.an)
    assert "questions/" in client.get(address).content.decode()
    assert client.post(address + "questions/", {"text": "能当场赔偿吗？", "to": ""}).status_code == 302
    assert "answers/" not in client.get(address).content.decode()
    client.force_login(cast.du)
    listed = client.get("/questions/").content.decode()
    assert case.number in listed and "能当场赔偿吗" in listed and "answers/" in client.get(address).content.decode()
    question = Question.objects.get(case_id=case.id)
    assert client.post(address + "answers/", {"question": question.pk, "text": "可以"}).status_code == 302
    assert case.number in client.get("/questions/?show=answered").content.decode()
    client.force_login(cast.an)
    page = client.get(address).content.decode()
    assert "上级答复" in page and "可以" in page
