"""How a request comes to the desk: who it is, which case it means, and under which version it was filled in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from bihuan.identity.viewer import Viewer
from bihuan.web.viewers import viewer as viewer_for

P = ParamSpec("P")


def desk(
    view: Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For signed-in staff; the view is given the viewer. A fragment asked for after the session ended loads the page
    anew, which leads to the door."""

    @wraps(view)
    def entered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_fragment(request) and not request.user.is_authenticated:
            answer = HttpResponse(status=204)
            answer["HX-Refresh"] = "true"
            return answer
        return guarded(request, *args, **kwargs)

    @login_required
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, viewer_for(request), *args, **kwargs)

    return entered


def is_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def targets(request: HttpRequest, ident: str) -> bool:
    """True when htmx will put the answer into the element with this id."""
    return is_fragment(request) and request.headers.get("HX-Target", "").endswith(f"#{ident}")


def seen_version(request: HttpRequest) -> int | None:
    """The version the form was filled against; None when it carries none."""
    told = request.POST.getlist("version")
    return int(told[-1]) if told and told[-1].isdigit() else None
