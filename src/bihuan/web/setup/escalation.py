"""The graded escalation procedure as a readable table with its versions, and one level at a time."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.escalation import editing, queries
from bihuan.escalation.models import Level, Procedure
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.kernel.models import SettingChange
from bihuan.sla import wording
from bihuan.sla.durations import Duration
from bihuan.web.setup import conditions
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.escalation_forms import MOMENTS, REASSIGN, TARGETS, LevelForm, initial
from bihuan.web.setup.history import Line
from bihuan.web.setup.names import Names, english, listed, phrased

_VERSIONS = 20


@page(roles.SETUP)
@require_safe
def procedure(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The version in force as a table: when, if, then; beside it the versions."""
    held = _latest()
    lines = [_line(level) for level in held.levels.order_by("position")]
    return show(request, "setup/escalation.html", {"held": held, "lines": lines, "versions": _versions()})


def _latest() -> Procedure:
    held = queries.latest()
    if held is None:
        raise NotFound("procedure")
    return held


def _line(level: Level) -> dict[str, Any]:
    return {
        "level": level,
        "when": moment_words(level.moment, level.number),
        "conditions": conditions.told(level.conditions),
        "actions": action_words(level.actions),
    }


def moment_words(moment: str, number: int) -> str:
    """`超时之后，第 1 次`."""
    when = str(MOMENTS.get(moment, moment))
    return _("%(when)s，第 %(number)d 次") % {"when": when, "number": number} if number else when


def _term(text: str) -> str:
    """`1 个工作日` for `1wd`."""
    return wording.duration(Duration.parse(text), "en" if english() else "zh")


def action_words(does: dict[str, Any]) -> list[str]:
    """One phrase an action."""
    told = []
    if does.get("tell"):
        told.append(_("通知 %(who)s") % {"who": listed(TARGETS.get(one, one) for one in does["tell"])})
    if does.get("raise"):
        told.append(_("提高一级优先级"))
    if does.get("reassign"):
        told.append(str(REASSIGN.get(does["reassign"], does["reassign"])))
    if does.get("supervise"):
        told.append(_("督办，期限 %(term)s") % {"term": _term(does["supervise"])})
    return told


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def level(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """One level; saving makes a new version of the procedure."""
    held = _latest()
    row = held.levels.filter(code=code).first()
    if row is None:
        raise NotFound("level")
    return _edit(request, by, held, code, LevelForm(request.POST or None, initial=initial(row)))


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def new_level(request: HttpRequest, by: Viewer) -> HttpResponse:
    """A level more, asked after the others."""
    known = set(Level.objects.values_list("code", flat=True))
    fresh = next(name for n in range(1, 10_000) if (name := f"own{n}") not in known)
    first = {"active": True, "grade": 1, "moment": "breached", "number": 0}
    return _edit(request, by, _latest(), fresh, LevelForm(request.POST or None, initial=first))


def _edit(request: HttpRequest, by: Viewer, held: Procedure, code: str, form: LevelForm) -> HttpResponse:
    seen = _seen(request) or held.version
    made: list[Procedure] = []

    def put() -> None:
        made.append(editing.put(form.values() | {"code": code}, seen, by.staff_id))

    if request.method == "POST" and taken(form, put):
        tell(request, _("升级办法已存为第 %(version)d 版。") % {"version": made[0].version})
        return redirect("setup:escalation")
    known = held.levels.filter(code=code).exists()
    return show(request, "setup/escalation_level.html", {"form": form, "held": held, "code": code, "known": known})


@page(roles.SETUP)
@require_POST
def removal(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """Leave a level out of the next version."""
    editing.drop(code, _seen(request), by.staff_id)
    tell(request, _("已删除这一级，旧版本仍可恢复。"))
    return redirect("setup:escalation")


@page(roles.SETUP)
@require_POST
def moving(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """Ask a level earlier (`up=1`) or later."""
    editing.move(code, request.POST.get("up") == "1", _seen(request), by.staff_id)
    return redirect("setup:escalation")


@page(roles.SETUP)
@require_POST
def restoration(request: HttpRequest, by: Viewer, version: int) -> HttpResponse:
    """A new version with the levels of an old one."""
    made = editing.go_back(version, _seen(request), by.staff_id)
    tell(request, _("已按第 %(old)d 版的内容存为第 %(new)d 版。") % {"old": version, "new": made.version})
    return redirect("setup:escalation")


def _seen(request: HttpRequest) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isdigit() else 0


def _versions() -> list[dict[str, Any]]:
    rows = list(Procedure.objects.order_by("-version")[:_VERSIONS])
    changes = SettingChange.objects.filter(
        table="escalation_procedure", row_id__in=[row.pk for row in rows], before__isnull=True
    )
    made = {change.row_id: change for change in changes}
    names, found = Names(), []
    for place, row in enumerate(rows):
        older = rows[place + 1] if place + 1 < len(rows) else None
        change = made.get(row.pk)
        found.append(
            {
                "row": row,
                "latest": place == 0,
                "at": change.at if change else None,
                "who": (names.staff(change.actor_id) if change else "") or _("随程序提供"),
                "lines": _differences(older, row) if older else [],
            }
        )
    return found


def _differences(old: Procedure, new: Procedure) -> list[Line]:
    before = {line["code"]: line for line in editing.plain(old)}
    after = {line["code"]: line for line in editing.plain(new)}
    lines = [
        Line(
            (after.get(code) or before[code])["name"],
            _words(before.get(code)),
            _words(after.get(code)) or _("（已删除）"),
        )
        for code in {**before, **after}
        if before.get(code) != after.get(code)
    ]
    return lines or [Line(_("次序"), "", _("已调整"))]


def _words(line: dict[str, Any] | None) -> str:
    if line is None:
        return ""
    when = moment_words(line["moment"], line["number"])
    parts = [when, phrased(conditions.told(line["conditions"])), phrased(action_words(line["actions"]))]
    return " → ".join(part for part in parts if part) + ("" if line["active"] else _("（停用）"))
