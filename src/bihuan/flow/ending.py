"""Closing and reopening with what stands beside the case: help still asked for, special tracking."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from bihuan.assistance import actions as assistance
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import confirming, fieldwork, repairs, tracking
from bihuan.handling import confirming as answers
from bihuan.kernel.phrases import phrase
from bihuan.revisit import actions as revisit
from bihuan.revisit import closing
from bihuan.revisit.review import Review
from bihuan.tracking import actions as tracks

ENDED = phrase(gettext_noop("工单已结"))


@transaction.atomic
def close(case: Case, doer: Doer, told: Review, note: str = "", *, at: datetime | None = None) -> CaseEvent:
    """Close, once a written answer is known to have arrived. Open assistance is called off; special tracking ends when the
    customer is satisfied."""
    confirming.check_closing(case)
    event = closing.close(case, doer, told, note, at=at)
    assistance.call_off(case, ENDED.said(), at=event.at)
    fieldwork.over(case, ENDED.said(), event.at)
    repairs.over(case, ENDED.said(), event.at)
    if case.satisfaction == revisit.SATISFIED:
        tracks.finish(case, "satisfied", at=event.at)
    return event


@transaction.atomic
def reopen(case: Case, doer: Doer, reason: str, note: str = "", *, at: datetime | None = None) -> CaseEvent:
    """Back to handling; dissatisfied again, or reopened after it had ended, it comes under special tracking."""
    before = case.status
    event = revisit.reopen(case, doer, reason, note, at=at)
    answers.settle(case, "over", event.at)
    tracking.after_reopening(case, before, event.at)
    return event
