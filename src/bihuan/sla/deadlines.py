"""Terms of sub-work: set, moved, ended by the room that owns the work; watched like clocks, told on the case.

Unlike a clock a deadline knows nothing of events and never pauses: it is a moment someone has to act by. The watch writes
`deadline_warned`, `deadline_breached`, `deadline_escalated` to the case, once each, with the moment that was due.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.cases.actions import Doer, Fact, record_many
from bihuan.kernel import clock
from bihuan.sla import queries
from bihuan.sla.durations import Duration
from bihuan.sla.models import Deadline
from bihuan.sla.terms import BREACHED, ESCALATED, WARNED

Record = Callable[[Sequence[Fact]], None]
WATCH = Doer(None, None, "clock")
WARN_AT = 0.75
"""Share of the time after which one is warned, unless told otherwise."""
CHUNK = 1000
NAMES = {
    "assistance": _("协查"),
    "approval": _("审批"),
    "ownership": _("归属裁定"),
    "pickup": _("接单"),
    "cohandling": _("协同处理"),
    "supervision": _("督办"),
    "question": _("现场答疑"),
    "plea": _("代客请示"),
    "tracking": _("专项跟踪"),
    "report": _("重大投诉报告"),
    "appointment": _("上门预约"),
    "repair": _("维修单"),
    "progress": _("进展告知"),
    "care": _("关怀回访"),
    "closing": _("例外结单审批"),
    "confirmation": _("书面答复的确认"),
    "request": _("服务请求或商机"),
    "review": _("复核"),
}
"""Kinds of sub-work that have terms, for people."""


def due_after(start: datetime, duration: str, calendar: str = "7x24") -> datetime:
    """The moment `duration` ("4h", "2wd", …) after `start` on the calendar with this code. RuleError for an unreadable one."""
    book = queries.book()
    return book.calendars[calendar if calendar in book.calendars else "7x24"].add(start, Duration.parse(duration))


def start(
    kind: str,
    subject_id: int,
    case_id: int | None,
    term: str | datetime,
    *,
    calendar: str = "7x24",
    warn: Sequence[float] = (WARN_AT,),
    escalate: Sequence[str] = (),
    unit_id: int | None = None,
    staff_id: int | None = None,
    deputy_id: int | None = None,
    at: datetime | None = None,
) -> Deadline:
    """Begin the term of one piece of work: a duration on a calendar, or a moment.

    `warn`: shares of the time; `escalate`: durations after due on the same calendar.
    """
    begun = at or clock.now()
    due = term if isinstance(term, datetime) else due_after(begun, term, calendar)
    return Deadline.objects.create(
        kind=kind,
        subject_id=subject_id,
        case_id=case_id,
        unit_id=unit_id,
        staff_id=staff_id,
        deputy_id=deputy_id,
        calendar=calendar,
        duration="" if isinstance(term, datetime) else term,
        started_at=begun,
        **_levels(begun, due, warn, [due_after(due, one, calendar) for one in escalate]),
    )


class Term(NamedTuple):
    """One term of many to begin: for what, on which case, how long, and who has to act."""

    subject_id: int
    case_id: int | None
    duration: str
    unit_id: int | None = None
    staff_id: int | None = None


def start_many(kind: str, terms: Sequence[Term], *, at: datetime | None = None) -> None:
    """Begin many terms around the clock in one statement, each warned at the usual share; one already open is left."""
    begun = at or clock.now()
    dues = {duration: due_after(begun, duration) for duration in {one.duration for one in terms}}
    rows = [
        Deadline(
            kind=kind,
            **one._asdict(),
            started_at=begun,
            **_levels(begun, dues[one.duration], (WARN_AT,), ()),
        )
        for one in terms
    ]
    Deadline.objects.bulk_create(rows, ignore_conflicts=True)


def move(kind: str, subject_id: int, due: datetime, *, escalate: Sequence[str] = ()) -> None:
    """Set another moment for an open term: levels begin anew. Nothing happens where none is open."""
    for one in Deadline.objects.select_for_update().filter(kind=kind, subject_id=subject_id, ended_at=None):
        later = [due_after(due, span, one.calendar) for span in escalate]
        levels = _levels(clock.now(), due, (WARN_AT,), later)
        Deadline.objects.filter(pk=one.pk).update(level=0, duration="", **levels)


def hand(
    kind: str, subject_id: int, *, unit_id: int | None, staff_id: int | None, deputy_id: int | None = None
) -> None:
    """Say who has to act from now on; the time runs on."""
    Deadline.objects.filter(kind=kind, subject_id=subject_id, ended_at=None).update(
        unit_id=unit_id, staff_id=staff_id, deputy_id=deputy_id
    )


def end(kind: str, subject_ids: Iterable[int], at: datetime | None = None) -> None:
    """The work is done or called off: nothing fires any more."""
    Deadline.objects.filter(kind=kind, subject_id__in=list(subject_ids), ended_at=None).update(
        ended_at=at or clock.now(), next_at=None
    )


def open_of(kind: str, subject_ids: Iterable[int]) -> dict[int, Deadline]:
    """Open terms by subject."""
    found = Deadline.objects.filter(kind=kind, subject_id__in=list(subject_ids), ended_at=None)
    return {one.subject_id: one for one in found}


def all_of(kind: str, subject_ids: Iterable[int]) -> dict[int, Deadline]:
    """The latest term of each subject, open or ended."""
    found = Deadline.objects.filter(kind=kind, subject_id__in=list(subject_ids)).order_by("id")
    return {one.subject_id: one for one in found}


def kind_of(moment: datetime, due: datetime) -> str:
    """What a level at this moment is called."""
    return WARNED if moment < due else BREACHED if moment == due else ESCALATED


def run() -> int:
    """One round at the present moment; for the schedule."""
    return sweep(clock.now())


def sweep(now: datetime, record: Record = record_many, chunk: int = CHUNK) -> int:
    """Fires every level due by `now`; answers how many facts were written. `record` appends them to the cases."""
    written = 0
    while True:
        with transaction.atomic():
            due = _due(now, chunk)
            facts = [fact for one in due for fact in _fired(one, now)]
            _write(due)
            record([fact for fact in facts if fact.case_id])
        written += len(facts)
        if len(due) < chunk:
            return written


def _due(now: datetime, chunk: int) -> list[Deadline]:
    """Open terms with something to fire, locked with their cases in the order everyone locks them: the case first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM cases_case c WHERE c.id IN (SELECT case_id FROM sla_deadline WHERE next_at <= %s"
            " ORDER BY next_at LIMIT %s) ORDER BY c.id FOR UPDATE OF c SKIP LOCKED",
            [now, chunk],
        )
        cases = [row[0] for row in cursor.fetchall()]
    rows = Deadline.objects.select_for_update(skip_locked=True).filter(next_at__lte=now)
    held = list(rows.filter(case_id__in=cases).order_by("id")[:chunk])
    return held or list(rows.filter(case_id=None).order_by("id")[:chunk])


