"""What every request and answer passes: whose address it has, headers that keep a browser safe, one mapping of refused rules."""

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from bihuan.kernel import addresses
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import one_picture

Next = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]

CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


class _Both:
    """A middleware that serves sync and async chains alike, so that no request changes threads on its account."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if iscoroutinefunction(self.get_response):
            return self._async(request)
        return self.after(request, cast(HttpResponseBase, self.get_response(request)))

    async def _async(self, request: HttpRequest) -> HttpResponseBase:
        answer = await cast(Awaitable[HttpResponseBase], self.get_response(request))
        return self.after(request, answer)

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What is done to the answer."""
        return response


class ClientAddress(_Both):
    """Behind a declared proxy the request has the address of whoever asked it, for the audit log and all others who look."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if told and settings.TRUSTED_PROXIES:
            peer = request.META.get("REMOTE_ADDR") or ""
            request.META["REMOTE_ADDR"] = addresses.client_of(peer, told, settings.TRUSTED_PROXIES)
        return super().__call__(request)


class OnePicture(_Both):
    """While a page is read, settings stand still: they are looked at once for all its parts."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if iscoroutinefunction(self.get_response):
            return self._async(request)
        if request.method not in ("GET", "HEAD"):
            return cast(HttpResponseBase, self.get_response(request))
        with one_picture():
            return cast(HttpResponseBase, self.get_response(request))

    async def _async(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return await cast(Awaitable[HttpResponseBase], self.get_response(request))
        with one_picture():
            return await cast(Awaitable[HttpResponseBase], self.get_response(request))


class Headers(_Both):
    """A strict content policy on every answer; pages of a signed-in reader are never stored by browser or proxy."""

    def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # The cookie is looked at, not the user: that would ask the database for every answer.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
        if signed_in:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Errors(_Both):
    """Maps a refused rule to what the reader's entrance understands; nothing else is caught here."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A fragment for htmx (it goes to the messages' corner unless the element names a place), else a page."""
        if not isinstance(error, RuleError):
            return None
        # Rules of the kernel carry plain Chinese; others are lazy. Both are said in the reader's language.
        message = gettext(str(error.message))
        context = {"code": error.code, "message": message, "field": error.field, "status": error.status, **error.data}
        if request.headers.get("HX-Request") != "true":
            template = "404.html" if error.status == 404 else "web/refused.html"
            return render(request, template, context, status=error.status)
        response = render(request, "web/parts/refusal.html", context, status=error.status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        return response
