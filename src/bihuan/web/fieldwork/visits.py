"""One appointment beside its case, and the steps taken with it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.fieldwork import queries
from bihuan.fieldwork.models import Appointment
from bihuan.fieldwork.rules import AHEAD
from bihuan.flow import fieldwork
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.web.desk import story
from bihuan.web.desk.names import Names, either
from bihuan.web.fieldwork import shell
from bihuan.web.fieldwork.forms import AssignForm, MissForm, MoveForm, NothingForm, ResultForm, WhyForm
from bihuan.web.fieldwork.words import chip_of, span, told_day
from bihuan.web.masked import masked_text
from bihuan.web.teamwork.shell import taken

Act = Callable[[Case, Appointment, Doer, dict[str, Any]], CaseEvent]


def _move(case: Case, visit: Appointment, doer: Doer, told: dict[str, Any]) -> CaseEvent:
    crew_id, starts, ends = told["slot"]
    return fieldwork.move(
        case, visit, doer, crew_id, starts, ends, told["agreed_by"], told["agreed_means"], told["why"]
    )


STEPS: dict[str, tuple[Callable[..., forms.Form], Act, str | Promise]] = {
    "arrival": (
        NothingForm, lambda case, visit, doer, told: fieldwork.arrive(case, visit, doer), gettext_lazy("已记到达"),
    ),
    "result": (
        ResultForm, lambda case, visit, doer, told: fieldwork.finish(case, visit, doer, told["result"]),
        gettext_lazy("上门已完成"),
    ),
    "miss": (
        MissForm, lambda case, visit, doer, told: fieldwork.miss(case, visit, doer, told["who"], told["note"]),
        gettext_lazy("已记失约"),
    ),
    "assignment": (
        AssignForm, lambda case, visit, doer, told: fieldwork.assign(case, visit, doer, told["staff"]),
        gettext_lazy("已指定上门人"),
    ),
    "slot": (MoveForm, _move, gettext_lazy("已改约")),
    "cancellation": (
        WhyForm, lambda case, visit, doer, told: fieldwork.cancel(case, visit, doer, told["why"]),
        gettext_lazy("已取消预约"),
    ),
}  # fmt: skip
"""By the noun in the address."""


@login_required
@require_safe
def page(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The appointment beside its case."""
    return _page(request, visit_id)


def _page(
    request: HttpRequest, visit_id: int, *, status: int = 200, failed: tuple[str, Any] | None = None
) -> HttpResponse:
    who = shell.entered(request, "calendar")
    case, visit, crew = queries.access_visit(who, visit_id)
    names, masks = Names(), story.masks_for(case)
    may = queries.may_change(who, case, crew)
    shown = {noun: kind(case=case, crew=crew) for noun, (kind, _act, _done) in STEPS.items()} if may else {}
    if failed is not None:
        shown[failed[0]] = failed[1]
    context = {
        **story.of(who, case), "visit": visit, "crew": crew, "crew_name": either(crew.name, crew.name_en),
        "day": told_day(visit.starts_at), "span": span(visit.starts_at, visit.ends_at), "chip": chip_of(visit),
        "staff": names.staff(visit.staff_id), "by": names.staff(visit.booked_by_id),
        "note": masked_text(visit.note, masks), "result": masked_text(visit.result, masks),
        "may": may and visit.status in AHEAD, "steps": shown, "opened": failed[0] if failed else "",
        "begun": clock.now() >= visit.starts_at,
    }  # fmt: skip
    return shell.show(request, "fieldwork/visit.html", "calendar", context, status=status)


@login_required
@require_POST
def step(request: HttpRequest, visit_id: int, noun: str) -> HttpResponse:
    """`POST /fieldwork/appointments/<id>/<noun>/`."""
    who = shell.entered(request, "calendar")
    if noun not in STEPS:
        raise NotFound("step")
    kind, act, done = STEPS[noun]
    case, visit, crew = queries.access_visit(who, visit_id)
    form = kind(request.POST, case=case, crew=crew)

    def do() -> None:
        with transaction.atomic():
            held, seen, _crew = queries.access_visit(who, visit_id, lock=True)
            act(held, seen, Doer.of(who), form.cleaned_data)

    if not taken(form, do):
        return _page(request, visit_id, status=422, failed=(noun, form))
    shell.tell(request, f"{done} ✓")
    return redirect("fieldwork:visit", visit_id)
