"""Files on leaks, for the few: the list, a new one, one with its decision. Each reading is in the audit log."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.identity import audit
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.oversight import leaks as actions
from bihuan.oversight import queries
from bihuan.oversight.models import Leak
from bihuan.oversight.rules import LeakIn
from bihuan.oversight.words import ANSWERABLE, DATA_KINDS, FOUND, SANCTIONS
from bihuan.web.desk.names import Names
from bihuan.web.oversight import forms, shell


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    who = shell.entered(request, "leaks")
    held = shell.paged(request, lambda size, after: queries.page_of_leaks(who, size, after))
    _written_down(request, who, "list")
    context = {**held, "rows": rows_of(held["rows"]), "may_export": shell.may_export(who)}
    return shell.show(request, "oversight/leaks.html", "leaks", context)


def _written_down(request: HttpRequest, who: Viewer, what: str) -> None:
    """Every reading leaves its line in the audit log."""
    audit.record(
        "leak", actor_id=who.staff_id, actor_name=who.name, subject=f"leak {what}",
        address=request.META.get("REMOTE_ADDR", ""),
    )  # fmt: skip


def rows_of(found: list[Leak]) -> list[dict[str, Any]]:
    """Lines in words."""
    names = Names()
    return [
        {
            "one": one,
            "kinds": [str(DATA_KINDS[code]) for code in one.kinds],
            "found_by": FOUND[one.found_by],
            "answerable": ANSWERABLE[one.answerable],
            "unit": names.unit(one.unit_id),
            "person": names.staff(one.staff_id) or one.name,
            "by": names.staff(one.made_by_id),
            "sanctions": [str(SANCTIONS[code]) for code in one.sanctions],
        }
        for one in found
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form."""
    who = shell.entered(request, "leaks")
    form = forms.LeakForm(request.POST or None, initial={"found_on": forms.today()})
    made: list[Leak] = []
    if request.method == "POST" and shell.taken(form, lambda: made.append(_record(who, form))):
        shell.tell(request, _("已登记泄密案件。"))
        return redirect("oversight:leak", made[0].pk)
    return shell.show(request, "oversight/leak_new.html", "leaks", {"form": form}, status=422 if form.is_bound else 200)


def _record(who: Viewer, form: forms.LeakForm) -> Leak:
    held = form.cleaned_data
    told = LeakIn(
        found_on=held["found_on"], found_by=held["found_by"], kinds=held["kinds"], answerable=held["answerable"],
        unit_id=held["unit"], account=held["account"], staff_id=held["staff"], name=held["name"], people=held["people"],
        measures=held["measures"], case_ids=queries.cases_named(who, form.numbers()),
    )  # fmt: skip
    return actions.record(told, Doer.of(who))


@login_required
@require_safe
def leak(request: HttpRequest, ident: int) -> HttpResponse:
    """One file."""
    return _page(request, ident)


def _page(request: HttpRequest, ident: int, *, status: int = 200, **more: Any) -> HttpResponse:
    who = shell.entered(request, "leaks")
    found = queries.access_leak(who, ident)
    _written_down(request, who, str(ident))
    context = {
        **rows_of([found])[0], "cases": queries.numbers_of(who, found.case_ids), "story": shell.story("leak", ident),
        "note_form": forms.NoteForm(), "sanction_form": forms.SanctionForm(initial={"decided_on": forms.today()}), **more,
    }  # fmt: skip
    return shell.show(request, "oversight/leak.html", "leaks", context, status=status)


@login_required
@require_POST
def step(request: HttpRequest, ident: int, noun: str) -> HttpResponse:
    """`POST /oversight/leaks/<id>/<noun>/`: `note` or `sanction`."""
    who = shell.entered(request, "leaks")
    queries.access_leak(who, ident)
    doer = Doer.of(who)
    if noun == "note":
        form: Any = forms.NoteForm(request.POST)
        done = shell.taken(form, lambda: actions.note(ident, doer, form.cleaned_data["text"]))
    elif noun == "sanction":
        form = forms.SanctionForm(request.POST)
        done = shell.taken(form, lambda: _decide(ident, doer, form.cleaned_data))
    else:
        raise NotFound("step")
    if not done:
        return _page(request, ident, status=422, **{f"{noun}_form": form})
    shell.tell(request, _("已保存。"))
    return redirect("oversight:leak", ident)


def _decide(ident: int, doer: Doer, told: dict[str, Any]) -> None:
    actions.sanction(ident, doer, told["sanctions"], told["decided_by"], told["decided_on"], told["text"])


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as Excel."""
    who = shell.entered(request, "leaks")
    found, _more = queries.page_of_leaks(who, shell.MOST_ROWS)
    headings = [
        _("发现日期"), _("怎么发现的"), _("泄露了哪类信息"), _("涉及客户数（约）"), _("责任方"), _("责任部门或合作方"),
        _("责任人"), _("经过"), _("已采取的措施"), _("处理决定"), _("由谁决定"), _("决定日期"), _("记录人"),
    ]  # fmt: skip
    lines = (
        [
            str(row["one"].found_on), row["found_by"], "、".join(row["kinds"]), row["one"].people, row["answerable"],
            row["unit"], row["person"], row["one"].account, row["one"].measures, "、".join(row["sanctions"]),
            row["one"].decided_by, str(row["one"].decided_on or ""), row["by"],
        ]
        for row in rows_of(found)
    )  # fmt: skip
    return shell.workbook(request, who, _("泄密处罚"), headings, lines)
