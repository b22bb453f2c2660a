"""The list of supervised cases: late ones first, then by their term; the ended ones behind."""

from collections.abc import Sequence

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from bihuan.cases import access
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.supervision.models import Progress, Supervision

STATES = ("open", "late", "ended")


def listing(viewer: Viewer, state: str = "open", unit_id: int | None = None) -> QuerySet[Supervision]:
    """Those whose case exists for the viewer; `state`: open (late first), late, ended (newest first), or "" for all."""
    seen = access.visible(viewer).filter(pk=OuterRef("case_id"))
    found = Supervision.objects.filter(Exists(seen))
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if state == "ended":
        return found.filter(ended_at__isnull=False).order_by("-ended_at", "-id")
    if state in ("open", "late"):
        found = found.filter(ended_at=None)
    if state == "late":
        found = found.filter(due_at__lte=clock.now())
    gone = ExpressionWrapper(Q(ended_at__isnull=False), output_field=BooleanField())
    return found.annotate(gone=gone).order_by("gone", "due_at", "id")


def counts(viewer: Viewer) -> dict[str, int]:
    """How many are open and how many of them late, each counted up to 1,000."""
    return {state: listing(viewer, state)[:1000].count() for state in ("open", "late")}


def of_case(case_id: int) -> list[Supervision]:
    """Every supervision of a case with its reports, newest first."""
    return list(Supervision.objects.filter(case_id=case_id).prefetch_related("progress").order_by("-id"))


def latest_reports(ids: Sequence[int]) -> dict[int, str]:
    """The newest report of each supervision: one statement."""
    rows = Progress.objects.filter(supervision_id__in=ids).order_by("supervision_id", "id")
    return dict(rows.values_list("supervision_id", "text"))
