"""Reading repair orders and control lists: a worker's own, lists with filters and keys to go on from, one through its door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.fieldwork.crews import in_use, seen_by, works_for
from bihuan.fieldwork.models import Block, Crew, Order, WeakLine
from bihuan.fieldwork.orders_rules import OPEN
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, NotFound

PAGE = 50
FROM_HOLDER = ("cancellation",)
"""Steps of whoever has the case in hand; all others are the crew's."""


def of_case(case_id: int) -> list[Order]:
    """All orders of a case, the newest first."""
    return list(Order.objects.filter(case_id=case_id))


def mine(viewer: Viewer) -> list[Order]:
    """Open orders given to this person, or not yet to anyone of her crews; the nearest term first."""
    crews = [crew.pk for crew in in_use() if viewer.staff_id in crew.member_ids]
    own = Q(worker_id=viewer.staff_id) | Q(worker_id=None, crew_id__in=crews)
    return list(Order.objects.filter(own, status__in=OPEN).order_by("due_at", "id")[:200])


def done_since(viewer: Viewer, since: datetime) -> list[Order]:
    """What this person ended since then, the latest first."""
    return list(Order.objects.filter(worker_id=viewer.staff_id, ended_at__gte=since).order_by("-ended_at")[:100])


def count(viewer: Viewer) -> int:
    """How many open orders wait for this person."""
    return len(mine(viewer))


def within(viewer: Viewer, crews: Sequence[Crew] | None = None) -> Q:
    """Rows (with `crew_id`, `case_id`) she may see: of crews whose lists she has, and of cases she sees."""
    seen = [crew.pk for crew in (crews if crews is not None else seen_by(viewer))]
    return Q(crew_id__in=seen) | Q(case_id__in=access.visible(viewer).values("id"))


def listing(viewer: Viewer, told: Mapping[str, str]) -> QuerySet[Order]:
    """Orders after filters: `status` (a status, `open` or `late`), `crew`, `tier`, `area`, `days` (sent within)."""
    found = Order.objects.filter(within(viewer))
    status = told.get("status", "open")
    if status == "late":
        found = found.filter(status__in=OPEN, due_at__lt=clock.now())
    elif status == "open":
        found = found.filter(status__in=OPEN)
    elif status != "all":
        found = found.filter(status=status)
    if told.get("crew", "").isdigit():
        found = found.filter(crew_id=int(told["crew"]))
    if told.get("tier"):
        found = found.filter(tier=told["tier"])
    if told.get("area", "").isdigit():
        area = int(told["area"])
        inside = Case.objects.filter(Q(area_id=area) | Q(district_id=area) | Q(city_id=area) | Q(province_id=area))
        found = found.filter(case_id__in=inside.values("id"))
    if told.get("days", "").isdigit():
        found = found.filter(sent_at__gte=clock.now() - timedelta(days=min(int(told["days"]), 3660)))
    return found.order_by("-id")


def blocks(viewer: Viewer, kind: str, *, ended: bool = False) -> QuerySet[Block]:
    """One control list: what is open, the nearest expected day first; or what was freed, the latest first."""
    found = Block.objects.filter(within(viewer), kind=kind).select_related("order")
    if ended:
        return found.filter(ended_at__isnull=False).order_by("-ended_at", "-id")
    return found.filter(ended_at=None).order_by("expected", "id")


def weak_lines(viewer: Viewer, told: Mapping[str, str]) -> QuerySet[WeakLine]:
    """The clean-up list after filters `status` (default: open and planned) and `crew`."""
    found = WeakLine.objects.filter(within(viewer)).select_related("order")
    status = told.get("status", "")
    if status != "all":
        found = found.filter(status=status) if status else found.filter(status__in=("open", "planned"))
    if told.get("crew", "").isdigit():
        found = found.filter(crew_id=int(told["crew"]))
    return found.order_by("-id")


@dataclass(frozen=True)
class Opened:
    """An order with its case and crew, and what this reader may do: the crew's steps, the holder's."""

    case: Case
    order: Order
    crew: Crew
    may_work: bool
    may_direct: bool


def access_order(viewer: Viewer, order_id: int, noun: str = "", *, lock: bool = False) -> Opened:
    """The order (`lock`: with its case held until the transaction ends), for the step `noun`.

    `NotFound` for who sees neither case nor crew, `Forbidden` for who may only look.
    """
    order = Order.objects.filter(pk=order_id).first()
    crew = Crew.objects.filter(pk=order.crew_id).first() if order else None
    if order is None or crew is None:
        raise NotFound("repair")
    works = works_for(viewer, crew)
    if not works and not access.visible(viewer).filter(pk=order.case_id).exists():
        raise NotFound("repair")
    case = (Case.objects.select_for_update(of=("self",)) if lock else Case.objects).get(pk=order.case_id)
    if lock:
        order = Order.objects.select_for_update().get(pk=order_id)
    directs = viewer.can(roles.HANDLE) and access.holds(viewer, case)
    if noun and not (directs if noun in FROM_HOLDER else works or (noun == "tier" and directs)):
        raise Forbidden(roles.HANDLE)
    return Opened(case, order, crew, works, directs)
