"""Limits: the list, one page each with every figure, its versions, and a trial that explains itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.kernel.models import SettingChange
from bihuan.sla import clocks, editing, models, queries, trial
from bihuan.sla.durations import Duration
from bihuan.sla.wording import EVENTS, duration, event
from bihuan.web.setup import conditions
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.history import Line
from bihuan.web.setup.limit_forms import LimitForm, TrialForm, initial, lang, levels, sets_of
from bihuan.web.setup.names import Names, listed, named, phrased

_FIELDS = ("name", "name_en", "duration", "calendar", "owner", "tell", "warn", "escalate", "start_on", "stop_on",
           "reopen_on", "pausable", "repeats", "applies", "variants", "basis")  # fmt: skip


@page(roles.SETUP)
@require_safe
def limits(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Every limit with its figures, those in force first."""
    q = request.GET.get("q", "").strip().lower()
    rows = models.Policy.objects.filter(latest=True).select_related("calendar").order_by("-active", "owner", "code")
    found = [row for row in rows if not q or q in f"{row.name} {row.name_en} {row.code} {row.basis}".lower()]
    context = {"lines": [_line(row) for row in found], "q": q, "missing": queries.missing_years(clock.now())}
    return show(request, "setup/limits.html", context)


def _line(row: models.Policy) -> dict[str, Any]:
    return {
        "row": row,
        "length": duration(Duration.parse(row.duration), lang()),
        "applies": [phrased(conditions.told(one)) for one in row.applies],
        "start": listed(event(kind, lang()) for kind in row.start_on),
        "stop": listed(event(kind, lang()) for kind in row.stop_on),
        "warn": levels(row.warn),
        "escalate": levels(row.escalate),
        "variants": [
            (" / ".join(phrased(conditions.told(one)) for one in sets_of(part.get("applies"))), part["duration"])
            for part in row.variants
        ],
    }


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """One limit: change its figures (a new version), see its versions, try it out."""
    row = _policy(code)
    form = LimitForm(request.POST or None, initial=initial(row))
    if request.method == "POST" and taken(form, lambda: _save(request, row, form, by)):
        return redirect("setup:limit", code)
    return _page(request, row, form, TrialForm(initial=_now()))


def _save(request: HttpRequest, row: models.Policy, form: LimitForm, by: Viewer) -> None:
    changes = form.values()
    before = {name: getattr(row, name) for name in _FIELDS} | {"calendar": row.calendar.code}
    for name in ("start_on", "stop_on", "reopen_on"):  # boxes come in the page's order, which means nothing
        changes[name] = before[name] if set(before[name]) == set(changes[name]) else changes[name]
    if not any(before[name] != changes[name] for name in _FIELDS):
        tell(request, _("没有改动。"))
        return
    made = editing.edit_policy(row.pk, changes, by.staff_id)
    tell(request, _("已存为第 %d 版，从现在起开始的计时按新版执行。") % made.version)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def new_limit(request: HttpRequest, by: Viewer) -> HttpResponse:
    """A limit of one's own; it starts switched off."""
    form = LimitForm(
        request.POST or None, initial={"owner": "operator", "start_on": ["registered"], "stop_on": ["closed"]}
    )
    code = f"own.{models.Policy.objects.filter(code__startswith='own.').values('code').distinct().count() + 1}"
    if request.method == "POST" and taken(
        form, lambda: editing.add_policy(form.values() | {"code": code}, by.staff_id)
    ):
        tell(request, _("已新建，尚未启用。请先试算再启用。"))
        return redirect("setup:limit", code)
    return show(
        request,
        "setup/edit.html",
        {"form": form, "title": _("新建时限"), "up": "setup:limits", "up_label": _("时限规则")},
    )


