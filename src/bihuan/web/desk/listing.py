"""All cases this reader may see, chosen by the address: filters, search by number or words, key pages, Excel."""

from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import access, filters, numbered
from bihuan.cases.facets import FACETS
from bihuan.cases.filters import Filter
from bihuan.cases.lexicon import current
from bihuan.cases.models import Case
from bihuan.cases.numbered import Numbered
from bihuan.cases.numbers import tidy
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import RuleError
from bihuan.knowledge import search
from bihuan.web.desk import searching
from bihuan.web.desk.door import desk
from bihuan.web.desk.names import Names
from bihuan.web.desk.rows import rows_of
from bihuan.web.guard import address_of

PAGE = 50
SHOWN = ("status", "channel", "urgency", "category", "service_type")
"""Facets offered as fields; the others come by links from figures and stay in the address."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def cases(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`GET` lists; `POST` looks a telephone, account or identity number up, which therefore never stands in an address."""
    if not viewer.can(roles.READ):
        return redirect("web:home")
    if request.method == "POST":
        return _by_number(request, viewer)
    chosen, refused = Filter(), None
    page: list[Case] = []
    after = ""
    try:
        chosen = filters.parse(request.GET)
        with searching.patience() if request.GET.get("q") else nullcontext():
            page, after = _page(viewer, chosen, request.GET.get("q", ""), request.GET.get("after", ""))
    except RuleError as error:
        refused = error
    context = _context(request, viewer, chosen) | {"rows": rows_of(page, Names()), "refused": refused}
    context["next_url"] = f"?{_query(request, chosen, after=after)}" if after else ""
    return render(request, "desk/cases.html", context, status=422 if refused else 200)


def find(viewer: Viewer, chosen: Filter, words: str) -> Any:
    """The cases in the viewer's reach that the filter chooses and whose text holds the words."""
    return _holding(words)(access.visible(viewer).filter(chosen.q()))


def _holding(words: str) -> access.Narrow:
    return search.narrowing(words) if words.strip() else lambda found: found


def _page(viewer: Viewer, chosen: Filter, words: str, after: str) -> tuple[list[Case], str]:
    """One page, newest first, and the key of the next."""
    behind = Q(pk__lt=int(after[:18])) if after.isdigit() else Q()
    holding = _holding(words)
    cases = access.newest(viewer, lambda found: holding(found.filter(chosen.q(), behind)), PAGE + 1)
    return cases[:PAGE], str(cases[PAGE - 1].id) if len(cases) > PAGE else ""


def _query(request: HttpRequest, chosen: Filter, **more: str) -> str:
    told = [("q", request.GET.get("q", "").strip()), *more.items()]
    return "&".join(part for part in (chosen.query(), urlencode([pair for pair in told if pair[1]])) if part)


def _context(request: HttpRequest, viewer: Viewer, chosen: Filter) -> dict[str, Any]:
    lexicon = current()
    fields = []
    for code in SHOWN:
        facet = FACETS[code]
        fields.append({"code": code, "name": facet.name, "choices": facet.choices(lexicon), "chosen": chosen.all(code)})
    query = _query(request, chosen)
    return {
        "place": "desk",
        "cases_url": reverse("desk:cases"),
        "fields": fields,
        "chosen": chosen,
        "from": chosen.one("from"),
        "to": chosen.one("to"),
        "late": "late" in chosen.all("is"),
        "words": _hidden(chosen),
        "told": [(name, key) for name, key in chosen.pairs if name not in _visible()],
        "q": request.GET.get("q", ""),
        "in_part": numbered.may_ask_in_part(viewer),
        "ask_number": request.GET.get("by") == "number",
        "first_url": f"?{query}" if request.GET.get("after") else "",
        "export_query": query,
        "may_export": viewer.can(roles.EXPORT),
    }


def _visible() -> set[str]:
    return {*SHOWN, "from", "to"}


def _hidden(chosen: Filter) -> list[tuple[str, str]]:
    """In words, what was chosen by a link rather than by a field."""
    return [(filters.name_of(n), filters.label_of(n, k, current())) for n, k in chosen.pairs if n not in _visible()]


def _by_number(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    told, refused, found = request.POST.get("number", "").strip()[:64], None, Numbered([], 0)
    try:
        found = numbered.find(viewer, told, address_of(request))
    except RuleError as error:
        refused = error
    context = _context(request, viewer, Filter()) | {
        "rows": rows_of(found.cases, Names()), "found": found, "by_number": True, "refused": refused,
    }  # fmt: skip
    return render(request, "desk/cases.html", context, status=422 if refused else 200)


@require_safe
@desk
def find_number(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The search field of every page: a complaint's number leads to it; anything else is looked for in the texts."""
    typed = request.GET.get("q", "").strip()[:100]
    if access.visible(viewer).filter(Q(number=tidy(typed))).exists():
        return redirect("desk:case", tidy(typed))
    if searching.looks_personal(typed):
        # It must not go on standing in addresses: the reader sends it again by the form.
        return redirect(f"{reverse('desk:cases')}?by=number")
    source = access.visible(viewer).filter(source_number=typed).exclude(source_number="").first() if typed else None
    if source is not None:
        return redirect("desk:case", source.number)
    return redirect(f"{reverse('search')}?{urlencode({'q': typed})}")
