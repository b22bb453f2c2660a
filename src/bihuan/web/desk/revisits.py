"""The call sheet: one answered complaint after the other, its story in three lines, one key an outcome."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import access
from bihuan.cases.actions import Doer, check_version
from bihuan.cases.models import Case
from bihuan.cases.numbers import tidy
from bihuan.flow import actions as flow
from bihuan.handling.models import Reply
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.intake import followup
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.revisit import actions as revisit
from bihuan.revisit import book, care, closing, queries
from bihuan.revisit.plan import MEDIA
from bihuan.web.desk import story, words
from bihuan.web.desk.closing_forms import REVIEWED, AttemptForm, RevisitForm
from bihuan.web.desk.door import desk, seen_version
from bihuan.web.desk.names import Names, either
from bihuan.web.desk.rows import rows_of
from bihuan.web.masked import masked_text

AHEAD = 50
OUTCOMES = {"1": 3, "2": 2, "3": 1, "0": 0}
"""Key to satisfaction; 0: not reached."""


@dataclass(frozen=True)
class Line:
    """One line of the story."""

    name: str
    text: str
    by: str = ""


@require_safe
@desk
def sheet(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The next one to call; `?case=` names one, `?past=` passes over one."""
    if not viewer.can(roles.REVISIT):
        raise NotFound("page")
    now = clock.now()
    ahead, later = queries.to_call(viewer, now, AHEAD), queries.put_off(viewer, now)
    number = request.GET.get("case", "")
    case = _named(viewer, number) if number else _next(ahead, request.GET.get("past", ""))
    context: dict[str, Any] = {"place": "revisits", "put_off": len(later), "later": later[:8], "ahead": []}
    context["care_due"] = care.queue(viewer)[:99].count()
    if case is not None:
        rest = [other for other in ahead if other.id != case.id]
        context |= {"ahead": rows_of(rest[:8]), "left": len(rest), "many": len(rest) >= AHEAD - 1}
        context |= _context(viewer, case)
    return render(request, "desk/revisits.html", context)


def _named(viewer: Viewer, number: str) -> Case:
    """The one with this number, or the one it was merged into: the customer names the number she knows, and the call is
    about the answer. A merged one is in no caller's own reach; whether she sees the other decides."""
    merged = Case.objects.filter(number=tidy(number), status="merged").first()
    return access.access_case(viewer, followup.owing(merged, lock=False).number if merged else number, roles.REVISIT)


def _next(ahead: list[Case], past: str) -> Case | None:
    """The first, or the one behind the number passed over."""
    places = [place for place, case in enumerate(ahead) if case.number == past]
    rest = ahead[places[0] + 1 :] if places else ahead
    return next(iter(rest or ahead), None)


def _context(viewer: Viewer, case: Case, form: RevisitForm | None = None) -> dict[str, Any]:
    names, masks = Names(), story.masks_for(case)
    filled = form or RevisitForm(case=case, viewer=viewer)
    return {
        **story.personal_context(viewer, case, masks),
        "masks": masks,
        "lines": lines(case, names, masks),
        "form": filled,
        "guessed": filled.guess is not None,
        **_by_rule(case),
    }


def _by_rule(case: Case) -> dict[str, Any]:
    """What the case's rule says of calling: the script, whether this is an hour for it, what was tried, what is promised."""
    rule, tried = book.rule_of(case), queries.tried(case)
    missing = closing.unreachable(case)
    planned = queries.plans_of([case.id]).get(case.id)
    return {
        "script": either(*rule.script),
        "in_hours": rule.plan.hours.open(clock.now()),
        "hours": rule.plan.hours,
        "attempts": len(tried),
        "unreachable": missing.met and (bool(tried) or rule.plan.attempts > 0),
        "not_yet": closing.lacking_words(missing) if tried and not missing.met else "",
        "promised_at": planned.next_at if planned is not None and planned.promised else None,
        "asked": queries.open_request(case.id),
        "means": [(medium, words.MEANS[medium]) for medium in MEDIA],
    }


