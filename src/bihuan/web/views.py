"""The shell's own pages: the door, the way out, the language, home, and what stands where nothing is."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from bihuan.web import nav
from bihuan.web.forms import SignInForm


class SignIn(LoginView):
    """The door for staff. In a demo it lists one account a role, each one click away."""

    template_name = "web/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"logins": demo_logins() if settings.DEMO else []}


class SignOut(LogoutView):
    """The way out; by POST only."""

    next_page = "/login/"


def demo_logins() -> list[dict[str, str]]:
    """The demo operator's accounts, one a role: `role`, `username`, `password`, `name`."""
    try:
        actions = import_module("bihuan.demo.actions")
    except ModuleNotFoundError:  # an installation may leave the demo room out
        return []
    return list(actions.logins())


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language in a cookie and goes back to the same page."""
    return set_language(request)


def home(request: HttpRequest) -> HttpResponse:
    """Staff go to the first place their rights open; who has no place is told whom to ask."""
    if not request.user.is_authenticated:
        return redirect("web:login")
    places = nav.entries(request.user)
    return redirect(places[0].url) if places else render(request, "web/home.html")
