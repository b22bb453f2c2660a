"""Units: made, changed, moved and closed. The `path` of a whole subtree follows its top."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.identity import audit, roles
from bihuan.identity.models import Staff, Unit
from bihuan.identity.permits import must
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.history import edited_by

FIELDS = ("name", "name_en", "kind", "parent_id", "area_id", "area_level", "responsible_id")
"""What may be changed of a unit; its code stays, because rules and imports know it by that."""
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}", re.IGNORECASE)


def create_unit(code: str, fields: Mapping[str, Any], by: Viewer) -> Unit:
    """A new unit; `fields` as in `FIELDS`, `name` and `kind` are needed."""
    must(by, roles.ACCOUNTS)
    code = code.strip()
    if not _CODE.fullmatch(code):
        raise RuleError("unit.code", _("部门代码用 2–40 个字母、数字、点或横线，如 cz.maintenance。"), field="code")
    with edited_by(by.staff_id):
        if Unit.objects.filter(code=code).exists():
            raise Conflict("unit.exists", _("已有代码为“%s”的部门，请换一个。") % code, field="code")
        unit = Unit(code=code)
        _set(unit, fields)
        unit.save()
        _follow(unit)
        _note(by, "unit.create", unit.code)
    return unit


def edit_unit(unit_id: int, fields: Mapping[str, Any], by: Viewer) -> Unit:
    """Change some fields; a new parent moves the whole subtree, never below itself."""
    must(by, roles.ACCOUNTS)
    with edited_by(by.staff_id):
        unit = Unit.objects.select_for_update().get(pk=unit_id)
        _set(unit, fields)
        unit.save()
        _follow(unit)
        _note(by, "unit.edit", unit.code, changed=sorted(fields))
    return unit


def close_unit(unit_id: int, by: Viewer) -> Unit:
    """Take a unit out of use. Whether it still holds complaints is asked one room above (`flow.units.retire`)."""
    must(by, roles.ACCOUNTS)
    with edited_by(by.staff_id):
        unit = Unit.objects.select_for_update().get(pk=unit_id)
        if Unit.objects.filter(parent=unit, active=True).exists():
            raise Conflict("unit.has_units", _("下面还有在用的部门，请先停用或移走它们。"))
        if Staff.objects.filter(unit=unit, is_active=True).exists():
            raise Conflict("unit.has_staff", _("部门里还有在用的账号，请先调走或停用。"))
        unit.active = False
        unit.save(update_fields=["active"])
        _note(by, "unit.close", unit.code)
    return unit


def reopen_unit(unit_id: int, by: Viewer) -> Unit:
    """Put a unit back into use; its parent must be in use."""
    must(by, roles.ACCOUNTS)
    with edited_by(by.staff_id):
        unit = Unit.objects.select_for_update().get(pk=unit_id)
        if unit.parent is not None and not unit.parent.active:
            raise Conflict("unit.parent_closed", _("上级部门已停用，请先启用上级部门。"))
        unit.active = True
        unit.save(update_fields=["active"])
        _note(by, "unit.reopen", unit.code)
    return unit


def _set(unit: Unit, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise RuleError("unit.field", _("部门没有“%s”这一项。") % min(unknown), field=min(unknown))
    for name, value in fields.items():
        setattr(unit, name, value.strip() if isinstance(value, str) else value)
    if not unit.name:
        raise RuleError("unit.name", _("请填写部门名称。"), field="name")
    if unit.kind not in Unit.Kind.values:
        raise RuleError("unit.kind", _("请选择部门类型。"), field="kind")
    if (unit.area_id is None) != (unit.area_level is None):
        raise RuleError("unit.area", _("请从列表中选择负责的地区。"), field="area")
    _check_parent(unit)
    responsible = Staff.objects.filter(pk=unit.responsible_id).first() if unit.responsible_id else None
    if unit.responsible_id and (responsible is None or not responsible.is_active):
        raise RuleError("unit.responsible", _("责任人应是在用的账号。"), field="responsible")


def _check_parent(unit: Unit) -> None:
    if unit.parent_id is None:
        return
    parent = Unit.objects.filter(pk=unit.parent_id, active=True).first()
    if parent is None:
        raise RuleError("unit.parent", _("上级部门应是在用的部门。"), field="parent")
    if unit.pk and (parent.pk == unit.pk or unit.pk in parent.path):
        raise RuleError("unit.cycle", _("上级部门不能是本部门或它下面的部门。"), field="parent")


def _follow(unit: Unit) -> None:
    """Write the path of the unit and of everything below it; only rows whose path differs are touched."""
    parent = Unit.objects.filter(pk=unit.parent_id).first() if unit.parent_id else None
    paths = {unit.pk: [*(parent.path if parent else []), unit.pk]}
    rows = list(Unit.objects.values_list("id", "parent_id", "path"))
    grown = True
    while grown:
        found = {pk: [*paths[up], pk] for pk, up, _path in rows if up in paths and pk not in paths}
        paths |= found
        grown = bool(found)
    held = {pk: path for pk, _up, path in rows}
    for pk, path in paths.items():
        if held.get(pk) != path:
            Unit.objects.filter(pk=pk).update(path=path)
    unit.path = paths[unit.pk]


def _note(by: Viewer, action: str, code: str, **detail: Any) -> None:
    audit.record("account", actor_id=by.staff_id, actor_name=by.name, subject=code, detail={"action": action, **detail})
