"""The table of special tracking, one of them beside its case, and what is done with it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.tracking import actions, queries
from bihuan.tracking.models import OUTCOMES, Track
from bihuan.web import chips
from bihuan.web.desk import story
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged
from bihuan.web.teamwork import shell
from bihuan.web.teamwork.forms import in_hours, moment_field, owners

SHOWN = {
    "open": gettext_lazy("跟踪中"),
    "mine": gettext_lazy("我负责的"),
    "hot": gettext_lazy("热点"),
    "difficult": gettext_lazy("疑难"),
    "done": gettext_lazy("已结束"),
}


class NoteForm(forms.Form):
    """What was done and what comes next."""

    text = forms.CharField(label=gettext_lazy("做了什么、结果"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    next_step = forms.CharField(label=gettext_lazy("下一步"), max_length=500)
    next_at = moment_field(gettext_lazy("下一步何时"))


class EndForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(label=gettext_lazy("结果"), choices=list(OUTCOMES.items())[:2])
    text = forms.CharField(
        label=gettext_lazy("说明"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )


class HandForm(forms.Form):
    """Another owner; hot or difficult."""

    owner = forms.TypedChoiceField(label=gettext_lazy("跟踪责任人"), coerce=int)
    hot = forms.BooleanField(label=gettext_lazy("热点"), required=False)
    difficult = forms.BooleanField(label=gettext_lazy("疑难"), required=False)


def chip_of(track: Track) -> chips.TimeChip:
    """Its next date as a chip."""
    if track.ended_at is not None:
        return chips.time_chip(track.next_at, name=_("下一步"), met=True)
    warn = track.next_at - timedelta(hours=4) if track.next_at else None
    return chips.time_chip(track.next_at, name=_("下一步"), warn_at=warn)


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The table, the late first."""
    who = shell.entered(request, "tracks")
    shown = request.GET.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    page = paged(request, queries.table(who, shown))
    context = {**page, "rows": rows_of(page["rows"]), "shown": shown, "views": SHOWN.items()}
    return shell.show(request, "teamwork/tracks.html", "tracks", {**context, "may_export": who.can(roles.EXPORT)})


def rows_of(found: list[Track]) -> list[dict[str, Any]]:
    """Rows with everything a list shows."""
    cases, names = Case.objects.in_bulk({one.case_id for one in found}), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    return [
        {
            "track": one,
            "case": cases[one.case_id],
            "owner": names.staff(one.owner_id),
            "unit": names.unit(one.unit_id),
            "chip": chip_of(one),
            "step": masked_text(one.next_step, masks.get(cases[one.case_id].party_id, {})),
            "gist": masked_text(cases[one.case_id].content, masks.get(cases[one.case_id].party_id, {})),
            "place": names.place(cases[one.case_id]),
        }
        for one in found
    ]


@login_required
@require_safe
def track(request: HttpRequest, track_id: int) -> HttpResponse:
    """One of them beside its case."""
    return _page(request, track_id)


def _page(request: HttpRequest, track_id: int, *, status: int = 200, **forms_: Any) -> HttpResponse:
    who = shell.entered(request, "tracks")
    found = Track.objects.filter(pk=track_id).prefetch_related("entries").first()
    case = access.visible(who).filter(pk=found.case_id).first() if found else None
    if found is None or case is None:
        raise NotFound("tracking")
    masks, names = story.masks_for(case), Names()
    entries = [
        {
            "at": one.at, "who": names.staff(one.by_id), "text": masked_text(one.text, masks),
            "next": masked_text(one.next_step, masks), "next_at": one.next_at,
        }
        for one in found.entries.all()
    ]  # fmt: skip
    may = queries.may_keep(who, found) and found.ended_at is None
    context = {
        **story.of(who, case), "row": rows_of([found])[0], "track": found, "entries": entries, "may": may,
        **_forms(who, case, found), **forms_,
    }  # fmt: skip
    return shell.show(request, "teamwork/track.html", "tracks", context, status=status)


def _forms(who: Viewer, case: Case, found: Track) -> dict[str, Any]:
    hand = HandForm(
        initial={"owner": found.owner_id, "hot": found.hot, "difficult": found.difficult}, auto_id="hand_%s"
    )
    _choose(hand, who, case)
    return {
        "note_form": NoteForm(initial={"next_at": in_hours(24)}),
        "end_form": EndForm(auto_id="end_%s"),
        "hand_form": hand,
    }


def _choose(form: HandForm, who: Viewer, case: Case) -> None:
    form.fields["owner"].choices = owners(case, who)[1:]  # type: ignore[attr-defined]


@login_required
@require_POST
def step(request: HttpRequest, track_id: int, noun: str) -> HttpResponse:
    """`POST /teamwork/tracking/<id>/<noun>/`: `entry`, `owner` or `end`."""
    who = shell.entered(request, "tracks")
    kinds = {"entry": ("note_form", NoteForm), "owner": ("hand_form", HandForm), "end": ("end_form", EndForm)}
    if noun not in kinds:
        raise NotFound("step")
    name, kind = kinds[noun]
    form: Any = kind(request.POST)
    if noun == "owner":
        found = Track.objects.filter(pk=track_id).first()
        case = access.visible(who).filter(pk=found.case_id).first() if found else None
        if case is None:
            raise NotFound("tracking")
        _choose(form, who, case)

    def act() -> None:
        with transaction.atomic():
            _act(who, track_id, noun, form.cleaned_data)

    if not shell.taken(form, act):
        return _page(request, track_id, status=422, **{name: form})
    shell.tell(request, _("已保存。"))
    return redirect("teamwork:track", track_id)


def _act(who: Viewer, track_id: int, noun: str, told: dict[str, Any]) -> None:
    case, found = queries.access_track(who, track_id)
    doer = Doer.of(who)
    if noun == "entry":
        actions.note(case, found, doer, told["text"], told["next_step"], told["next_at"])
    elif noun == "end":
        actions.end(case, found, doer, told["outcome"], told["text"])
    else:
        actions.mark(found, hot=told["hot"], difficult=told["difficult"])
        if told["owner"] != found.owner_id:
            actions.hand(case, found, doer, told["owner"])


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The table as Excel."""
    who = shell.entered(request, "tracks")
    shown = request.GET.get("show", "open")
    rows = rows_of(list(queries.table(who, shown if shown in SHOWN else "open")[: shell.MOST_ROWS]))
    headings = [
        _("工单编号"), _("地区"), _("为什么专项跟踪"), _("热点"), _("疑难"), _("跟踪责任人"), _("部门"), _("下一步"),
        _("下一步何时"), _("开始时间"), _("结束时间"), _("结果"), _("内容"),
    ]  # fmt: skip
    lines = (
        [
            row["case"].number, row["place"], row["track"].get_cause_display(), "✓" if row["track"].hot else "",
            "✓" if row["track"].difficult else "", row["owner"], row["unit"], row["step"], row["track"].next_at,
            row["track"].begun_at, row["track"].ended_at, row["track"].get_outcome_display(), row["gist"],
        ]
        for row in rows
    )  # fmt: skip
    return shell.workbook(request, who, _("专项跟踪"), headings, lines)
