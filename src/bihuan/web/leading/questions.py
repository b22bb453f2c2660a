"""Questions waiting for her, those other duty managers have, what she asked, what she answered."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.asking import queries
from bihuan.asking.models import Question
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web import chips
from bihuan.web.desk.door import desk
from bihuan.web.desk.names import Names
from bihuan.web.leading.tabs import tabs
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged

_VIEWS: dict[str, Callable[[Viewer], QuerySet[Question]]] = {
    "waiting": queries.waiting,
    "others": queries.of_others,
    "asked": queries.asked_by,
    "answered": queries.answered_by,
}


@require_safe
@desk
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`?show=` waiting (for her or whom she stands in for), others (a duty manager's colleagues), asked, answered."""
    if not viewer.can(roles.READ):
        raise NotFound("page")
    duty = viewer.can(roles.DUTY)
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in _VIEWS and (duty or shown != "others") else "waiting"
    page = paged(request, _VIEWS[shown](viewer))
    names = {
        "waiting": _("等我答复"), "others": _("问别的值班长的"), "asked": _("我问的"), "answered": _("我答过的"),
    }  # fmt: skip
    context = {
        **page, "rows": rows_of(page["rows"]), "shown": shown, "tabs": tabs(viewer, "questions"), "place": "leading",
        "views": [(code, name) for code, name in names.items() if duty or code != "others"],
    }  # fmt: skip
    return render(request, "leading/questions.html", context)


def rows_of(found: Sequence[Question]) -> list[dict[str, Any]]:
    """Lines of the list: two statements however many."""
    names, cases = Names(), Case.objects.in_bulk([one.case_id for one in found])
    masks = customers.masks_of(case.party_id for case in cases.values())
    return [
        {
            "one": one,
            "case": cases[one.case_id],
            "chip": chips.time_chip(one.due_at, met=None if one.answered_at is None else one.answered_at <= one.due_at),
            "text": masked_text(one.text, masks.get(cases[one.case_id].party_id, {})),
            "answer": masked_text(one.answer, masks.get(cases[one.case_id].party_id, {})),
            "by": names.staff(one.asked_by_id),
            "unit": names.unit(one.asked_unit_id),
            "to": names.staff(one.answered_by_id or one.asked_of_id),
            "category": names.node(cases[one.case_id].category_id or cases[one.case_id].suggested_category_id),
        }
        for one in found
    ]
