"""Evaluations by somebody outside: the list, a new one with scores and report, one with its demands, the report itself."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import scanner
from bihuan.kernel.errors import NotFound
from bihuan.oversight import actions, files, queries
from bihuan.oversight.models import Demand, Evaluation
from bihuan.oversight.rules import EvaluationIn
from bihuan.oversight.words import EVALUATION
from bihuan.web.desk.names import Names
from bihuan.web.oversight import forms, inspected, shell

_KIND = inspected.Kind(
    "evaluation",
    queries.access_evaluation,
    lambda found: {"sha256": bytes(found.digest).hex(), "scanning": scanner.configured()},
)


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The latest period first."""
    who = shell.entered(request, "evaluations")
    held = shell.paged(request, lambda size, after: queries.page_of_evaluations(who, size, after))
    may = {"may_record": who.can(roles.PATROL), "may_edit": who.can(roles.SETUP), "may_export": shell.may_export(who)}
    return shell.show(
        request, "oversight/evaluations.html", "evaluations", {**held, "rows": rows_of(held["rows"]), **may}
    )


def rows_of(found: list[Evaluation]) -> list[dict[str, Any]]:
    """Lines with how many demands are left: two statements however many."""
    names = Names()
    left: dict[int | None, list[str]] = {}
    told = Demand.objects.filter(evaluation_id__in=[one.pk for one in found])
    for ident, state in told.values_list("evaluation_id", "state"):
        left.setdefault(ident, []).append(state)
    return [
        {
            "one": one,
            "unit": names.unit(one.unit_id),
            "area": names.area(one.area_id),
            "by": names.staff(one.made_by_id),
            "asked": len(left.get(one.pk, [])),
            "left": sum(state != "accepted" for state in left.get(one.pk, [])),
        }
        for one in found
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form with the criteria in use."""
    who = shell.entered(request, "evaluations")
    queries.inspector(who)
    form = forms.EvaluationForm(request.POST or None, request.FILES or None)
    points = forms.points_for(forms.EvaluationPoints, queries.checklist(EVALUATION), request.POST or None, most=20)
    if request.method == "POST" and form.is_valid() and points.is_valid():
        made: list[Evaluation] = []
        if shell.taken(form, lambda: made.append(_record(who, form, points))):
            shell.tell(request, _("已登记第三方评估。"))
            return redirect("oversight:evaluation", made[0].pk)
    context = {"form": form, "points": points}
    status = 422 if form.is_bound else 200
    return shell.show(request, "oversight/evaluation_new.html", "evaluations", context, status=status)


def _record(who: Viewer, form: forms.EvaluationForm, points: Any) -> Evaluation:
    held, file = form.cleaned_data, form.cleaned_data["file"]
    told = EvaluationIn(
        body=held["body"], title=held["title"], first_day=held["first_day"], last_day=held["last_day"],
        **inspected.told(who, form, points),
    )  # fmt: skip
    return actions.evaluation(told, Doer.of(who), (file.name, file.read(files.MOST_BYTES + 1)) if file else None)


@login_required
@require_safe
def evaluation(request: HttpRequest, ident: int) -> HttpResponse:
    """One evaluation with scores, report, demands and record."""
    return _KIND.page(request, ident)


@login_required
@require_POST
def demanding(request: HttpRequest, ident: int) -> HttpResponse:
    """`POST /oversight/evaluations/<id>/demands/`."""
    return _KIND.demanded(request, ident)


@login_required
@require_safe
def file(request: HttpRequest, ident: int) -> HttpResponse:
    """The report as it was attached, to be saved, never shown inside the page."""
    who = shell.entered(request, "evaluations")
    found = queries.access_evaluation(who, ident)
    if not found.file_name:
        raise NotFound("file")
    answer = HttpResponse(files.content_of(found), content_type=found.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, found.file_name)
    return answer


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as Excel."""
    who = shell.entered(request, "evaluations")
    found, _more = queries.page_of_evaluations(who, shell.MOST_ROWS)
    headings = [
        _("评估名称"), _("评估机构"), _("期间自"), _("期间至"), _("被评估部门"), _("所在地区"), _("总分（百分制）"),
        _("整改要求"), _("未验收"), _("结论"), _("评估报告"), "SHA-256",
    ]  # fmt: skip
    lines = (
        [
            row["one"].title, row["one"].body, str(row["one"].first_day), str(row["one"].last_day), row["unit"], row["area"],
            row["one"].score, row["asked"], row["left"], row["one"].summary, row["one"].file_name,
            bytes(row["one"].digest).hex(),
        ]
        for row in rows_of(found)
    )  # fmt: skip
    return shell.workbook(request, who, _("第三方评估"), headings, lines)
