"""Requests in reach: those of one's units, and those that came from cases one may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from bihuan.cases.access import scope
from bihuan.cases.models import Case
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden, NotFound
from bihuan.requests.models import Request
from bihuan.requests.rules import OPEN_STATES


@dataclass(frozen=True)
class Wanted:
    """How a list is narrowed; empty fields do not."""

    kind: str = ""
    state: str = ""
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None
    mine: bool = False


def visible(viewer: Viewer) -> QuerySet[Request]:
    """All that exist for this viewer."""
    if not viewer.can(roles.READ):
        return Request.objects.none()
    own = Q(unit_id__in=list(viewer.units))
    if roles.EVERYWHERE in viewer.reach:
        return Request.objects.all()
    return Request.objects.filter(own | Q(case_id__in=Case.objects.filter(scope(viewer)).values("pk")))


def listing(viewer: Viewer, wanted: Wanted) -> QuerySet[Request]:
    """Those that fit, newest first. State `unfinished`: still in someone's hands."""
    found = visible(viewer)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.state == "unfinished":
        found = found.filter(state__in=OPEN_STATES)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.number:
        found = found.filter(number=wanted.number.strip().upper())
    if wanted.mine:
        found = found.filter(Q(owner_id=viewer.staff_id) | Q(unit_id=viewer.unit_id, owner_id=None))
    if wanted.since is not None:
        found = found.filter(made_at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(made_at__lt=wanted.until)
    return found.order_by("-id")


@dataclass(frozen=True)
class Sums:
    """How many of each kind and state; what the won ones are worth in yuan."""

    counts: dict[tuple[str, str], int]
    worth: float

    def of(self, kind: str, *states: str) -> int:
        """How many of a kind, in these states (none: any)."""
        return sum(n for (own, state), n in self.counts.items() if own == kind and (not states or state in states))


def sums(found: QuerySet[Request]) -> Sums:
    """The figures of a list: two statements."""
    rows = found.order_by().values_list("kind", "state").annotate(n=Count("id"))
    worth = found.order_by().aggregate(total=Sum("worth"))["total"]
    return Sums({(kind, state): n for kind, state, n in rows}, float(worth or 0))


def works(viewer: Viewer, row: Request) -> bool:
    """Whether the viewer may take steps: the owning unit's people."""
    return row.unit_id in viewer.units and (viewer.can(roles.HANDLE) or viewer.can(roles.RECEIVE))


def access(viewer: Viewer, number: str, *, lock: bool = False) -> tuple[Request, Case]:
    """One by its number with the case it came from; `lock` is for taking a step, which only the owning unit may."""
    row = visible(viewer).filter(number=number.strip().upper()).first()
    if row is None:
        raise NotFound("request")
    if not lock:
        return row, Case.objects.get(pk=row.case_id)
    if not works(viewer, row):
        raise Forbidden("request")
    case = Case.objects.select_for_update().get(pk=row.case_id)
    return Request.objects.select_for_update().get(pk=row.pk), case


def of_case(case_id: int) -> Request | None:
    """What a case went on as."""
    return Request.objects.filter(case_id=case_id).first()
