"""Crews: which serve an area, who works for which, and setting them up."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.fieldwork.models import Crew
from bihuan.fieldwork.rules import DAYS, windows_of
from bihuan.fieldwork.tiers import TIERS
from bihuan.identity import roles
from bihuan.identity.book import units
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden, RuleError
from bihuan.kernel.history import edited_by
from bihuan.sla import queries as sla
from bihuan.text.clean import clean


def in_use() -> list[Crew]:
    """Every crew in use."""
    return list(Crew.objects.filter(active=True))


def areas_of(crew: Crew) -> set[int]:
    """The ids of the areas it serves; empty: the whole operator's."""
    if crew.area_ids:
        return set(crew.area_ids)
    unit = units().units.get(crew.unit_id)
    return {unit.area[1]} if unit and unit.area else set()


def serving(case: Case, tier: str = "") -> list[Crew]:
    """Crews whose areas hold the case's, the nearest contract (the smallest area) first; a case without an area: all."""
    places = [case.area_id, case.district_id, case.city_id, case.province_id]
    found = []
    for crew in in_use():
        areas = areas_of(crew)
        depth = next((at for at, place in enumerate(places) if place in areas), None)
        if areas and depth is None and any(places):
            continue
        if not tier or crew.tier == tier:
            found.append((depth if depth is not None else len(places), crew.pk, crew))
    return [crew for _depth, _pk, crew in sorted(found, key=lambda one: one[:2])]


def works_for(viewer: Viewer, crew: Crew) -> bool:
    """True for its members and for who handles in its unit (or leads it)."""
    return viewer.can(roles.HANDLE) and (viewer.staff_id in crew.member_ids or crew.unit_id in viewer.units)


def seen_by(viewer: Viewer) -> list[Crew]:
    """Crews whose calendar and lists she has: those she works for, and those in her area for who answers for one."""
    if not viewer.can(roles.HANDLE):
        return []
    return [crew for crew in in_use() if works_for(viewer, crew) or _governs(viewer, crew)]


def _governs(viewer: Viewer, crew: Crew) -> bool:
    if roles.EVERYWHERE in viewer.reach:
        return True
    if roles.AREA not in viewer.reach:
        return False
    if viewer.area is None:
        return True
    level, area_id = viewer.area
    known = catalog.current().areas
    return any(area_id in (place, *(known[place].levels[:level] if place in known else ())) for place in areas_of(crew))


def may_edit(viewer: Viewer, unit_id: int) -> bool:
    """True for who arranges duty in that unit, and for the manager of settings."""
    return viewer.can(roles.SETUP) or (viewer.can(roles.DUTY) and unit_id in viewer.tree_ids)


def save(changes: Mapping[str, Any], by: Viewer, crew_id: int | None = None) -> Crew:
    """Add or change a crew: `unit`, `name`, `name_en`, `tier`, `members`, `areas`, `calendar`, `week` (day → text), `phone`,
    `active`. `RuleError` names the field at fault, `Forbidden` for a unit that is not hers."""
    crew = Crew.objects.get(pk=crew_id) if crew_id else Crew()
    unit_id = int(changes.get("unit") or crew.unit_id or 0)
    if unit_id not in units().units:
        raise RuleError("crew.unit", _("请选择在用的部门。"), field="unit")
    if not may_edit(by, unit_id) or (crew_id and not may_edit(by, crew.unit_id)):
        raise Forbidden("crew", _("只能设置本部门及下级部门的班组。"))
    name = clean(str(changes.get("name", crew.name)), 60, "name")
    if not name:
        raise RuleError("crew.name", _("请填写班组名称。"), field="name")
    crew.unit_id, crew.name, crew.name_en = (
        unit_id,
        name,
        clean(str(changes.get("name_en", crew.name_en)), 60, "name_en"),
    )
    crew.tier = _chosen(str(changes.get("tier", crew.tier)), TIERS, "tier")
    crew.calendar = _chosen(str(changes.get("calendar", crew.calendar)), sla.book().calendars, "calendar")
    crew.member_ids = _members(unit_id, changes.get("members", crew.member_ids))
    crew.area_ids = _areas(changes.get("areas", crew.area_ids))
    if "week" in changes:
        crew.week = {day: windows_of(str(changes["week"].get(day, ""))) for day in DAYS}
    crew.phone = _phone(str(changes.get("phone", crew.phone)))
    crew.active = bool(changes.get("active", crew.active))
    with edited_by(by.staff_id):
        crew.save()
    return crew


def _chosen(code: str, known: Mapping[str, Any], field: str) -> str:
    if code not in known:
        raise RuleError(f"crew.{field}", _("请从列表中选择。"), field=field)
    return code


def _members(unit_id: int, wanted: Sequence[int]) -> list[int]:
    below = units().below(unit_id)
    found = Staff.objects.filter(pk__in=list(wanted), is_active=True, is_system=False, unit_id__in=below)
    ids = sorted(found.values_list("id", flat=True))
    if len(ids) != len(set(wanted)):
        raise RuleError("crew.members", _("成员应是本部门或下级部门在用的账号。"), field="members")
    return ids


def _areas(wanted: Sequence[int]) -> list[int]:
    known = catalog.current().areas
    if any(one not in known for one in wanted):
        raise RuleError("crew.areas", _("请从列表中选择片区。"), field="areas")
    return sorted(set(wanted))


def _phone(told: str) -> str:
    number = clean(told, 30, "phone").replace(" ", "")
    if number and not number.replace("-", "").removeprefix("+").isdigit():
        raise RuleError("crew.phone", _("电话只写数字和短横线。"), field="phone")
    return number


def named(crew_id: int) -> Crew:
    """A crew in use; `RuleError` for any other."""
    crew = Crew.objects.filter(pk=crew_id, active=True).first()
    if crew is None:
        raise RuleError("crew.unknown", _("请选择在用的班组。"), field="crew")
    return crew
