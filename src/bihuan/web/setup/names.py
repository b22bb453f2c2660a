"""Names of things by id, in the reader's language, read once a page."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from bihuan.catalog import snapshot as catalog
from bihuan.identity import roles
from bihuan.identity.models import Staff, Unit


def english() -> bool:
    """True when the reader reads English."""
    return (get_language() or "").startswith("en")


def named(row: Any) -> str:
    """The name of anything that has `name` and `name_en`."""
    return str((row.name_en if english() else "") or row.name) if row is not None else ""


def listed(parts: Iterable[Any]) -> str:
    """Words one after the other, as the reader's language sets them apart."""
    return (", " if english() else "、").join(str(part) for part in parts)


def phrased(parts: Iterable[str]) -> str:
    """Conditions one after the other, all of which hold."""
    return ("; " if english() else "，").join(parts)


def role_names(codes: list[str]) -> str:
    """Names of roles, joined."""
    return listed(roles.ROLES[code].name if code in roles.ROLES else code for code in codes)


class Names:
    """Look-ups for history and lists; each kind is read at most once."""

    @cached_property
    def _units(self) -> dict[int, str]:
        return {unit.pk: named(unit) for unit in Unit.objects.all()}

    def unit(self, unit_id: Any) -> str:
        """A unit's name; empty for none."""
        return self._units.get(unit_id, str(unit_id)) if unit_id is not None else ""

    @cached_property
    def _staff(self) -> dict[int, str]:
        return {}

    def staff(self, staff_id: Any) -> str:
        """A person's name; empty for none."""
        if staff_id is None:
            return ""
        if staff_id not in self._staff:
            row = Staff.objects.filter(pk=staff_id).first()
            self._staff[staff_id] = named(row) if row else str(staff_id)
        return self._staff[staff_id]

    def area(self, area_id: Any) -> str:
        """An area's name; its number when it is not in use any more."""
        found = catalog.current().areas.get(area_id)
        return named(found) if found else str(area_id or "")

    def node(self, node_id: Any) -> str:
        """A tree entry's name; empty for none."""
        found = catalog.current().nodes.get(node_id)
        return named(found) if found else str(node_id or "")
