"""The form, what stands beside it while typing, and the slip to read out afterwards."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases.access import access_case
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.flow import actions as flow
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.intake import context, followup
from bihuan.intake.actions import Draft, register_one
from bihuan.kernel.errors import RuleError
from bihuan.knowledge import queries as knowledge
from bihuan.text.classify import urgency_hint
from bihuan.web.hotline import queries
from bihuan.web.hotline.forms import CallForm
from bihuan.web.viewers import needs, viewer

_WORTH = 6
"""Digits or characters from which on looking is worth it."""


@needs(roles.REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest) -> HttpResponse:
    """Take the complaint: register, register and dispatch, or answer on the spot."""
    form = CallForm(request.POST or None, initial={"called_hotline": request.GET.get("hotline", "")[:32]})
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, 422 if form.is_bound else 200)
    try:
        number = _take(viewer(request), form)
    except RuleError as refused:
        name = refused.field.removeprefix("customer.").replace("phone", "calling_number")
        form.add_error(name if name in form.fields else None, str(refused.message))
        return _form(request, form, refused.status)
    return redirect("hotline:slip", number=number)


def _form(request: HttpRequest, form: CallForm, status: int) -> HttpResponse:
    return render(request, "hotline/registration.html", {"form": form, "place": "registration"}, status=status)


@transaction.atomic
def _take(who: Viewer, form: CallForm) -> str:
    """Everything the chosen button means, in one transaction."""
    doer, told = Doer.of(who), form.cleaned_data
    answer = register_one(Draft(form.complaint(), doer))
    if told["done"] in {"dispatch", "answer"}:
        case = Case.objects.select_for_update().get(number=answer.number)
        if told["done"] == "answer":
            flow.accept(case, doer, category=told["category"])
            flow.answer(case, doer, "call", told["reply"], accepted=True)
        else:
            flow.accept(case, doer, category=told["category"])
            if case.status == "accepted":
                flow.dispatch_by_rule(case, doer)
    return answer.number


@needs(roles.REGISTER)
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """Number and promised date to read out, and the next call one key away."""
    case = access_case(viewer(request), number)
    return render(request, "hotline/slip.html", {"case": case, "place": "registration"})


@needs(roles.REGISTER)
@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """The caller's last cases, once enough of the number is there. By POST: no number ever stands in an address."""
    number = request.POST.get("calling_number", "")[:32]
    if sum(mark.isdigit() for mark in number) < _WORTH:
        return render(request, "hotline/caller.html", {"waiting": True})
    earlier = queries.of_caller(viewer(request), number)
    context = {
        "earlier": earlier,
        "last": earlier[0] if earlier else None,
        "mark": queries.mark_of(viewer(request), number),
    }
    return render(request, "hotline/caller.html", context)


@needs(roles.REGISTER)
@require_POST
def hints(request: HttpRequest) -> HttpResponse:
    """While typing: likely categories, signs of urgency, and whether this has been said before."""
    content = request.POST.get("content", "")[:5000]
    if len(content) < _WORTH:
        return render(request, "hotline/hints.html", {})
    area = catalog.current().area(request.POST.get("area", "")[:100])
    number = request.POST.get("calling_number", "")[:32]
    held = catalog.current()
    suggested = [
        (held.node("phenomenon", code), score) for code, score in context.current().suggester.suggest(content, top=3)
    ]
    answer = {
        "suggested": [(node, round(score * 100)) for node, score in suggested if node is not None],
        "signs": urgency_hint(content),
        "script": knowledge.script_for(suggested[0][0].code, content) if suggested and suggested[0][0] else None,
        "alike": queries.said_before(viewer(request), number, area.id if area else None, content),
    }
    return render(request, "hotline/hints.html", answer)


@needs(roles.CHASE)
@require_POST
def chaser(request: HttpRequest, number: str) -> HttpResponse:
    """The caller asks about an open case: noted there, nothing new is registered."""
    with transaction.atomic():
        case = access_case(viewer(request), number, roles.CHASE, lock=True)
        followup.chase(case, Doer.of(viewer(request)), "hotline", request.POST.get("content", "")[:2000])
    return redirect("hotline:slip", number=case.number)
