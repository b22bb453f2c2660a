"""Visits: the list, a new one with the points of its kind of place, one with its demands; the lists of points."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.oversight import actions, queries
from bihuan.oversight.models import Demand, Patrol, Point
from bihuan.oversight.rules import PatrolIn
from bihuan.oversight.words import CHECKLISTS, SITES
from bihuan.web.desk.names import Names
from bihuan.web.oversight import forms, inspected, shell
from bihuan.web.setup import door

_KIND = inspected.Kind("patrol", queries.access_patrol, lambda found: {"site": SITES[found.site]})


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    who = shell.entered(request, "patrols")
    held = shell.paged(request, lambda size, after: queries.page_of_patrols(who, size, after))
    context = {
        **held, "rows": rows_of(held["rows"]), "may_record": who.can(roles.PATROL), "may_edit": who.can(roles.SETUP),
        "may_export": shell.may_export(who),
    }  # fmt: skip
    return shell.show(request, "oversight/patrols.html", "patrols", context)


def rows_of(found: list[Patrol]) -> list[dict[str, Any]]:
    """Lines with how many points were wrong and how many demands are left: three statements however many."""
    names, ids = Names(), [one.pk for one in found]
    looked: dict[int, list[bool | None]] = {}
    for patrol_id, ok in Point.objects.filter(patrol_id__in=ids).values_list("patrol_id", "ok"):
        looked.setdefault(patrol_id or 0, []).append(ok)
    left: dict[int, list[str]] = {}
    for patrol_id, state in Demand.objects.filter(patrol_id__in=ids).values_list("patrol_id", "state"):
        left.setdefault(patrol_id or 0, []).append(state)
    return [
        {
            "one": one,
            "unit": names.unit(one.unit_id),
            "area": names.area(one.area_id),
            "by": names.staff(one.made_by_id),
            "site": SITES[one.site],
            "looked": sum(ok is not None for ok in looked.get(one.pk, [])),
            "wrong": sum(ok is False for ok in looked.get(one.pk, [])),
            "asked": len(left.get(one.pk, [])),
            "left": sum(state != "accepted" for state in left.get(one.pk, [])),
        }
        for one in found
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; `?site=` chooses whose points it lists."""
    who = shell.entered(request, "patrols")
    queries.inspector(who)
    site = request.POST.get("site", request.GET.get("site", "hall"))
    site = site if site in SITES else "hall"
    form = forms.PatrolForm(request.POST or None, initial={"site": site, "day": forms.today()})
    points = forms.points_for(forms.PatrolPoints, queries.checklist(site), request.POST or None)
    if request.method == "POST" and form.is_valid() and points.is_valid():
        made: list[Patrol] = []
        if shell.taken(form, lambda: made.append(_record(who, form, points))):
            shell.tell(request, _("已登记巡查。"))
            return redirect("oversight:patrol", made[0].pk)
    context = {"form": form, "points": points, "site": site, "sites": SITES.items()}
    return shell.show(request, "oversight/patrol_new.html", "patrols", context, status=422 if form.is_bound else 200)


def _record(who: Viewer, form: forms.PatrolForm, points: Any) -> Patrol:
    held = form.cleaned_data
    told = PatrolIn(
        day=held["day"], site=held["site"], place=held["place"], company=held["company"], **inspected.told(who, form, points),
    )  # fmt: skip
    return actions.patrol(told, Doer.of(who))


@login_required
@require_safe
def patrol(request: HttpRequest, ident: int) -> HttpResponse:
    """One visit with its points, demands and record."""
    return _KIND.page(request, ident)


@login_required
@require_POST
def demanding(request: HttpRequest, ident: int) -> HttpResponse:
    """`POST /oversight/patrols/<id>/demands/`."""
    return _KIND.demanded(request, ident)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as Excel."""
    who = shell.entered(request, "patrols")
    found, _more = queries.page_of_patrols(who, shell.MOST_ROWS)
    headings = [
        _("巡查日期"), _("巡查对象"), _("地点"), _("责任部门"), _("所在地区"), _("巡查人"), _("同行人员"), _("检查项数"),
        _("不合格"), _("整改要求"), _("未验收"), _("总体情况"),
    ]  # fmt: skip
    lines = (
        [
            str(row["one"].day), row["site"], row["one"].place, row["unit"], row["area"], row["by"],
            row["one"].company, row["looked"], row["wrong"], row["asked"], row["left"], row["one"].summary,
        ]
        for row in rows_of(found)
    )  # fmt: skip
    return shell.workbook(request, who, _("巡查"), headings, lines)


@door.page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def checklists(request: HttpRequest, by: Viewer) -> HttpResponse:
    """What is looked at on each kind of visit, and the criteria of evaluations; `?site=` chooses one to change."""
    kinds = {**SITES, "evaluation": _("第三方评估")}
    site = request.GET.get("site", "hall")
    site = site if site in CHECKLISTS else "hall"
    form = forms.ChecklistForm(request.POST or None, initial={"items": "\n".join(queries.checklist(site))})

    def act() -> None:
        actions.edit_checklist(site, form.cleaned_data["items"].splitlines(), by.staff_id)

    if request.method == "POST" and door.taken(form, act):
        door.tell(request, _("已保存，对之后登记的生效。"))
        return redirect(f"{request.path}?site={site}")
    return door.show(request, "oversight/checklists.html", {"form": form, "site": site, "kinds": kinds.items()})
