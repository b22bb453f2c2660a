"""Who is asked at a rung, and who may decide in her place."""

from django.utils.translation import gettext as _

from bihuan.identity import roster
from bihuan.identity.book import units
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import RuleError

_EQUALS = {"lead": {"lead", "dutymanager"}}
"""Roles that stand on the same rung."""


def for_role(role: str, unit_id: int, not_id: int) -> Staff:
    """The nearest person with this role, from the unit upwards, then anywhere; never the proposer herself.

    Who answers for a unit is asked before others of it. `RuleError` where there is nobody.
    """
    unit = units().units.get(unit_id)
    path = list(unit.path) if unit else []
    wanted = _EQUALS.get(role, {role})
    found = Staff.objects.filter(is_active=True, is_system=False, roles__overlap=list(wanted)).exclude(pk=not_id)
    rank = {step: place for place, step in enumerate(reversed(path))}
    heads = {one.responsible_id for one in units().units.values()}
    people = sorted(found, key=lambda one: (rank.get(one.unit_id, 99), one.pk not in heads, one.pk))
    if not people:
        raise RuleError("compensation.nobody", _("没有可以审批这个金额的人，请业务管理员安排。"), field="amount")
    return people[0]


def stand_in(person: Staff) -> int | None:
    """Who does her work now, when she is away; else None."""
    found = roster.stand_in(person)
    return found.pk if found else None


def may_decide(viewer: Viewer, staff_id: int, proposer_id: int) -> bool:
    """True for the person asked, and for her deputy while she is away; never for the proposer."""
    if viewer.staff_id == proposer_id:
        return False
    if viewer.staff_id == staff_id:
        return True
    person = Staff.objects.filter(pk=staff_id).select_related("deputy").first()
    return person is not None and stand_in(person) == viewer.staff_id
