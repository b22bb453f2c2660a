"""How a request comes to a set-up page, and what every page of it does alike."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.web.viewers import viewer

P = ParamSpec("P")
_TOLD = "setup_told"


def page(
    *rights: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """For signed-in staff with one of these rights; for everyone else the page does not exist."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def entered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            by = viewer(request)
            if not any(by.can(right) for right in rights):
                raise NotFound("page")
            return view(request, by, *args, **kwargs)

        return login_required(entered)

    return decorate


def tell(request: HttpRequest, text: str) -> None:
    """Say this in the corner of the next page."""
    request.session[_TOLD] = [*request.session.get(_TOLD, []), str(text)]


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """The page, with what is to be told; a form that was sent and not taken answers 422."""
    form = context.get("form")
    if status == 200 and isinstance(form, BaseForm) and form.is_bound and form.errors:
        status = 422
    frame = {"place": "setup", "toasts": request.session.pop(_TOLD, [])}
    return render(request, template, {**frame, **context}, status=status)


def taken(form: Any, act: Callable[[], Any]) -> bool:
    """Run `act` for a valid form; what a rule refuses is said beside its field. True when it was done."""
    if not form.is_valid():
        return False
    try:
        act()
    except RuleError as refused:
        name = refused.field.removesuffix("_id")
        form.add_error(name if name in form.fields else None, _(str(refused.message)))
        return False
    return True


def paged(request: HttpRequest, rows: Any, size: int = 50) -> dict[str, Any]:
    """`rows` of the asked page, `summary`, `first_url`, `next_url`: what a list and its pager need."""
    found = Paginator(rows, size).get_page(request.GET.get("page"))
    query = request.GET.copy()

    def url(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    summary = (
        _("第 %(first)d–%(last)d 条，共 %(total)d 条")
        % {"first": found.start_index(), "last": found.end_index(), "total": found.paginator.count}
        if found.paginator.count
        else ""
    )
    return {
        "rows": list(found.object_list),
        "summary": summary,
        "first_url": url(1) if found.number > 1 else "",
        "next_url": url(found.next_page_number()) if found.has_next() else "",
    }
