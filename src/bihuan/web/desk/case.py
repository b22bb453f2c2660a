"""One case: its page, its deadlines in words, its print sheet, its sealed data opened for a stated purpose."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import access
from bihuan.customers import actions as customers
from bihuan.flow import originals
from bihuan.handling import callers, evidence
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.sla import replay
from bihuan.web.desk import story, words
from bihuan.web.desk.door import desk, targets
from bihuan.web.desk.names import english
from bihuan.web.masked import masked_text

SHOWN_FOR = 60
"""Seconds after which opened data is masked again on the page."""


@require_safe
@desk
def page(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """The case on a page of its own; only the pane when htmx asks for that."""
    case = access.access_case(viewer, number)
    template = "desk/pane.html" if targets(request, "pane") else "desk/case.html"
    context = {"queue_code": request.GET.get("from", ""), **story.of(viewer, case)}
    return render(request, template, context)


@require_safe
@desk
def deadlines(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """How each deadline came about, in words."""
    case = access.access_case(viewer, number)
    told = replay.stories(case.id, "en" if english() else "zh", clock.now())
    return render(request, "desk/deadlines.html", {"case": case, "stories": told})


@require_safe
@desk
def sheet(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """The page a line worker takes along."""
    case = access.access_case(viewer, number)
    context = {**story.of(viewer, case), "printed_at": clock.now(), "printed_by": viewer.name}
    return render(request, "desk/sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def reveal(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """Asks for the purpose, then opens what was chosen; the use register keeps who, what and why."""
    case = access.access_case(viewer, number, roles.REVEAL)
    held = story.masks_for(case)
    if request.method != "POST":
        asked = [(code, str(words.FIELDS[code]), held[code]) for code in words.FIELDS if held.get(code)]
        tokens = [(code, held[code]) for code in held if code not in words.FIELDS]
        context = {"case": case, "fields": asked, "tokens": tokens, "purposes": words.PURPOSES.items()}
        return render(request, "desk/reveal.html", context)
    fields = [field for field in request.POST.getlist("fields") if field in held]
    if not fields:
        raise RuleError("reveal.fields", _("请选择要查看的项目。"), field="fields")
    callers.refuse_data(case, fields, request.POST.get("purpose", ""))
    values = customers.reveal(case.party_id, fields, viewer.staff_id, request.POST.get("purpose", ""), case.number)
    audit.record(
        "reveal", actor_id=viewer.staff_id, actor_name=viewer.name, subject=case.number,
        address=request.META.get("REMOTE_ADDR", ""), detail={"fields": fields, "purpose": request.POST.get("purpose")},
    )  # fmt: skip
    shown = [(str(words.FIELDS.get(field, _("正文中的号码"))), values[field]) for field in fields]
    answer = render(request, "desk/revealed.html", {"case": case, "shown": shown, "seconds": SHOWN_FOR})
    answer["HX-Retarget"], answer["HX-Reswap"] = "#personal", "outerHTML"
    return answer


@require_safe
@desk
def personal(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """The masked data again, when what was opened has stood long enough."""
    case = access.access_case(viewer, number)
    return render(request, "desk/personal.html", story.personal_context(viewer, case, story.masks_for(case)))


@require_safe
@desk
def file(request: HttpRequest, viewer: Viewer, number: str, ident: int) -> HttpResponse:
    """A piece of evidence as a download; never shown inside the page. It may show a person, so it is opened like one."""
    case = access.access_case(viewer, number)
    originals.check(viewer, case)
    kept = evidence.find(case.id, ident)
    audit.record(
        "reveal", actor_id=viewer.staff_id, actor_name=viewer.name, subject=case.number,
        address=request.META.get("REMOTE_ADDR", ""), detail={"evidence": kept.id},
    )  # fmt: skip
    answer = HttpResponse(evidence.content_of(kept), content_type="application/octet-stream")
    name = masked_text(kept.name, story.masks_for(case))
    answer.headers["Content-Disposition"] = _attachment(name)
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"
