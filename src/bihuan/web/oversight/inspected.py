"""What visits and evaluations have alike: what both forms tell, one's page with its demands and record, one more demand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.identity.viewer import Viewer
from bihuan.oversight import actions, queries
from bihuan.oversight.models import Evaluation, Patrol
from bihuan.oversight.words import SEVERITIES
from bihuan.web.desk.names import Names
from bihuan.web.oversight import forms, shell


def told(who: Viewer, form: "forms.PlacedForm", points: Any) -> dict[str, Any]:
    """What both forms tell, as `PatrolIn` and `EvaluationIn` take it."""
    held = form.cleaned_data
    return {
        "unit_id": held["unit"],
        "area_id": held["area"],
        "summary": held["summary"],
        "case_ids": queries.cases_named(who, form.numbers()),
        "points": forms.points_told(points),
    }


@dataclass(frozen=True)
class Kind:
    """`name` is that of the model in small letters and of the template; `more` is what only this kind's page shows."""

    name: str
    access: Callable[[Viewer, int], Any]
    more: Callable[[Any], dict[str, Any]]

    def page(
        self, request: HttpRequest, ident: int, form: "forms.DemandForm | None" = None, status: int = 200
    ) -> HttpResponse:
        """One with its points, demands and record; `form` when a demand was refused."""
        who = shell.entered(request, f"{self.name}s")
        found: Patrol | Evaluation = self.access(who, ident)
        names = Names()
        context = {
            "one": found, "unit": names.unit(found.unit_id), "area": names.area(found.area_id, whole=True),
            "by": names.staff(found.made_by_id), "cases": queries.numbers_of(who, found.case_ids),
            "points": [{"one": one, "severity": SEVERITIES.get(one.severity, "")} for one in found.points.all()],
            "demands": shell.rows_of_demands(list(found.demands.select_related(self.name).order_by("id"))),
            "story": shell.story(self.name, ident), "form": form or forms.DemandForm(),
            "may_demand": queries.may_demand(who, found), **self.more(found),
        }  # fmt: skip
        return shell.show(request, f"oversight/{self.name}.html", f"{self.name}s", context, status=status)

    def demanded(self, request: HttpRequest, ident: int) -> HttpResponse:
        """One more demand, posted from the page."""
        who = shell.entered(request, f"{self.name}s")
        found = self.access(who, ident)
        queries.must(queries.may_demand(who, found))
        form = forms.DemandForm(request.POST)
        if not shell.taken(form, lambda: actions.demand(found, Doer.of(who), **form.cleaned_data)):
            return self.page(request, ident, form, 422)
        shell.tell(request, _("已提出整改要求，责任部门会收到通知。"))
        return redirect(f"oversight:{self.name}", ident)
