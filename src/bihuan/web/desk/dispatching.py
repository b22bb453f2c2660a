"""Whom a case can be sent to: units by word, the people of a unit, and the rules' own proposal with its reason."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bihuan.cases.models import Case
from bihuan.catalog.pinyin import initials
from bihuan.dispatch import queries as routing
from bihuan.identity import book, roles
from bihuan.identity.models import Staff
from bihuan.identity.units import UnitInfo
from bihuan.identity.viewer import Viewer
from bihuan.web.desk.door import desk
from bihuan.web.desk.names import either

MOST = 30


@dataclass(frozen=True)
class Proposal:
    """What the rules say, in the reader's language."""

    unit_id: int
    unit: str
    reason: str
    demands: str
    rule: str


def proposal(case: Case) -> Proposal | None:
    """Where the rules would send this case; None when no rule fits."""
    choice = routing.suggestion(case)
    if choice is None:
        return None
    rule, unit = choice.rule, choice.unit
    return Proposal(
        unit.id,
        either(unit.name, unit.name_en),
        either(rule.reason, rule.reason_en),
        either(rule.demands, rule.demands_en),
        rule.code,
    )


def handlers(unit_id: int) -> list[tuple[str, str]]:
    """Who of this unit can take an order: (id, name)."""
    people = Staff.objects.filter(unit_id=unit_id, is_active=True, is_system=False).order_by("username")
    return [(str(p.id), either(p.name, p.name_en)) for p in people if p.can(roles.RECEIVE) or p.can(roles.HANDLE)]


@require_safe
@desk
def units(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Units for the picker by word, pinyin initials or code (`q`); all, the nearest first, when nothing is asked."""
    q = request.GET.get("q", "").strip().lower()
    if request.GET.get("parent"):
        return JsonResponse([], safe=False)
    known = book.units().units
    found = [unit for unit in known.values() if not q or _matches(unit, q)]
    found.sort(key=lambda unit: (unit.area != viewer.area, len(unit.path), unit.code))
    return JsonResponse([_option(unit, known) for unit in found[:MOST]], safe=False)


def _matches(unit: UnitInfo, q: str) -> bool:
    return (
        q in unit.name.lower()
        or q in unit.name_en.lower()
        or unit.code.lower().startswith(q)
        or q in initials(unit.name, others=True)
    )


def _option(unit: UnitInfo, known: dict[int, UnitInfo]) -> dict[str, Any]:
    above = [known[step] for step in unit.path[1:-1] if step in known]
    path = " / ".join(either(up.name, up.name_en) for up in above)
    return {"id": str(unit.id), "label": either(unit.name, unit.name_en), "path": path, "leaf": True}


@require_safe
@desk
def people(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The responsible-person field again, for the unit just chosen."""
    told = request.GET.get("unit", "")
    return render(request, "desk/steps/handlers.html", {"people": handlers(int(told) if told.isdigit() else 0)})
