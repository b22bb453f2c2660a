"""Special tracking across rooms: what comes to it by itself, and who is told."""

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.notices import actions as notices
from bihuan.revisit.actions import DISSATISFIED
from bihuan.tracking import actions
from bihuan.tracking.models import Track


@transaction.atomic
def begin(
    case: Case,
    doer: Doer,
    cause: str,
    *,
    owner_id: int | None = None,
    next_step: str = "",
    next_at: datetime | None = None,
    hot: bool = False,
    difficult: bool = False,
    at: datetime | None = None,
) -> Track:
    """Take a case under special tracking; its owner is told."""
    track = actions.begin(
        case, doer, cause, owner_id=owner_id, next_step=next_step, next_at=next_at, hot=hot, difficult=difficult, at=at
    )
    facts = {"by": doer.staff_id, "due": track.next_at, "text": track.next_step}
    notices.tell("tracking", [track.owner_id], case.id, facts)
    return track


def after_reopening(case: Case, before: str, at: datetime | None = None) -> None:
    """A case reopened after it had ended, or dissatisfied for the second time, is tracked from now on."""
    if actions.open_of(case.id) is not None:
        return
    if before in {"closed", "declined"}:
        begin(case, SYSTEM, "reopened", at=at)
    elif _times_dissatisfied(case) > 1:
        begin(case, SYSTEM, "dissatisfied", at=at)


def _times_dissatisfied(case: Case) -> int:
    told = CaseEvent.objects.filter(case_id=case.id, kind="revisited").values_list("payload", flat=True)
    return sum(payload.get("satisfaction") == DISSATISFIED for payload in told)
