"""The asked unit's queue of assistance, one task beside its case, and the steps taken with it."""

from collections.abc import Callable
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

from bihuan.assistance import actions, queries
from bihuan.assistance.models import Task
from bihuan.assistance.rules import OPEN, STEPS
from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.flow import assistance as flow
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.web import chips
from bihuan.web.desk import story
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged
from bihuan.web.teamwork import shell

SHOWN = {
    "todo": gettext_lazy("待我部门协查"),
    "done": gettext_lazy("已办的协查"),
    "asked": gettext_lazy("我部门发起的"),
    "kept": gettext_lazy("各部门协查情况"),
}


class AnswerForm(forms.Form):
    """What was found out, and perhaps a file that shows it."""

    text = forms.CharField(
        label=gettext_lazy("协查结果"), max_length=5000, widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("写明查了什么、结果、依据。写下的号码会自动保护。"),
    )  # fmt: skip
    content = forms.FileField(label=gettext_lazy("附件"), required=False)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=gettext_lazy("原因"), max_length=2000, widget=forms.Textarea({"rows": 2}))


class NothingForm(forms.Form):
    """Nothing to ask."""


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What her units are asked (the late first), have done, or asked others; and how each unit keeps its terms."""
    who = shell.entered(request, "assistance")
    shown = request.GET.get("show", "todo")
    shown = shown if shown in SHOWN else "todo"
    context: dict[str, Any] = {"shown": shown, "views": SHOWN.items(), "may_export": who.can("case.export")}
    if shown == "kept":
        context["kept"] = _kept(who)
    else:
        page = paged(request, _found(who, shown))
        context |= {**page, "rows": rows_of(who, page["rows"])}
    return shell.show(request, "teamwork/assistance.html", "assistance", context)


def _found(who: Viewer, shown: str) -> Any:
    return queries.asked_by(who) if shown == "asked" else queries.mine(who, to_do=shown == "todo")


def _kept(who: Viewer) -> list[dict[str, Any]]:
    """This month and the two before it."""
    names, now = Names(), clock.now()
    found = queries.kept(who, clock.ago(days=92), now)
    return [
        {"one": one, "unit": names.unit(one.unit_id), "share": None if one.share is None else round(one.share * 100, 1)}
        for one in found
    ]


def rows_of(who: Viewer, tasks: list[Task]) -> list[dict[str, Any]]:
    """Rows of a list with everything they show; a constant number of statements."""
    cases, names = queries.cases_of(tasks), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    readable = shell.numbers(who, cases.values())
    return [
        {
            "task": task,
            "case": cases[task.case_id],
            "readable": task.case_id in readable,
            "chip": chip_of(task),
            "unit": names.unit(task.unit_id),
            "asked_by": names.staff(task.asked_by_id),
            "asked_unit": names.unit(task.asked_unit_id),
            "question": masked_text(task.question, masks.get(cases[task.case_id].party_id, {})),
            "category": names.node(cases[task.case_id].category_id),
        }
        for task in tasks
    ]


def chip_of(task: Task) -> chips.TimeChip:
    """Its term as a chip: running, or kept or not."""
    if task.status in OPEN:
        warn = task.asked_at + (task.due_at - task.asked_at) * 0.75
        return chips.time_chip(task.due_at, name=_("协查期限"), warn_at=warn)
    met = task.status == "recalled" or bool(task.ended_at and task.ended_at <= task.due_at)
    return chips.time_chip(task.due_at, name=_("协查期限"), met=met)


@login_required
@require_safe
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task beside its case."""
    return _page(request, task_id)


def _page(request: HttpRequest, task_id: int, *, status: int = 200, **opened: Any) -> HttpResponse:
    who = shell.entered(request, "assistance")
    found = Task.objects.filter(pk=task_id).first()
    case = access.visible(who).filter(pk=found.case_id).first() if found else None
    if found is None or case is None:
        raise NotFound("assistance")
    row, masks = rows_of(who, [found])[0], story.masks_for(case)
    context = {
        **story.of(who, case), "row": row, "task": found, "needed": masked_text(found.needed, masks),
        "answered": masked_text(found.answer, masks), "may_answer": queries.may_answer(who, found),
        "may_recall": queries.may_recall(who, case, found), "open": found.status in OPEN,
        "answer_form": AnswerForm(), "why_form": WhyForm(), **opened,
    }  # fmt: skip
    return shell.show(request, "teamwork/task.html", "assistance", context, status=status)


Act = Callable[[Case, Task, Doer, dict[str, Any]], CaseEvent]


def _answer(case: Case, found: Task, doer: Doer, told: dict[str, Any]) -> CaseEvent:
    file = told["content"]
    return flow.answer(case, found, doer, told["text"], file=(file.name or "", file.read()) if file else None)


_ACTS: dict[str, tuple[type[forms.Form], Act]] = {
    "receipt": (NothingForm, lambda case, found, doer, told: actions.receive(case, found, doer)),
    "answer": (AnswerForm, _answer),
    "return": (WhyForm, lambda case, found, doer, told: flow.give_back(case, found, doer, told["why"])),
    "recall": (WhyForm, lambda case, found, doer, told: actions.recall(case, found, doer, told["why"])),
}


@login_required
@require_POST
def step(request: HttpRequest, task_id: int, noun: str) -> HttpResponse:
    """`POST /teamwork/assistance/<id>/<noun>/`."""
    who = shell.entered(request, "assistance")
    if noun not in _ACTS:
        raise NotFound("step")
    kind, act = _ACTS[noun]
    form = kind(request.POST, request.FILES)

    def do() -> None:
        with transaction.atomic():
            case, found = queries.access_task(who, task_id, asked=noun != "recall", lock=True)
            act(case, found, Doer.of(who), form.cleaned_data)

    if not shell.taken(form, do):
        opened = {"answer_form" if noun == "answer" else "why_form": form, "opened": noun}
        return _page(request, task_id, status=422, **opened)
    shell.tell(request, f"{STEPS[noun].name} ✓")
    return redirect("teamwork:task", task_id)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as Excel, as it is shown."""
    who = shell.entered(request, "assistance")
    shown = request.GET.get("show", "todo")
    rows = rows_of(who, list(_found(who, shown if shown in {"todo", "done", "asked"} else "todo")[: shell.MOST_ROWS]))
    headings = [
        _("工单编号"), _("协查部门"), _("状态"), _("要协查什么"), _("发起人"), _("发起时间"), _("期限"), _("办结时间"), _("按时"),
    ]  # fmt: skip
    lines = (
        [
            one["case"].number, one["unit"], one["task"].get_status_display(), one["question"], one["asked_by"],
            one["task"].asked_at, one["task"].due_at, one["task"].ended_at,
            "" if one["task"].ended_at is None else _("是") if one["task"].ended_at <= one["task"].due_at else _("否"),
        ]
        for one in rows
    )  # fmt: skip
    return shell.workbook(request, who, _("协查"), headings, lines)
