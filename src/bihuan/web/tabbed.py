"""Pages under tabs: who has which, where something waits, what is said in the corner of the next one."""

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

from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.viewers import viewer


@dataclass(frozen=True)
class Tab:
    """One page: its address within its place, the rights of which one opens it, and how much waits there for a reader.
    `counts` is what that figure is of; it stands beside it where it is `pressing`, elsewhere it is only read out."""

    code: str
    name: str | Promise
    rights: tuple[str, ...]
    count: Callable[[Viewer], int] = lambda who: 0
    counts: str | Promise = gettext_lazy("待办")
    pressing: bool = False


@dataclass(frozen=True)
class Tabbed:
    """The pages of one place; `place` is its entry of the menu and the namespace of its addresses."""

    place: str
    tabs: tuple[Tab, ...]
    home: Callable[[Viewer], str] = lambda who: ""
    """Where somebody begins for whom nothing waits: a tab's code; else at the first tab."""

    def url(self, tab: Tab) -> str:
        """Where a tab is."""
        return reverse(f"{self.place}:{tab.code}")

    def open_to(self, who: Viewer) -> list[Tab]:
        """The tabs this reader has."""
        return [tab for tab in self.tabs if who.reach and any(who.can(right) for right in tab.rights)]

    def first(self) -> Callable[[HttpRequest], HttpResponse]:
        """The view that opens where something waits for this person, else at her first tab."""

        def view(request: HttpRequest) -> HttpResponse:
            who = viewer(request)
            tabs = self.open_to(who)
            if not tabs:
                raise NotFound("page")
            home = self.home(who)
            quiet = next((tab for tab in tabs if tab.code == home), tabs[0])
            return redirect(self.url(next((tab for tab in tabs if tab.count(who)), quiet)))

        made: Callable[[HttpRequest], HttpResponse] = login_required(require_safe(view))
        return made

    def entered(self, request: HttpRequest, code: str) -> Viewer:
        """Who is there; `NotFound` for whom this tab does not exist."""
        who = viewer(request)
        if code not in {tab.code for tab in self.open_to(who)}:
            raise NotFound("page")
        return who

    def tell(self, request: HttpRequest, text: str) -> None:
        """Say this in the corner of the next page."""
        request.session[self._told] = [*request.session.get(self._told, []), str(text)]

    def show(
        self, request: HttpRequest, template: str, code: str, context: Mapping[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """The page under its tab."""
        who = viewer(request)
        tabs = [
            {
                "url": self.url(tab), "name": tab.name, "count": tab.count(who), "current": tab.code == code,
                "counts": tab.counts, "pressing": tab.pressing,
            }
            for tab in self.open_to(who)
        ]  # fmt: skip
        frame = {"place": self.place, "tabs": tabs, "tab": code, "toasts": request.session.pop(self._told, [])}
        return render(request, template, {**frame, **context}, status=status)

    @property
    def _told(self) -> str:
        return f"{self.place}_told"
