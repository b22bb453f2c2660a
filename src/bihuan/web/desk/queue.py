"""The queues with the open case beside them."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bihuan.cases import access, queues
from bihuan.cases.models import Case
from bihuan.dispatch import disputes
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.desk import live, story
from bihuan.web.desk.door import desk, targets
from bihuan.web.desk.names import Names
from bihuan.web.desk.rows import rows_of

_FIRST = ("mine", "unreceived", "unassigned", "revisit", "unit", "taken", "late")
"""Where to look for work first."""


@require_safe
@desk
def first(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The desk opens where this person has work; who works with no queue gets the list."""
    shown = [one.code for one in queues.shown(viewer)]
    if shown and roles.EVERYWHERE not in viewer.reach:
        counts = queues.counts(viewer, shown)
        return redirect("desk:named", next((code for code in _FIRST if counts.get(code)), shown[0]))
    return redirect("desk:cases") if viewer.can(roles.READ) else redirect("web:home")


@require_safe
@desk
def queue(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """One queue, and beside it the case named in the address."""
    shown = queues.shown(viewer)
    if code not in {one.code for one in shown}:
        raise NotFound("queue")
    number = request.GET.get("case", "")
    case = access.access_case(viewer, number) if number else None
    if case is not None and targets(request, "pane"):
        return render(request, "desk/pane.html", pane_context(request, viewer, case, code))
    context = list_context(request, viewer, code, shown)
    if case is not None:
        context |= pane_context(request, viewer, case, code)
    return render(request, "desk/queue.html", context)


def pane_context(request: HttpRequest, viewer: Viewer, case: Case, code: str = "") -> dict[str, Any]:
    """What the pane of one case needs; `code` is the queue it was opened from."""
    after = request.GET.get("after", "")
    return {"queue_code": code, "back": _address(code, after=after) if code else "", **story.of(viewer, case)}


def list_context(request: HttpRequest, viewer: Viewer, code: str, shown: list[queues.Queue]) -> dict[str, Any]:
    """What the list beside it needs."""
    after = request.GET.get("after", "")
    seen = live.newest_id()  # before the rows are read: rather told once more than not at all
    page = queues.page(viewer, code, after)
    counts = queues.counts(viewer, [one.code for one in shown])
    return {
        "place": "revisits" if code == "revisit" and viewer.reach == {roles.REPLIED} else "desk",
        "queue_code": code,
        "queue_name": queues.QUEUES[code].name,
        "tabs": [_tab(one, counts[one.code], code) for one in shown if _stands(one.code, counts, code)],
        "rows": rows_of(page.cases, Names()),
        "open_number": request.GET.get("case", ""),
        "after": after,
        "seen": seen,
        "row_url": row_url(code, after),
        "first_url": _address(code) if after else "",
        "next_url": _address(code, after=page.after) if page.after else "",
        "bulk": bulk_actions(viewer, code),
        "to_rule": disputes.count(viewer) if viewer.can(roles.RULE) else 0,
        "registration_url": reverse("hotline:registration") if viewer.can(roles.REGISTER) else "",
    }


def row_url(code: str, after: str = "") -> str:
    """Where a row leads, but for its number at the end."""
    address = _address(code, after=after)
    return f"{address}{'&' if '?' in address else '?'}case="


def _stands(of: str, counts: dict[str, int], code: str) -> bool:
    """The queues of a few cases have their tab while there are any."""
    return of not in queues.RARE or counts[of] > 0 or of == code


def _tab(one: queues.Queue, count: int, code: str) -> dict[str, Any]:
    many = f"{queues.MOST_COUNTED - 1}+" if count >= queues.MOST_COUNTED else str(count)
    return {
        "url": _address(one.code), "name": one.name, "count": many if count else "", "current": one.code == code,
        "late": one.code == "late" and count > 0,
    }  # fmt: skip


def _address(code: str, **query: str) -> str:
    told = urlencode({name: value for name, value in query.items() if value})
    return reverse("desk:named", args=[code]) + (f"?{told}" if told else "")


def bulk_actions(viewer: Viewer, code: str) -> list[str]:
    """What may be done with several rows of this queue at once; a form for the rest stands beside it."""
    found = []
    if viewer.can(roles.RECEIVE) and code in {"unit", "unreceived", "mine", "soon", "late", "vip", "security"}:
        found.append("receipts")
    if viewer.can(roles.DISPATCH) and code in {
        "unit",
        "unassigned",
        "taken",
        "soon",
        "late",
        "mine",
        "vip",
        "security",
    }:
        found.append("dispatches")
    if viewer.can(roles.CLOSE) and code == "revisit":
        found.append("closures")
    return found
