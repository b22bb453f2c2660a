"""Who handled a case, what the last call-back said, whom to call next."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from bihuan.cases.access import AREA_COLUMNS
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.states import AWAITING_REVISIT
from bihuan.identity.viewer import Viewer
from bihuan.revisit.models import CallPlan, ClosingRequest, Revisit
from bihuan.revisit.plan import Tried

SATISFIED, NEUTRAL, DISSATISFIED = 3, 2, 1

HANDLING = ("received", "handling_started", "contacted", "first_replied", "replied")
"""Events whose doer handled the case and may not call back about it."""


def handled_by(case_id: int, staff_id: int) -> bool:
    """True when this person received, contacted for, or replied to the case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM cases_caseevent WHERE case_id = %s AND actor_id = %s AND kind = ANY(%s))",
            [case_id, staff_id, list(HANDLING)],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def latest_reply_id(case_id: int) -> int | None:
    """The event id of the newest final reply: a later reply needs a revisit of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cases_caseevent WHERE case_id = %s AND kind = 'replied'", [case_id])
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] else None


def latest_revisit(case_id: int) -> Revisit | None:
    """The newest call-back that reached the customer."""
    return Revisit.objects.filter(case_id=case_id, reached=True).order_by("-id").first()


def attempts(case_id: int) -> int:
    """How many call-backs did not reach the customer."""
    return Revisit.objects.filter(case_id=case_id, reached=False).count()


def tried(case: Case) -> list[Tried]:
    """The call-backs about the present reply that reached nobody."""
    rows = Revisit.objects.filter(case_id=case.id, reached=False)
    if case.replied_at is not None:
        rows = rows.filter(at__gte=case.replied_at)
    return [Tried(at, means) for at, means in rows.order_by("at").values_list("at", "means")]


def handlers(case_id: int) -> set[int]:
    """Everyone who handled the case."""
    rows = CaseEvent.objects.filter(case_id=case_id, kind__in=HANDLING, actor_id__isnull=False)
    return {actor for actor in rows.values_list("actor_id", flat=True) if actor is not None}


def open_request(case_id: int, *, lock: bool = False) -> ClosingRequest | None:
    """The exceptional closing that waits for its approver."""
    rows = ClosingRequest.objects.select_for_update() if lock else ClosingRequest.objects.all()
    return rows.filter(case_id=case_id, decided_at=None).first()


def waiting_for(staff_id: int) -> QuerySet[ClosingRequest]:
    """Exceptional closings this person is to decide, as approver or deputy, the oldest first."""
    mine = ClosingRequest.objects.filter(approver_id=staff_id, decided_at=None)
    return (mine | ClosingRequest.objects.filter(deputy_id=staff_id, decided_at=None)).order_by("at", "id")


def _awaiting(viewer: Viewer) -> QuerySet[Case]:
    found = Case.objects.filter(status__in=AWAITING_REVISIT)
    if viewer.area is not None:
        level, area_id = viewer.area
        found = found.filter(**{AREA_COLUMNS[level]: area_id})
    return found


def to_call(viewer: Viewer, now: datetime, limit: int) -> list[Case]:
    """Whom to call now, in the plan's order: times that customers named and that have come, further attempts that are
    due, then the longest answered. What is planned for later is left out, and what the viewer handled herself.
    """
    plan = CallPlan.objects.filter(case_id=OuterRef("pk"))
    due = (
        _awaiting(viewer)
        .filter(pk__in=CallPlan.objects.filter(next_at__lte=now).values("case_id"))
        .annotate(named=Subquery(plan.values("promised")), when=Subquery(plan.values("next_at")))
        .order_by("-named", "when", "id")[:limit]
    )
    first = list(due)
    rest = _awaiting(viewer).filter(~Exists(plan)).order_by("replied_at", "id")[: limit - len(first)]
    return _not_own(viewer, [*first, *rest])


def _not_own(viewer: Viewer, cases: list[Case]) -> list[Case]:
    ids = [case.id for case in cases]
    rows = CaseEvent.objects.filter(case_id__in=ids, actor_id=viewer.staff_id, kind__in=HANDLING)
    own = set(rows.values_list("case_id", flat=True).distinct())
    return [case for case in cases if case.id not in own]


def put_off(viewer: Viewer, now: datetime, limit: int = 100) -> list[tuple[Case, CallPlan]]:
    """Who is to be called later, the nearest first."""
    later = CallPlan.objects.filter(next_at__gt=now).values("case_id")
    when = CallPlan.objects.filter(case_id=OuterRef("pk")).values("next_at")
    found = list(_awaiting(viewer).filter(pk__in=later).annotate(when=Subquery(when)).order_by("when", "id")[:limit])
    plans = plans_of(case.id for case in found)
    return [(case, plans[case.id]) for case in found if case.id in plans]


def plans_of(case_ids: Iterable[int]) -> dict[int, CallPlan]:
    """When each of these is to be called next, where that is planned."""
    return CallPlan.objects.in_bulk(list(case_ids))
