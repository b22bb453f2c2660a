"""Changing the procedure. Every edit makes a new version of the whole and keeps the old: cases name the version they met."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.catalog import snapshot as catalog
from bihuan.escalation.models import Level, Procedure
from bihuan.escalation.rules import BOUNDS, CONDITIONS, MOMENTS, OWNERS, REASSIGN, TARGETS
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.kernel.history import edited_by
from bihuan.sla.durations import Duration

FIELDS = ("code", "name", "name_en", "grade", "moment", "number", "conditions", "actions", "active")
Lines = list[dict[str, Any]]


def plain(procedure: Procedure) -> Lines:
    """Its lines in order as plain values of `FIELDS`."""
    return [{name: getattr(level, name) for name in FIELDS} for level in procedure.levels.order_by("position")]


def put(fields: Mapping[str, Any], seen: int, by: int | None, note: str = "") -> Procedure:
    """Change the line with this `code`, or add it at the end. `seen`: the version looked at."""
    line = {name: fields[name] for name in FIELDS}
    check(line)

    def changed(lines: Lines) -> Lines:
        if any(one["code"] == line["code"] for one in lines):
            return [line if one["code"] == line["code"] else one for one in lines]
        return [*lines, line]

    return _next(seen, changed, by, note)


def drop(code: str, seen: int, by: int | None) -> Procedure:
    """Leave a line out of the next version."""
    return _next(seen, lambda lines: [one for one in lines if one["code"] != code], by)


def move(code: str, up: bool, seen: int, by: int | None) -> Procedure:
    """Ask a line one place earlier or later."""

    def moved(lines: Lines) -> Lines:
        place = next((n for n, one in enumerate(lines) if one["code"] == code), -1)
        other = place + (-1 if up else 1)
        if place < 0 or not 0 <= other < len(lines):
            return lines
        order = list(lines)
        order[place], order[other] = order[other], order[place]
        return order

    return _next(seen, moved, by)


def go_back(version: int, seen: int, by: int | None) -> Procedure:
    """A new version with the lines of an old one."""
    old = Procedure.objects.filter(version=version).first()
    if old is None:
        raise NotFound("procedure")
    lines = plain(old)
    for line in lines:
        check(line)
    return _next(seen, lambda _present: lines, by)


def _next(seen: int, change: Callable[[Lines], Lines], by: int | None, note: str = "") -> Procedure:
    with edited_by(by):
        old = Procedure.objects.select_for_update().order_by("-version").first()
        if old is None:
            raise NotFound("procedure")
        if old.version != seen:
            raise Conflict("procedure.outdated", _("升级办法已有更新的版本，请刷新后再改。"))
        before = plain(old)
        lines = change(before)
        if lines == before:
            return old
        if not lines:
            raise RuleError("procedure.empty", _("升级办法至少要有一级。"))
        made = Procedure.objects.create(version=old.version + 1, note=note.strip()[:200])
        Level.objects.bulk_create(
            [Level(procedure=made, position=place * 10, **line) for place, line in enumerate(lines, 1)]
        )
    return made


def check(line: Mapping[str, Any]) -> None:
    """Refuses a line that could never be met or does nothing; the messages name the field."""
    if not str(line["code"]).strip() or not str(line["name"]).strip():
        raise RuleError("level.name", _("请填写这一级的名称。"), field="name")
    if line["moment"] not in MOMENTS:
        raise RuleError("level.moment", _("请选择时点：预警、到期或超时之后。"), field="moment")
    if not 1 <= line["grade"] <= 9:
        raise RuleError("level.grade", _("级别为 1 到 9。"), field="grade")
    if not 0 <= line["number"] <= 9:
        raise RuleError("level.number", _("请填 0（每次）到 9。"), field="number")
    for key, wanted in line["conditions"].items():
        _check_condition(key, wanted)
    _check_actions(line["actions"])


def _check_condition(key: str, wanted: Any) -> None:
    if key not in CONDITIONS:
        raise RuleError("level.condition", _("没有“%s”这种条件。") % key, field="conditions")
    if key in BOUNDS:
        _fact, low, high = BOUNDS[key]
        if isinstance(wanted, bool) or not isinstance(wanted, int) or not low <= wanted <= high:
            raise RuleError("level.bound", _("请填 %(low)d 到 %(high)d 的数。") % {"low": low, "high": high}, field=key)
        return
    if not isinstance(wanted, list) or not wanted:
        raise RuleError("level.empty", _("条件至少要有一个值。"), field=key)
    if key == "owner" and set(wanted) - set(OWNERS):
        raise RuleError("level.owner", _("没有这种时限，请从列表中选择。"), field=key)
    if key == "area" and set(wanted) - set(catalog.current().areas):
        raise RuleError("level.area", _("没有找到地区，请用代码或全名。"), field=key)


def _check_actions(does: Mapping[str, Any]) -> None:
    tell = does.get("tell", [])
    if set(tell) - set(TARGETS):
        raise RuleError("level.tell", _("请从列表中选择通知谁。"), field="tell")
    if does.get("reassign", "") not in REASSIGN:
        raise RuleError("level.reassign", _("请从列表中选择转给谁。"), field="reassign")
    if does.get("supervise"):
        try:
            Duration.parse(does["supervise"])
        except RuleError as unreadable:
            raise RuleError(unreadable.code, unreadable.message, field="supervise") from unreadable
    if not (tell or does.get("raise") or does.get("reassign") or does.get("supervise")):
        raise RuleError("level.nothing", _("这一级还没有任何动作，请至少选一项。"), field="tell")
