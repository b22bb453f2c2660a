"""Of each happening around a visit the customer hears exactly once, whatever milestones are set."""

import pytest

from bihuan.cases.models import Case, CaseEvent
from bihuan.fieldwork import queries
from bihuan.flow import fieldwork
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message
from bihuan.progress import actions
from bihuan.progress.models import Milestone
from bihuan.sla import deadlines
from cast import Cast
from fieldwork.test_appointments import a_crew, in_hand

WORDS = {"text": "您的投诉 {编号} 有进展。", "medium": "phone", "active": True}


def told(case: Case, since: int) -> int:
    """How many messages the customer has got after following everything since event `since`."""
    before = Message.objects.filter(subject_id=case.id, purpose="progress").count()
    actions.follow(list(CaseEvent.objects.filter(case_id=case.id, seq__gt=since).order_by("seq")))
    return Message.objects.filter(subject_id=case.id, purpose="progress").count() - before


def test_a_visit_is_told_once_by_the_step_that_agrees_it(cast: Cast) -> None:
    case, crew = in_hand(cast), a_crew(cast)
    Milestone.objects.update_or_create(kind="appointment_booked", defaults=WORDS)  # as older installations have it
    for kind in ("waiting", "appointment_missed"):
        actions.set_milestone(kind, WORDS, None)
    with pytest.raises(RuleError):
        actions.set_milestone("appointment_moved", WORDS, None)
    actions.follow(list(CaseEvent.objects.filter(case_id=case.id).order_by("seq")))
    assert deadlines.open_of("progress", [case.id])
    case.refresh_from_db()
    first, second = queries.free(case, days=3)[:2]
    since = case.event_count
    agreed = (crew.pk, first.starts_at, first.ends_at, "self", "call")
    visit = fieldwork.book(case, cast.doer("ma"), *agreed, wait_for="customer_time")
    assert Message.objects.filter(subject_id=case.id, purpose="appointment").count() == 1
    assert told(case, since) == 0  # neither the booking nor the waiting that belongs to it
    assert not deadlines.open_of("progress", [case.id])  # it was news all the same
    case.refresh_from_db()
    actions.wish(case, cast.doer("an"), False, "客户要求")
    fieldwork.move(case, visit, cast.doer("ma"), crew.pk, second.starts_at, second.ends_at, "self", "call", "客户改期")
    assert Message.objects.filter(subject_id=case.id, purpose="appointment").count() == 1
    fieldwork.cancel(case, visit, cast.doer("ma"), "已远程修复")
    assert Message.objects.filter(subject_id=case.id, purpose="appointment").count() == 2
