"""Taking a step: the form by GET, the deed by POST, whatever the noun. One door, one lock, one verb, one answer."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.assistance import queries as assistance
from bihuan.cases import access, queues
from bihuan.cases.actions import check_version
from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import cohandling
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.kernel.history import one_picture
from bihuan.web.desk import queue, sentences, story
from bihuan.web.desk.dispatching import proposal
from bihuan.web.desk.door import desk, is_fragment, seen_version
from bihuan.web.desk.forms import StepForm
from bihuan.web.desk.names import Names
from bihuan.web.desk.nouns import NOUNS, Noun, name_of
from bihuan.web.desk.offers import check_state
from bihuan.web.desk.rows import rows_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def step(request: HttpRequest, viewer: Viewer, number: str, noun: str) -> HttpResponse:
    """`GET /cases/<no>/<noun>/` asks, `POST` does."""
    what = NOUNS.get(noun)
    if what is None:
        raise NotFound("step")
    if request.method != "POST":
        return _ask(request, viewer, number, what)
    with one_picture():
        return _do(request, viewer, number, what)


def _ask(request: HttpRequest, viewer: Viewer, number: str, noun: Noun) -> HttpResponse:
    case = access.access_case(viewer, number, noun.right, together=noun.together)
    check_state(case, noun)
    form = noun.form(case=case, viewer=viewer)
    return _form(request, viewer, case, noun, form)


def _do(request: HttpRequest, viewer: Viewer, number: str, noun: Noun) -> HttpResponse:
    form: StepForm | None = None
    try:
        with transaction.atomic():
            case = access.access_case(viewer, number, noun.right, lock=True, together=noun.together)
            form = noun.form(request.POST, case=case, viewer=viewer, files=request.FILES)
            if not form.is_valid():
                return _form(request, viewer, case, noun, form, status=422)
            check_version(case, seen_version(request))
            noun.act(case, viewer, form.cleaned_data)
    except Conflict as changed:
        if changed.code != "case.changed":
            raise
        return _changed(request, viewer, number, noun, changed)
    except RuleError as refused:
        if form is None or is_fragment(request):
            raise
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        return _form(request, viewer, case, noun, form, status=refused.status)
    return done(request, viewer, number, noun)


def _form(
    request: HttpRequest, viewer: Viewer, case: Case, noun: Noun, form: StepForm, status: int = 200, **more: Any
) -> HttpResponse:
    """The form alone for the open page, or the whole case page with the form open."""
    context = {
        "case": case,
        "noun": noun,
        "title": name_of(noun, case),
        "form": form,
        "queue_code": request.GET.get("from") or request.POST.get("from", ""),
        **more,
    }
    if noun.code == "dispatches":
        context["proposal"] = proposal(case)
    if noun.code == "replies":
        names = Names()
        context["awaited"] = [names.unit(unit_id) for unit_id in assistance.open_units(case.id)]
        context["beside"] = [names.unit(unit_id) for unit_id in cohandling.open_units(case.id)]
    if is_fragment(request):
        answer = render(request, form.template, context, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#step", "innerHTML"
        return answer
    context |= story.of(viewer, case)
    return render(request, "desk/case.html", context, status=status)


def _changed(request: HttpRequest, viewer: Viewer, number: str, noun: Noun, changed: Conflict) -> HttpResponse:
    """Somebody was quicker: what happened since stands above what was written, and one press sends it all the same."""
    case = access.access_case(viewer, number)
    since = CaseEvent.objects.filter(case_id=case.id, seq__gt=seen_version(request) or 0).order_by("seq")
    told = [entry for entry in sentences.entries(list(since), Names(), story.masks_for(case)) if not entry.clock]
    form = noun.form(request.POST, case=case, viewer=viewer, files=request.FILES)
    form.is_valid()
    return _form(request, viewer, case, noun, form, status=409, changed=told, message=changed.message)


def done(request: HttpRequest, viewer: Viewer, number: str, noun: Noun) -> HttpResponse:
    """The case as it stands now, its row in the list, and a word in the corner."""
    if not is_fragment(request):
        return redirect("desk:case", number)
    case = access.visible(viewer).filter(number=number).first()
    if case is None:
        answer = HttpResponse()
        answer["HX-Redirect"] = "/desk/"
        return answer
    code = request.POST.get("from", "")
    code = code if code in queues.QUEUES else ""
    context = {
        "queue_code": code,
        "row": rows_of([case])[0],
        "row_url": queue.row_url(code) if code else "",
        "toast": f"{case.number} {noun.done}" if case.ended_at is None else _ended(case, noun),
        **story.of(viewer, case),
    }
    answer = render(request, "desk/done.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#pane", "outerHTML"
    return answer


def _ended(case: Case, noun: Noun) -> str:
    return _("%(number)s %(done)s，已离开待办。") % {"number": case.number, "done": noun.done}
