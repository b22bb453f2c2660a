"""Written answers wait: a text that was sent is an answer only once it is known to have reached the customer.

The waiting is a fact beside the status: `confirm_by` and `settled_at` of the reply, a mark on the case (`MARKS`) for lists
and pages, and a term of its own. A case without a mark has nothing of it, so nothing is asked of the database for it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import CUSTOMER, Doer, append
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.handling.models import Contact, Means, Reply
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import deadlines, steps
from bihuan.text.vaulted import vaulted

KIND = "confirmation"
HOURS = 24
WRITTEN = frozenset({Means.SMS.value, Means.EMAIL.value})
"""Means that only send; in a call, a chat or a visit the customer is there."""
SPOKEN = (Means.CALL, Means.VISIT, Means.CHAT)
"""How staff may hear from her that the answer arrived."""
AWAITED, LATE = "awaiting_confirmation", "confirmation_late"
MARKS = frozenset({AWAITED, LATE})


def awaits(case: Case) -> bool:
    """True while the last answer was sent in writing and nothing tells that it arrived."""
    return bool(MARKS.intersection(case.flags))


def due(means: str, final: bool, moment: datetime) -> datetime | None:
    """By when an answer given so has to be confirmed; None for one that need not be. The hours are a parameter."""
    if not final or means not in WRITTEN:
        return None
    hours = int(catalog.current().parameters.get("confirmation_hours", HOURS))
    return deadlines.due_after(moment, f"{max(hours, 1)}h")


def marked(case: Case, mark: str = "") -> list[str]:
    """The case's flags with this mark of the waiting, or with none."""
    return [*(flag for flag in case.flags if flag not in MARKS), *([mark] if mark else [])]


def begin(case: Case, row: Reply) -> None:
    """The term of a reply just kept; whoever handles the case has to see to it."""
    if row.confirm_by is not None:
        deadlines.start(
            KIND, row.pk, case.id, row.confirm_by, unit_id=case.holder_unit_id, staff_id=case.handler_id, at=row.at
        )


def phoned(case: Case) -> bool:
    """Whether a call was tried since the case was received or last answered. One statement."""
    since = max(one for one in (case.registered_at, case.received_at, case.replied_at) if one is not None)
    return Contact.objects.filter(case_id=case.id, means=Means.CALL, at__gte=since).exists()


@transaction.atomic
def confirm(
    case: Case, doer: Doer, means: str = "", note: str = "", *, through: str = "", at: datetime | None = None
) -> CaseEvent:
    """The answer arrived: the customer says so herself (`means` stays empty), or said so to staff, who write what she
    said; `through` is the number of her complaint that was merged into this case, when she came by that one.
    `Conflict` `confirmation.none` when no answer waits."""
    if not awaits(case):
        raise Conflict("confirmation.none", _("没有等待客户确认的书面答复。"))
    own = doer == CUSTOMER
    if not own and means not in SPOKEN:
        raise RuleError("confirmation.means", _("请选择怎样与客户确认的：电话、上门或在线。"), field="means")
    said = vaulted(case.party_id, note, 2000, "note")
    if not own and not said:
        raise RuleError("confirmation.note", _("请记录客户怎么说。"), field="note")
    moment = at or clock.now()
    payload = {"by": "customer" if own else "staff", "means": means, "text": said, "late": LATE in case.flags}
    if through and through != case.number:
        payload["through"] = through
    event = steps.take(case, "reply_confirmed", doer, at=moment, payload=payload, flags=marked(case))
    _end(case.id, Reply.Settled.CUSTOMER if own else Reply.Settled.STAFF, moment, doer.staff_id)
    return event


def settle(case: Case, how: str, at: datetime, by: int | None = None) -> None:
    """What just happened to the case ends the waiting: a call-back that reached her (`revisit`), or it goes on elsewhere
    (`over`), never confirmed. The step's own event tells it."""
    if not awaits(case):
        return
    case.flags = marked(case)
    case.save(update_fields=["flags"])
    _end(case.id, Reply.Settled(how), at, by)


@transaction.atomic
def forgotten(case: Case, doer: Doer) -> CaseEvent | None:
    """Her data was deleted, nobody can ask her any more: a waiting of this locked case ends, never confirmed."""
    if not awaits(case):
        return None
    event = append(case, "confirmation_dropped", doer, payload={"because": "forgotten"})
    settle(case, "over", event.at)
    return event


def _end(case_id: int, how: Reply.Settled, at: datetime, by: int | None) -> None:
    rows = Reply.objects.filter(case_id=case_id, confirm_by__isnull=False, settled_at=None)
    ids = list(rows.values_list("pk", flat=True))
    Reply.objects.filter(pk__in=ids).update(settled_at=at, settled=how, settled_by_id=by)
    deadlines.end(KIND, ids, at)


def overdue(case_ids: Sequence[int]) -> list[Case]:
    """Mark these cases, whose term has passed, and give them back; those no longer waiting are left out. The caller holds
    them locked."""
    found = [case for case in Case.objects.filter(pk__in=case_ids).order_by("id") if AWAITED in case.flags]
    for case in found:
        case.flags = marked(case, LATE)
    Case.objects.bulk_update(found, ["flags"])
    return found
