"""Watches over a signed-in session: who is away too long is signed out, who was given a password chooses her own first."""

from collections.abc import Awaitable
from typing import cast
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from bihuan.identity import signin
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.web.middleware import _Both

SEEN = "seen"
_EVERY = 60
"""Seconds between two notes of someone's being here: writing the session at every click would cost a commit each."""


class Guard(_Both):
    """Looks at requests that carry a session; a stranger's pass untouched."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if iscoroutinefunction(self.get_response):
            return self._async(request)
        refused = before(request) if _carries_session(request) else None
        return refused or cast(HttpResponseBase, self.get_response(request))

    async def _async(self, request: HttpRequest) -> HttpResponseBase:
        refused = await sync_to_async(before)(request) if _carries_session(request) else None
        return refused or await cast(Awaitable[HttpResponseBase], self.get_response(request))


def _carries_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(settings.STATIC_URL)


def before(request: HttpRequest) -> HttpResponse | None:
    """What stands between this request and its page; None when nothing does."""
    staff = request.user
    if not isinstance(staff, Staff):
        return None
    now = clock.now().timestamp()
    seen = request.session.get(SEEN)
    if seen is not None and now - seen > settings.IDLE_MINUTES * 60:
        signin.went_out(staff, address_of(request), "idle")
        logout(request)
        return _lead(request, f"{reverse('web:login')}?{urlencode({'next': _page_of(request)})}")
    # What an open page does by itself keeps nobody signed in.
    listening = "text/event-stream" in request.headers.get("Accept", "") or request.path.endswith("/presence/")
    if not listening and (seen is None or abs(now - seen) > _EVERY):
        request.session[SEEN] = now
    if signin.must_change(staff) and request.path not in _open_to_all():
        return _lead(request, reverse("web:password"))
    return None


def address_of(request: HttpRequest) -> str:
    """The caller's address, for the audit log."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _open_to_all() -> set[str]:
    return {reverse(name) for name in ("web:password", "web:login", "web:logout", "web:language")}


def _page_of(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" and not _fragment(request) else "/"


def _fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    """To another page; a fragment's whole page goes there, because a form inside half a page would puzzle."""
    if "text/event-stream" in request.headers.get("Accept", ""):
        return HttpResponse(status=204)
    if _fragment(request):
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = address
        return answer
    return HttpResponseRedirect(address)
