"""Reading reports: the list in reach, one through its door."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import keyset
from bihuan.kernel.errors import Forbidden, NotFound
from bihuan.majors.models import Report


def listing(viewer: Viewer, *, done: bool = False) -> QuerySet[Report]:
    """Reports in reach: those to write, the nearest term first; or with `done` those handed in, newest first."""
    seen = Q(lead_id=viewer.staff_id) | Q(case_id__in=access.visible(viewer).values("id"))
    found = Report.objects.filter(seen)
    return (
        found.exclude(handed_at=None).order_by("-handed_at")
        if done
        else found.filter(handed_at=None).order_by("due_at")
    )


def page(viewer: Viewer, size: int, after: str = "", *, done: bool = False) -> tuple[list[Report], str]:
    """The same, a page behind the key `after`, and the key of the next."""
    order = ("-handed_at", "-id") if done else ("due_at", "id")
    return keyset.page(listing(viewer, done=done), order, size, after)


def count(viewer: Viewer) -> int:
    """How many she has to write."""
    return Report.objects.filter(handed_at=None, lead_id=viewer.staff_id)[:1000].count()


def of_case(case_id: int) -> Report | None:
    """The report on a case."""
    return Report.objects.filter(case_id=case_id).first()


def may_write(viewer: Viewer, report: Report) -> bool:
    """True for the lead, and for leads and duty managers of her unit."""
    return report.lead_id == viewer.staff_id or (viewer.can(roles.DUTY) and report.unit_id in viewer.units)


def access_report(viewer: Viewer, report_id: int) -> tuple[Case, Report]:
    """One report with its case, both locked, for writing."""
    report = Report.objects.filter(pk=report_id).first()
    if report is None or not access.visible(viewer).filter(pk=report.case_id).exists():
        raise NotFound("report")
    if not may_write(viewer, report):
        raise Forbidden(roles.HANDLE, _("只有接口人或其部门的班组长、值班长可以写报告。"))
    case = Case.objects.select_for_update(of=("self",)).get(pk=report.case_id)
    return case, Report.objects.select_for_update().get(pk=report_id)
