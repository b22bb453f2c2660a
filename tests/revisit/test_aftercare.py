"""Surveys and care calls: a link nobody can guess, answered once; a bad rating and a problem that is back lead somewhere."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bihuan.cases.models import Case, CaseEvent
from bihuan.channels import outbox
from bihuan.flow import actions as flow
from bihuan.flow import aftercare
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message
from bihuan.revisit import care, editing
from bihuan.revisit.models import Care, Reopening, Rule, Survey
from bihuan.revisit.review import Review
from bihuan.sla.models import Clock, Deadline, Policy
from cast import Cast


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


@pytest.fixture
def closed(cast: Cast, settings: Any) -> Case:
    """A closed case whose customer was sent a link; care is due after seven days."""
    settings.SITE = "https://service.example.com"
    rule = Rule.objects.get(category="")
    editing.edit_rule(rule.pk, {"care_days": 7}, cast.gu.id)
    case = cast.case()
    flow.answer(_locked(case), cast.doer("di"), "call", "处理人狄青：基站故障已修复。")
    flow.revisited(_locked(case), cast.doer("re"), 3, closing=Review("N1111", ["kpi"], system_cause=True))
    return case


def _link(case: Case) -> str:
    _address, text = outbox.plain(Message.objects.get(purpose="survey", subject_id=case.id))
    found = re.search(r"https://service\.example\.com(/service/survey/\S+/)", text)
    assert found and "13912345678" not in text
    return found[1]


def test_a_rating_is_given_once_and_a_bad_one_sends_the_case_back(closed: Case) -> None:
    customer, link = Client(), _link(closed)
    assert customer.get(link, follow=True).status_code == 200
    assert customer.post("/service/survey/", {"score": ""}).status_code == 422
    told = {"score": "1", "solved": "no", "speed": "2", "words": "还是没信号，打 13800001111 找我"}
    answer = customer.post("/service/survey/", told, follow=True)
    assert "谢谢您的评价" in answer.content.decode()
    row = Survey.objects.get(case_id=closed.id)
    assert (row.score, row.solved, row.speed, row.attitude, row.bad) == (1, False, 2, None, True)
    assert "13800001111" not in row.words and row.led_to == "reopened"
    case = Case.objects.get(pk=closed.pk)
    assert (case.status, case.reopen_count) == ("reopened", 1)
    assert not Care.objects.filter(case_id=case.id, done_at=None).exists()
    again = Client()
    again.get(link)
    again.post("/service/survey/", {"score": "5"})
    assert Survey.objects.get(case_id=closed.id).score == 1


def test_an_expired_or_guessed_link_opens_nothing(closed: Case) -> None:
    link = _link(closed)
    assert "已失效" in Client().get("/service/survey/AAAAAAAAAAAAAAAAAAAAAAAA/", follow=True).content.decode()
    with clock.at(clock.now() + timedelta(days=8)):
        assert "已失效" in Client().get(link, follow=True).content.decode()


def test_a_late_bad_rating_becomes_a_linked_complaint(cast: Cast, closed: Case) -> None:
    rule = Rule.objects.get(category="")
    editing.edit_rule(rule.pk, {"bad_rating": "complaint"}, cast.gu.id)
    row = Survey.objects.get(case_id=closed.id)
    told = aftercare.answer_survey(row.pk, aftercare.survey.Answers(2, words="又断了"))
    fresh = Case.objects.get(number=told.led_to)
    assert (fresh.repeat_of_id, fresh.status, Case.objects.get(pk=closed.pk).status) == (
        closed.id, "registered", "closed",
    )  # fmt: skip
    for case in (fresh, closed):
        assert CaseEvent.objects.filter(case_id=case.id, kind="linked").count() == 1


def test_a_care_call_leaves_the_case_closed_unless_the_problem_is_back(cast: Cast, closed: Case) -> None:
    viewer, doer = cast.viewer("re"), cast.doer("re")
    assert not care.queue(viewer).exists()
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        assert [one.case_id for one in care.queue(viewer)] == [closed.id]
        aftercare.care_called(_locked(closed), doer, "unreached", note="没人接")
        assert not care.queue(viewer).exists()
    with clock.at(clock.now() + timedelta(days=9)):
        with pytest.raises(RuleError, match="care.then"):
            aftercare.care_called(_locked(closed), doer, "back", note="又断了")
        aftercare.care_called(_locked(closed), doer, "fine", satisfaction=3, note="一直正常")
    row = Care.objects.get(case_id=closed.id)
    assert (row.tries, row.outcome, Case.objects.get(pk=closed.pk).status) == (2, "fine", "closed")
    assert Deadline.objects.get(kind="care", subject_id=row.pk).ended_at is not None


def test_a_problem_that_is_back_reopens_by_the_care_call(cast: Cast, closed: Case) -> None:
    with clock.at(clock.now() + timedelta(days=8)):
        aftercare.care_called(_locked(closed), cast.doer("re"), "back", note="昨天又断了", then="reopen")
    assert Case.objects.get(pk=closed.pk).status == "reopened"
    assert Care.objects.get(case_id=closed.id).led_to == "reopened"
    own = Policy.objects.get(code="reopened.24h", latest=True)
    assert Clock.objects.get(case_id=closed.id, policy_id=own.pk).stopped_at is None
    assert Reopening.objects.get(case_id=closed.id).round == 1


def test_ratings_count_as_figures_and_open_their_cases(cast: Cast, closed: Case) -> None:
    from bihuan.cases import filters
    from bihuan.insight.asking import OPERATOR
    from bihuan.insight.queries import figures

    cast.case()
    told = aftercare.survey.Answers(4, solved=True)
    aftercare.answer_survey(Survey.objects.get(case_id=closed.id).pk, told)
    wanted = ["survey_score", "survey_response_rate", "survey_bad_rate", "exceptional_rate", "care_back_rate"]
    cells = figures(OPERATOR, wanted, ["unit"]).totals.cells
    assert cells["survey_score"].value == 4
    assert (cells["survey_response_rate"].of, cells["survey_response_rate"].among) == (1, 1)
    assert (cells["survey_bad_rate"].of, cells["exceptional_rate"].of, cells["care_back_rate"].among) == (0, 0, 0)
    assert list(Case.objects.filter(filters.parse({"is": "survey_answered"}).q())) == [closed]
