"""Shift hand-over: what is open now, the note, and the next one taking it over."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.cases.models import Case, Urgency
from bihuan.cases.queues import SOON
from bihuan.cases.states import OPEN_STATES
from bihuan.identity import handover as shifts
from bihuan.identity import roles, roster
from bihuan.identity.models import Handover, Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.web.setup.door import page, show, taken, tell

LABELS = {
    "open": gettext_lazy("在办"),
    "late": gettext_lazy("超时"),
    "due_soon": gettext_lazy("临期"),
    "urgent": gettext_lazy("紧急"),
}


class HandoverForm(forms.Form):
    """What the next shift must know."""

    note = forms.CharField(
        label=gettext_lazy("交接内容"),
        help_text=gettext_lazy("未办结的重点投诉（写工单编号）、正在发生的故障、答应客户的事。不要写客户的个人信息。"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=shifts.LONGEST,
        error_messages={"required": gettext_lazy("请写明交接内容；没有遗留事项也要写“无”。")},
    )


@page(roles.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Hand the shift of one's unit over, or read the last ones."""
    units = list(Unit.objects.filter(pk__in=by.units, active=True).order_by("code"))
    unit = _meant(request, by, units)
    form = HandoverForm(request.POST or None)
    counts = open_now(unit.pk) if unit else dict.fromkeys(shifts.COUNTS, 0)
    if (
        request.method == "POST"
        and unit is not None
        and taken(form, lambda: shifts.give(unit.pk, form.cleaned_data["note"], counts, by))
    ):
        tell(request, _("已交班，等待下一班接班。"))
        return redirect("setup:handover")
    context = {
        "form": form,
        "unit": unit,
        "units": units,
        "counts": [(LABELS[name], counts[name], name) for name in shifts.COUNTS],
        "on_duty": roster.on_duty(by.units),
        "lines": [_line(row, by) for row in shifts.recent(by.units)],
        "place": "handover",
    }
    return show(request, "setup/handover.html", context)


def _meant(request: HttpRequest, by: Viewer, units: list[Unit]) -> Unit | None:
    """The unit asked for, else her own."""
    told = request.POST.get("unit") or request.GET.get("unit", "")
    asked = next((row for row in units if str(row.pk) == told), None)
    return asked or next((row for row in units if row.pk == by.unit_id), units[0] if units else None)


def _line(row: Handover, by: Viewer) -> dict[str, Any]:
    return {
        "row": row,
        "counts": [(LABELS[name], row.open_cases.get(name, 0)) for name in shifts.COUNTS],
        "may_take": row.taken_at is None and row.given_by_id != by.staff_id,
    }


@page(roles.READ)
@require_POST
def receipt(request: HttpRequest, by: Viewer, handover_id: int) -> HttpResponse:
    """Take the shift over."""
    shifts.take(handover_id, by)
    tell(request, _("已接班。"))
    return redirect("setup:handover")


def open_now(unit_id: int) -> dict[str, int]:
    """{open, late, due_soon, urgent} of the unit at this moment; one statement on its own index."""
    now = clock.now()
    open_cases = Case.objects.filter(holder_unit_id=unit_id, status__in=OPEN_STATES)
    found = open_cases.aggregate(
        open=Count("id"),
        late=Count("id", filter=Q(next_due_at__lte=now)),
        due_soon=Count("id", filter=Q(next_due_at__gt=now, next_due_at__lte=now + SOON)),
        urgent=Count("id", filter=Q(urgency__gte=Urgency.URGENT)),
    )
    return {name: int(found[name]) for name in shifts.COUNTS}
