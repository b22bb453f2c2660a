"""Customers who wait for news, for whoever has their case in hand; and set-up of what customers are told by itself."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.progress import actions, queries
from bihuan.progress.models import Milestone
from bihuan.progress.rules import MOST, PLACEHOLDERS, TOLD_BY_THE_STEP
from bihuan.sla.models import Deadline
from bihuan.web import chips
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.teamwork import shell


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Who waits for the first news, the late first."""
    who = shell.entered(request, "news")
    held = paged(request, queries.waiting(who))
    context = {**held, "rows": rows_of(held["rows"]), "may_export": who.can(roles.EXPORT)}
    return shell.show(request, "teamwork/news.html", "news", context)


def rows_of(found: list[Deadline]) -> list[dict[str, Any]]:
    """Lines of the list: two statements however many."""
    cases, names = Case.objects.in_bulk([one.case_id for one in found]), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    return [
        {
            "case": cases[one.case_id],
            "due": one.due_at,
            "chip": chips.time_chip(one.due_at, name=_("首次告知"), warn_at=one.due_at - timedelta(minutes=45)),
            "customer": masks.get(cases[one.case_id].party_id, {}).get("name", ""),
            "gist": masked_text(cases[one.case_id].content, masks.get(cases[one.case_id].party_id, {})),
            "holder": names.staff(cases[one.case_id].handler_id) or names.unit(cases[one.case_id].holder_unit_id),
            "place": names.place(cases[one.case_id]),
        }
        for one in found
        if one.case_id in cases
    ]


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as Excel, masked."""
    who = shell.entered(request, "news")
    found = list(queries.waiting(who)[: shell.MOST_ROWS])
    headings = [_("工单编号"), _("地区"), _("客户"), _("内容"), _("处理人"), _("首次告知期限"), _("登记时间")]
    lines = (
        [
            row["case"].number, row["place"], row["customer"], row["gist"], row["holder"], row["due"],
            row["case"].registered_at,
        ]
        for row in rows_of(found)
    )  # fmt: skip
    return shell.workbook(request, who, _("待告知进展"), headings, lines)


class MilestoneForm(forms.Form):
    """One milestone."""

    kind = forms.ChoiceField(label=gettext_lazy("节点"))
    medium = forms.ChoiceField(label=gettext_lazy("怎么告知"), choices=Milestone.Medium.choices)
    text = forms.CharField(label=gettext_lazy("告知的话"), max_length=MOST, widget=forms.Textarea({"rows": 3}))
    news = forms.BooleanField(label=gettext_lazy("算首次告知（3 小时内）"), required=False)
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]


def _named(kind: str) -> str:
    """What the timeline calls a step, one too that can no longer be chosen."""
    from bihuan.web.desk.sentences import SENTENCES

    return str(SENTENCES[kind].title) if kind in SENTENCES else kind


def _kinds() -> list[tuple[str, str]]:
    """Every event a customer may be told of: all the timeline knows but what only concerns staff, and what tells her
    itself."""
    from bihuan.web.desk.sentences import SENTENCES

    inward = ("clock_", "deadline_", "progress_", "news_", "supervision_", "closing_", "tracking_", "registered")
    outward = [kind for kind in SENTENCES if not kind.startswith(inward) and kind not in TOLD_BY_THE_STEP]
    return [(kind, str(SENTENCES[kind].title)) for kind in outward]


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def milestones(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The list, and one of them (`?kind=`) to change."""
    row = Milestone.objects.filter(kind=request.GET.get("kind", "")).first()
    start = {"active": True} if row is None else {
        name: getattr(row, name) for name in ("kind", "medium", "text", "news", "active")
    }  # fmt: skip
    form = MilestoneForm(request.POST or None, initial=start)

    def act() -> None:
        actions.set_milestone(form.cleaned_data["kind"], form.cleaned_data, by.staff_id)

    if request.method == "POST" and taken(form, act):
        tell(request, _("已保存，对之后发生的节点生效。"))
        return redirect("teamwork:milestones")
    rows = [{"row": one, "name": _named(one.kind)} for one in Milestone.objects.all()]
    context = {"form": form, "rows": rows, "spots": PLACEHOLDERS, "row": row}
    return show(request, "teamwork/milestones.html", context)
