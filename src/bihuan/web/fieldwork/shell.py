"""What every page of work outside does alike: its tabs and what is said in the corner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bihuan.fieldwork import orders_queries as orders
from bihuan.fieldwork import queries as visits
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.viewers import viewer

_TOLD = "fieldwork_told"
ANY = (roles.HANDLE, roles.SETUP)


@dataclass(frozen=True)
class Tab:
    """One page: its address, the rights of which one opens it, and how much waits there for this reader."""

    code: str
    name: str | Promise
    rights: tuple[str, ...]
    count: Callable[[Viewer], int]

    @property
    def url(self) -> str:
        """Where it is."""
        return reverse(f"fieldwork:{self.code}")


TABS: tuple[Tab, ...] = (
    Tab("mine", gettext_lazy("我的维修单"), (roles.HANDLE,), orders.count),
    Tab("calendar", gettext_lazy("上门日历"), (roles.HANDLE,), visits.count),
    Tab("orders", gettext_lazy("全部维修单"), (roles.HANDLE,), lambda who: 0),
    Tab("blocks", gettext_lazy("阻碍与无资源"), (roles.HANDLE,), lambda who: 0),
    Tab("light", gettext_lazy("光衰整治"), (roles.HANDLE, roles.SETUP), lambda who: 0),
    Tab("figures", gettext_lazy("统计"), (roles.FIGURES,), lambda who: 0),
    Tab("crews", gettext_lazy("班组与片区"), (roles.DUTY, roles.SETUP), lambda who: 0),
)


def open_to(who: Viewer) -> list[Tab]:
    """The tabs this reader has."""
    return [tab for tab in TABS if who.reach and any(who.can(right) for right in tab.rights)]


@login_required
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """Opens where something waits for this person, else at her first tab."""
    who = viewer(request)
    tabs = open_to(who)
    if not tabs:
        raise NotFound("page")
    return redirect(next((tab.url for tab in tabs if tab.count(who)), tabs[0].url))


def entered(request: HttpRequest, code: str) -> Viewer:
    """Who is there; `NotFound` for whom this tab does not exist."""
    who = viewer(request)
    if code not in {tab.code for tab in open_to(who)}:
        raise NotFound("page")
    return who


def tell(request: HttpRequest, text: str) -> None:
    """Say this in the corner of the next page."""
    request.session[_TOLD] = [*request.session.get(_TOLD, []), str(text)]


def show(
    request: HttpRequest, template: str, code: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page under its tab."""
    who = viewer(request)
    tabs = [
        {"url": tab.url, "name": tab.name, "count": tab.count(who), "current": tab.code == code} for tab in open_to(who)
    ]
    frame = {"place": "fieldwork", "tabs": tabs, "tab": code, "toasts": request.session.pop(_TOLD, [])}
    return render(request, template, {**frame, **context}, status=status)
