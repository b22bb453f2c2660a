"""What has to be put right: the list by term, one with its record, reporting and accepting."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.cases.days import BadDay, day_of
from bihuan.identity import book
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.oversight import actions, queries
from bihuan.oversight.models import Demand
from bihuan.web.desk.names import Names
from bihuan.web.oversight import forms, shell

SHOWN = {
    "open": gettext_lazy("待整改"),
    "late": gettext_lazy("已超期"),
    "reported": gettext_lazy("待验收"),
    "accepted": gettext_lazy("已验收"),
    "all": gettext_lazy("全部"),
}


def _shown(request: HttpRequest) -> str:
    asked = request.GET.get("show", "open")
    return asked if asked in SHOWN else "open"


def _among(request: HttpRequest) -> queries.Among:
    """`?unit=` a unit's code, `?since=` the day from which they were asked for; anything else is passed over."""
    unit = book.units().by_code.get(request.GET.get("unit", ""))
    try:
        since = day_of(request.GET.get("since", ""))
    except BadDay:
        since = None
    return queries.Among(unit.id if unit else None, since)


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The late first; `?show=` open, late, reported, accepted or all, narrowed by unit and day."""
    who, shown, among = shell.entered(request, "demands"), _shown(request), _among(request)
    held = shell.paged(request, lambda size, after: queries.page_of_demands(who, shown, size, after, among))
    counts = queries.counts(who, among)
    query = request.GET.copy()
    query.pop("after", None)
    views = []
    for code, name in SHOWN.items():
        query["show"] = code
        views.append((code, name, counts.get(code), f"?{query.urlencode()}"))
    query["show"] = shown
    narrowed = [Names().unit(among.unit_id), str(among.since or "")]
    context = {
        **held, "rows": shell.rows_of_demands(_with_source(held["rows"])), "shown": shown, "views": views,
        "may_export": shell.may_export(who), "query": query.urlencode(), "narrowed": " · ".join(filter(None, narrowed)),
    }  # fmt: skip
    return shell.show(request, "oversight/demands.html", "demands", context)


def _with_source(found: list[Demand]) -> list[Demand]:
    """The same with their visits and evaluations: two statements however many."""
    from django.db.models import prefetch_related_objects

    prefetch_related_objects(found, "patrol", "evaluation")
    return found


@login_required
@require_safe
def demand(request: HttpRequest, ident: int) -> HttpResponse:
    """One demand with its record and what may be done with it."""
    return _page(request, ident)


def _page(request: HttpRequest, ident: int, *, status: int = 200, **more: Any) -> HttpResponse:
    who = shell.entered(request, "demands")
    found = queries.access_demand(who, ident)
    context = {
        "one": found, "row": shell.rows_of_demands([found])[0], "story": shell.story("demand", ident),
        "reported_by": Names().staff(found.reported_by_id), "may_report": queries.may_report(who, found),
        "may_judge": queries.may_judge(who, found), "report_form": forms.ReportForm(), "judge_form": forms.JudgeForm(),
        "may_open": _may_open(who, found), **more,
    }  # fmt: skip
    return shell.show(request, "oversight/demand.html", "demands", context, status=status)


def _may_open(who: Viewer, found: Demand) -> bool:
    """Whether the visit or evaluation behind it exists for her too."""
    if found.patrol_id:
        return queries.patrols(who).filter(pk=found.patrol_id).exists()
    return queries.evaluations(who).filter(pk=found.evaluation_id or 0).exists()


@login_required
@require_POST
def step(request: HttpRequest, ident: int, noun: str) -> HttpResponse:
    """`POST /oversight/rectification/<id>/<noun>/`: `report` or `verdict`."""
    who = shell.entered(request, "demands")
    found, doer = queries.access_demand(who, ident), Doer.of(who)
    if noun == "report":
        queries.must(queries.may_report(who, found))
        form: Any = forms.ReportForm(request.POST)
        done = shell.taken(form, lambda: actions.report(ident, doer, form.cleaned_data["text"]))
    elif noun == "verdict":
        queries.must(queries.may_judge(who, found))
        form = forms.JudgeForm(request.POST)
        done = shell.taken(form, lambda: _judge(ident, doer, form.cleaned_data))
    else:
        raise NotFound("step")
    if not done:
        return _page(request, ident, status=422, **{"report_form" if noun == "report" else "judge_form": form})
    shell.tell(request, _("已保存。"))
    return redirect("oversight:demand", ident)


def _judge(ident: int, doer: Doer, told: dict[str, Any]) -> None:
    actions.judge(ident, doer, told["accepted"] == "yes", told["note"], told["due"])


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is shown, as Excel."""
    who, names = shell.entered(request, "demands"), Names()
    found, _more = queries.page_of_demands(who, _shown(request), shell.MOST_ROWS, among=_among(request))
    headings = [
        _("整改要求"), _("来源"), _("严重程度"), _("责任部门"), _("整改期限"), _("状态"), _("提出人"), _("提出时间"),
        _("整改结果"), _("报整改时间"), _("退回次数"), _("验收人"), _("验收时间"),
    ]  # fmt: skip
    lines = (
        [
            row["one"].text, row["source"], row["severity"], row["unit"], str(row["one"].due_on), row["state"], row["by"],
            row["one"].asked_at, row["one"].report, row["one"].reported_at, row["one"].refusals,
            names.staff(row["one"].accepted_by_id), row["one"].accepted_at,
        ]
        for row in shell.rows_of_demands(_with_source(found))
    )  # fmt: skip
    return shell.workbook(request, who, _("整改要求"), headings, lines)