@page(roles.SETUP)
@require_safe
def limit_trial(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """The trial: start and pauses in, due moment, levels and reason out."""
    row = _policy(code)
    form = TrialForm(request.GET)
    result: list[trial.Trial] = []
    taken(
        form,
        lambda: result.append(trial.run(queries.book(), row.pk, form.cleaned_data["start"], form.spans(), lang())),
    )
    return _page(request, row, LimitForm(initial=initial(row)), form, result[0] if result else None)


@page(roles.SETUP)
@require_POST
def switching(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """Let a limit start clocks, or no more."""
    on = request.POST.get("on") == "1"
    editing.switch_policy(_policy(code).pk, on, by.staff_id)
    tell(request, _("已启用。") if on else _("已停用，正在走的计时继续走完。"))
    return redirect("setup:limit", code)


@page(roles.SETUP)
@require_POST
def adoption(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """Running clocks of older versions go on under the latest."""
    moved = editing.adopt(_policy(code).code, Doer.of(by))
    tell(request, _("%d 个正在走的计时已改按新版。") % moved)
    return redirect("setup:limit", code)


@page(roles.SETUP)
@require_POST
def restoration(request: HttpRequest, by: Viewer, code: str, version: int) -> HttpResponse:
    """A new version with the figures of an old one."""
    old = models.Policy.objects.filter(code=code, version=version).select_related("calendar").first()
    if old is None:
        raise NotFound("limit")
    changes = {name: getattr(old, name) for name in _FIELDS if name != "calendar"} | {"calendar": old.calendar.code}
    made = editing.edit_policy(_policy(code).pk, changes, by.staff_id)
    tell(request, _("已按第 %(old)d 版的内容存为第 %(new)d 版。") % {"old": version, "new": made.version})
    return redirect("setup:limit", code)


def _page(
    request: HttpRequest, row: models.Policy, form: LimitForm, trial_form: TrialForm, result: trial.Trial | None = None
) -> HttpResponse:
    older = list(models.Policy.objects.filter(code=row.code, latest=False).values_list("id", flat=True))
    alive = [int(state) for state in clocks.ALIVE]
    context = _line(row) | {
        "form": form,
        "trial_form": trial_form,
        "result": result,
        "versions": _versions(row.code),
        "old_clocks": models.Clock.objects.filter(policy_id__in=older, state__in=alive).count() if older else 0,
        "level_words": {"warned": _("预警"), "breached": _("到期"), "escalated": _("升级")},
    }
    status = 422 if trial_form.is_bound and trial_form.errors else 200
    return show(request, "setup/limit.html", context, status=status)


def _versions(code: str) -> list[dict[str, Any]]:
    """Versions newest first, each with who made it when and what it changed."""
    rows = list(editing.versions(code))
    made = {
        change.row_id: change
        for change in SettingChange.objects.filter(
            table="sla_policy", row_id__in=[row.pk for row in rows], before__isnull=True
        )
    }
    names, found = Names(), []
    for place, row in enumerate(rows):
        older = rows[place + 1] if place + 1 < len(rows) else None
        change = made.get(row.pk)
        found.append(
            {
                "version": row.version,
                "latest": row.latest,
                "at": change.at if change else None,
                "who": (names.staff(change.actor_id) if change else "") or _("随程序提供"),
                "lines": _differences(older, row) if older else [],
            }
        )
    return found


def _differences(old: models.Policy, new: models.Policy) -> list[Line]:
    before, after = _told(old), _told(new)
    labels = LimitForm.base_fields
    return [Line(str(labels[name].label), before[name], after[name]) for name in _FIELDS if before[name] != after[name]]


def _told(row: models.Policy) -> dict[str, str]:
    """Every figure of a policy in words."""

    def events(kinds: list[str]) -> str:
        return listed(event(kind, lang()) for kind in kinds if kind in EVENTS)

    return {
        **{name: str(getattr(row, name)) for name in ("name", "name_en", "basis", "tell")},
        "duration": duration(Duration.parse(row.duration), lang()),
        "calendar": named(row.calendar),
        "owner": row.get_owner_display(),
        "warn": levels(row.warn),
        "escalate": levels(row.escalate),
        "start_on": events(row.start_on),
        "stop_on": events(row.stop_on),
        "reopen_on": events(row.reopen_on),
        "pausable": _("是") if row.pausable else _("否"),
        "repeats": _("是") if row.repeats else _("否"),
        "applies": " / ".join(phrased(conditions.told(one)) for one in row.applies),
        "variants": initial(row)["variants"],
    }


def _policy(code: str) -> models.Policy:
    row = models.Policy.objects.filter(code=code, latest=True).select_related("calendar").first()
    if row is None:
        raise NotFound("limit")
    return row


def _now() -> dict[str, Any]:
    return {"start": clock.now().replace(second=0, microsecond=0)}
