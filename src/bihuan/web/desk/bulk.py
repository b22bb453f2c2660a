"""One deed on several rows of a list, with a result for each: what one refuses does not stop the others."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from bihuan.dispatch.models import Bulk, BulkRow
from bihuan.flow import bulk as deeds
from bihuan.identity.viewer import Viewer
from bihuan.web.desk.door import desk, is_fragment
from bihuan.web.sharing.bulk_forms import DeedForm

AT_A_GLANCE = 200
"""Rows a page shows; all of them are in the Excel sheet."""


@require_POST
@desk
def bulk(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`do` names the deed, `pick` the numbers; `more` asks what else is to be done with them."""
    do, numbers = request.POST.get("do", ""), request.POST.getlist("pick")
    if do == "more":
        form = DeedForm(viewer=viewer, initial={"numbers": "\n".join(numbers)})
        context = {"form": form, "count": len(numbers), "queue_code": request.POST.get("from", "")}
        return render(
            request, "sharing/bulk_ask_pane.html" if is_fragment(request) else "sharing/bulk_ask.html", context
        )
    made = deeds.start(viewer, do, numbers)
    if made.finished_at is None:
        return redirect("sharing:bulk", made.pk)
    context = result_context(made) | {"queue_code": request.POST.get("from", "")}
    return render(request, "desk/bulk_pane.html" if is_fragment(request) else "desk/bulk.html", context)


def result_context(made: Bulk) -> dict[str, Any]:
    """What the page of a deed's results needs: what was refused first."""
    rows = BulkRow.objects.filter(bulk_id=made.pk).exclude(ok=None).order_by("ok", "place")[:AT_A_GLANCE]
    may_undo = made.finished_at is not None and made.good and made.undoes_id is None and made.undone_by_id is None
    return {"bulk": made, "results": list(rows), "done": made.good, "all": made.total, "may_undo": bool(may_undo)}
