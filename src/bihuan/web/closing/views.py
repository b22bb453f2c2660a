"""What waits for someone around closing: exceptional closings to decide, care calls to make."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.identity import roles
from bihuan.revisit import care, queries
from bihuan.sla import deadlines
from bihuan.web import chips
from bihuan.web.desk.names import Names, either
from bihuan.web.desk.rows import rows_of
from bihuan.web.viewers import needs, viewer

MOST = 100


@needs(roles.DUTY)
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """Exceptional closings the reader is to decide, the oldest first."""
    who = viewer(request)
    waiting = list(queries.waiting_for(who.staff_id)[:MOST])
    cases = {case.id: case for case in access.visible(who).filter(pk__in=[one.case_id for one in waiting])}
    rows = {row.case.id: row for row in rows_of(list(cases.values()))}
    terms, names = deadlines.open_of("closing", [one.pk for one in waiting]), Names()
    told = [
        {"asked": one, "row": rows[one.case_id], "by": names.staff(one.by_id), "reason": _reason(one.exception_id),
         "chip": _chip(terms.get(one.pk)), "deputy": one.approver_id != who.staff_id}
        for one in waiting if one.case_id in rows
    ]  # fmt: skip
    return render(request, "closing/approvals.html", {"rows": told, "place": "approvals"})


def _reason(ident: int) -> str:
    reason = catalog.current().reasons.get(ident)
    return either(reason.name, reason.name_en) if reason else ""


def _chip(term: Any) -> Any:
    return chips.time_chip(term.due_at) if term is not None else None


@needs(roles.REVISIT)
@require_safe
def care_calls(request: HttpRequest) -> HttpResponse:
    """Care calls that have come due, the longest waiting first."""
    who = viewer(request)
    due = list(care.queue(who)[:MOST])
    cases = Case.objects.in_bulk([one.case_id for one in due])
    rows = {row.case.id: row for row in rows_of(list(cases.values()))}
    told = [
        {"care": one, "row": rows[one.case_id], "chip": chips.time_chip(one.until)}
        for one in due
        if one.case_id in rows
    ]
    return render(request, "closing/care.html", {"rows": told, "place": "revisits"})
