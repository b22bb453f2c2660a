"""“张三 也打开着”: an open case page tells that it is there, and hears who else is."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bihuan.cases import access
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.web.desk.door import desk
from bihuan.web.desk.models import Presence
from bihuan.web.desk.names import Names

THERE = timedelta(seconds=75)
"""Pages tell every half minute; two missed tellings and a bit mean gone."""
SWEPT = timedelta(hours=1)


@require_POST
@desk
def presence(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """I am here; who else is?"""
    case = access.access_case(viewer, number)
    others = told(case.id, viewer.staff_id)
    names = Names()
    return render(request, "desk/presence.html", {"names": [names.staff(staff_id) for staff_id in others]})


def told(case_id: int, staff_id: int) -> list[int]:
    """Note that this person has the case open; answers who else had it open a moment ago. Three statements."""
    now = clock.now()
    Presence.objects.filter(seen_at__lt=now - SWEPT).delete()
    Presence.objects.bulk_create(
        [Presence(case_id=case_id, staff_id=staff_id, seen_at=now)],
        update_conflicts=True,
        unique_fields=["case_id", "staff_id"],
        update_fields=["seen_at"],
    )
    others = Presence.objects.filter(case_id=case_id, seen_at__gte=now - THERE).exclude(staff_id=staff_id)
    return list(others.order_by("seen_at").values_list("staff_id", flat=True)[:5])
