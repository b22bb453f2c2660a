"""Reading special tracking: the table in reach, one through its door."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, NotFound
from bihuan.tracking.models import Track


def table(viewer: Viewer, shown: str = "open") -> QuerySet[Track]:
    """`open`: the nearest date (so the late) first; `mine`; `hot`; `difficult`; `done`, newest first."""
    seen = Q(owner_id=viewer.staff_id) | Q(unit_id__in=viewer.units)
    found = Track.objects.filter(seen | Q(case_id__in=access.visible(viewer).values("id")))
    if shown == "done":
        return found.exclude(ended_at=None).order_by("-ended_at")
    found = found.filter(ended_at=None).order_by("next_at", "id")
    if shown == "mine":
        return found.filter(owner_id=viewer.staff_id)
    return found.filter(**{shown: True}) if shown in {"hot", "difficult"} else found


def count(viewer: Viewer) -> int:
    """How many of hers have fallen due."""
    mine = Track.objects.filter(ended_at=None, owner_id=viewer.staff_id, next_at__lte=clock.now())
    return mine[:1000].count()


def of_case(case_id: int) -> Track | None:
    """The latest tracking of a case, running or over."""
    return Track.objects.filter(case_id=case_id).prefetch_related("entries").first()


def may_keep(viewer: Viewer, track: Track) -> bool:
    """True for the owner, and for who may reopen cases of the owner's unit (leads, duty managers, dispatchers)."""
    return track.owner_id == viewer.staff_id or (viewer.can(roles.REOPEN) and viewer.can(roles.DISPATCH))


def access_track(viewer: Viewer, track_id: int) -> tuple[Case, Track]:
    """One tracking with its case, both locked, for keeping it."""
    track = table(viewer, "open").filter(pk=track_id).first() or table(viewer, "done").filter(pk=track_id).first()
    if track is None:
        raise NotFound("tracking")
    if not may_keep(viewer, track):
        raise Forbidden(roles.REOPEN, _("只有跟踪责任人或班组长、值班长、派单员可以更新。"))
    case = Case.objects.select_for_update(of=("self",)).get(pk=track.case_id)
    return case, Track.objects.select_for_update().get(pk=track_id)