def lines(case: Case, names: Names, masks: dict[str, str]) -> list[Line]:
    """What was complained about, what was done, what was answered."""
    reply = Reply.objects.filter(case_id=case.id, final=True).order_by("-id").first()
    category = names.node(case.category_id, whole=True)
    said = masked_text(case.content, masks)
    done = masked_text(reply.solution, masks) if reply and reply.solution else _done(case, names)
    by = f"{names.unit(reply.unit_id)} {names.staff(reply.by_id)}".strip() if reply else names.unit(case.holder_unit_id)
    means = str(words.MEANS.get(reply.means, "")) if reply else ""
    told = masked_text(reply.text, masks) if reply else _("（没有留下答复的文字）")
    accepted = ""
    if reply is not None and reply.accepted is not None:
        accepted = _("客户当时接受") if reply.accepted else _("客户当时不接受")
    return [
        Line(_("投诉"), said, category),
        Line(_("处理"), done, by),
        Line(_("答复"), told, " · ".join(part for part in (means, accepted) if part)),
    ]


def _done(case: Case, names: Names) -> str:
    parts = [_("派单 %(count)d 次") % {"count": case.dispatch_count} if case.dispatch_count else _("当场办理，未派单")]
    if case.return_count:
        parts.append(_("退单 %(count)d 次") % {"count": case.return_count})
    if case.reopen_count:
        parts.append(_("重新处理 %(count)d 次") % {"count": case.reopen_count})
    if case.chaser_count:
        parts.append(_("催办 %(count)d 次") % {"count": case.chaser_count})
    return " · ".join(parts)


@require_POST
@desk
def outcome(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """Write down how the call went; the next one opens."""
    told = OUTCOMES.get(request.POST.get("outcome", ""))
    data = request.POST.copy()
    data["satisfaction"] = str(told or "")
    form: RevisitForm | None = None
    try:
        with transaction.atomic():
            case = access.access_case(viewer, number, roles.REVISIT, lock=True)
            form = RevisitForm(data, case=case, viewer=viewer)
            check_version(case, seen_version(request))
            if told is None:
                raise RuleError("revisit.outcome", _("请选择回访结果。"))
            _take(case, viewer, told, form)
    except RuleError as refused:
        if form is None:
            raise
        form.is_valid()
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        context = {"place": "revisits", **_context(viewer, access.access_case(viewer, number), form)}
        return render(request, "desk/revisits.html", context, status=refused.status)
    return redirect(f"{reverse('desk:revisits')}?past={number}")


def _take(case: Case, viewer: Viewer, told: int, form: RevisitForm) -> None:
    """Reached or not; a satisfied or indifferent customer closes it, which takes a cause."""
    doer = Doer.of(viewer)
    note = form.data.get("note", "")
    if told == 0:
        asked = AttemptForm(
            {"note": note, "means": form.data.get("means") or "call", "again_at": form.data.get("again_at", "")},
            case=case,
            viewer=viewer,
        )
        if not asked.is_valid():
            raise RuleError("attempt.form", _("约定的时间请写成 2026-03-02 09:00。"), field="note")
        data = asked.cleaned_data
        revisit.attempt(case, doer, note, means=data["means"], again_at=data["again_at"])
        return
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise RuleError("revisit.form", str(errors[0]), field=field)
    data = form.cleaned_data
    if told != revisit.DISSATISFIED and not data["cause"] and not form.by_itself:
        raise RuleError("revisit.cause", _("请选择原因，满意或一般的会同时结单。"), field="cause")
    reviewed = flow.Closing(**{name: data[name] for name in REVIEWED})
    solved = {"yes": True, "no": False}.get(data["root_solved"])
    flow.revisited(
        case, doer, told, root_solved=solved, left_over=data["left_over"], note=note,
        closing=reviewed if told != revisit.DISSATISFIED else None, answers=form.answers(),
    )  # fmt: skip