def _fired(one: Deadline, now: datetime) -> list[Fact]:
    facts = []
    while one.level < len(one.moments) and one.moments[one.level] <= now:
        moment = one.moments[one.level]
        one.level += 1
        kind = f"deadline_{kind_of(moment, one.due_at)}"
        facts.append(Fact(one.case_id or 0, kind, now, told(one, moment), actor=WATCH))
    one.next_at = one.moments[one.level] if one.level < len(one.moments) else None
    return facts


def told(one: Deadline, moment: datetime) -> dict[str, Any]:
    """What the case is told of a level: whose work, what it was, when it was due."""
    before = [at for at in one.moments if kind_of(at, one.due_at) == kind_of(moment, one.due_at) and at <= moment]
    payload: Mapping[str, Any] = {
        "deadline": one.kind,
        "subject": one.subject_id,
        "level": len(before),
        "due": moment,
        "limit": one.due_at,
        "unit": one.unit_id,
        "staff": one.staff_id,
        "deputy": one.deputy_id,
    }
    return {key: value for key, value in payload.items() if value is not None}


def _write(due: Sequence[Deadline]) -> None:
    if due:
        Deadline.objects.bulk_update(due, ["level", "next_at"])


def _levels(begun: datetime, due: datetime, warn: Sequence[float], later: Sequence[datetime]) -> dict[str, Any]:
    before = sorted({begun + timedelta(seconds=round((due - begun).total_seconds() * share)) for share in warn})
    moments = [*(moment for moment in before if begun < moment < due), due, *sorted(set(later) - {due})]
    return {"due_at": due, "moments": moments, "next_at": moments[0]}
