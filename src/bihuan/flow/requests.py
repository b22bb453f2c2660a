"""An enquiry leaves the loop of complaints: its dispatch ends, the customer and the owning unit are told."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import actions as customers
from bihuan.dispatch import actions as dispatch
from bihuan.flow import fieldwork, repairs
from bihuan.identity.models import Unit
from bihuan.kernel.phrases import phrase
from bihuan.notices import actions as notices
from bihuan.requests import actions as requests

CONVERTED = phrase(gettext_noop("已转服务请求或商机"))
TOLD = phrase(gettext_noop("您的咨询已转为 %(number)s，由专门的部门为您办理，会主动联系您。"))


@transaction.atomic
def convert(case: Case, doer: Doer, kind: str, unit_id: int, wish: str, *, at: datetime | None = None) -> CaseEvent:
    """Hand an enquiry on as a service request or a lead."""
    event, row = requests.convert(case, doer, kind, unit_id, wish, at=at)
    dispatch.end(case, "converted", event.at)
    fieldwork.over(case, CONVERTED.said(), event.at)
    repairs.over(case, CONVERTED.said(), event.at)
    text = TOLD.said(number=row.number)
    customers.tell(case.party_id, "request", text, case.id)
    unit = Unit.objects.filter(pk=unit_id).only("responsible_id").first()
    facts = {
        "by": doer.staff_id,
        "work": requests.TERM,
        "text": row.wish,
        "due": str(row.due_at and row.due_at.isoformat()),
    }
    notices.tell("general", [unit.responsible_id if unit else None], case.id, facts)
    return event
