"""Customers who wait for news, and what one customer wishes."""

from django.db.models import F, QuerySet

from bihuan.cases.models import Case
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import keyset
from bihuan.progress.actions import KIND
from bihuan.progress.models import Wish
from bihuan.sla.models import Deadline


def waiting(viewer: Viewer) -> QuerySet[Deadline]:
    """Open waits for news whose case is in her units' hands now, the nearest (so the late) first."""
    mine = Case.objects.filter(holder_unit_id__in=viewer.units, replied_at=None).values("id")
    return Deadline.objects.filter(kind=KIND, ended_at=None, case_id__in=mine).order_by(F("due_at"), "id")


def page(viewer: Viewer, size: int, after: str = "") -> tuple[list[Deadline], str]:
    """The same, a page behind the key `after`, and the key of the next."""
    return keyset.page(waiting(viewer), ("due_at", "id"), size, after)


def count(viewer: Viewer) -> int:
    """How many, at most a thousand."""
    return waiting(viewer)[:1000].count() if viewer.can(roles.HANDLE) else 0


def wants_news(case_id: int) -> bool:
    """False where the customer asked not to be told."""
    return not Wish.objects.filter(case_id=case_id, told=False).exists()
