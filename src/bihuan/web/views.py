"""The shell's own pages: the door, the way out, the language, home, and what stands where nothing is."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from bihuan.identity import roles, signin
from bihuan.identity.models import Staff
from bihuan.kernel.errors import RuleError
from bihuan.web import guard, nav
from bihuan.web.forms import PasswordForm, SignInForm


class SignIn(LoginView):
    """The door for staff. In a demo it lists one account a role, each one click away."""

    template_name = "web/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"logins": demo_logins() if settings.DEMO else []}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """She is in; written down."""
        answer = super().form_valid(form)
        if isinstance(self.request.user, Staff):
            signin.came_in(self.request.user, guard.address_of(self.request))
        return answer


class SignOut(LogoutView):
    """The way out; by POST only."""

    next_page = "/login/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """She is out; written down."""
        if isinstance(request.user, Staff):
            signin.went_out(request.user, guard.address_of(request))
        return super().post(request, *args, **kwargs)


def demo_logins() -> list[dict[str, Any]]:
    """The demo operator's accounts, one a role: `role`, `role_name`, `username`, `password`, `name`."""
    try:
        actions = import_module("bihuan.demo.actions")
    except ModuleNotFoundError:  # an installation may leave the demo room out
        return []
    return [{**one, "role_name": roles.ROLES[one["role"]].name} for one in actions.logins()]


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language in a cookie and goes back to the same page."""
    return set_language(request)


@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; whoever was given one is led here before anything else."""
    staff = request.user
    assert isinstance(staff, Staff)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signin.change_password(staff, form.cleaned_data["old"], form.cleaned_data["new"], guard.address_of(request))
        except RuleError as refused:
            form.add_error(refused.field or None, gettext(str(refused.message)))
        else:
            update_session_auth_hash(request, staff)
            return redirect("web:home")
    context = {"form": form, "forced": signin.must_change(staff)}
    return render(request, "web/password.html", context, status=422 if form.is_bound else 200)


def home(request: HttpRequest) -> HttpResponse:
    """Staff go to the first place their rights open; who has no place is told whom to ask."""
    if not request.user.is_authenticated:
        return redirect("web:login")
    places = nav.entries(request.user)
    return redirect(places[0].url) if places else render(request, "web/home.html")
