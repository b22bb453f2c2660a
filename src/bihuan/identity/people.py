"""All staff as one cached picture: who works where with which roles. For what has to find people for many cases at once."""

from typing import NamedTuple

from bihuan.identity.models import Staff
from bihuan.kernel.cached import PerSettings


class Person(NamedTuple):
    """One member of staff in use."""

    id: int
    unit_id: int
    roles: tuple[str, ...]


def _load() -> dict[int, tuple[Person, ...]]:
    found: dict[int, list[Person]] = {}
    rows = Staff.objects.filter(is_active=True, is_system=False).order_by("id")
    for ident, unit_id, held in rows.values_list("id", "unit_id", "roles"):
        found.setdefault(unit_id, []).append(Person(ident, unit_id, tuple(held)))
    return {unit_id: tuple(people) for unit_id, people in found.items()}


by_unit = PerSettings(_load, "identity_staff")
"""Active people (no system accounts) by unit."""
