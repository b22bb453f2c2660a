"""All names a list or a figure needs, as one immutable picture: areas and trees, and every unit and person, those who
have left included. Read again when a setting has changed."""

from typing import NamedTuple

from django.utils.translation import get_language

from bihuan.catalog import snapshot as catalog
from bihuan.catalog.snapshot import Snapshot
from bihuan.identity.models import Staff, Unit
from bihuan.kernel.cached import PerSettings


class UnitName(NamedTuple):
    """A unit, active or not; `path` are the ids from the top down to itself."""

    id: int
    code: str
    name: str
    name_en: str
    active: bool
    path: tuple[int, ...]


class StaffName(NamedTuple):
    """A member of staff, active or not."""

    id: int
    username: str
    name: str
    name_en: str


class Lexicon(NamedTuple):
    """Names at one settings version."""

    catalog: Snapshot
    units: dict[int, UnitName]
    unit_codes: dict[str, UnitName]
    staff: dict[int, StaffName]
    usernames: dict[str, StaffName]


def _load() -> Lexicon:
    units = [UnitName(u.id, u.code, u.name, u.name_en, u.active, tuple(u.path)) for u in Unit.objects.all()]
    people = [StaffName(*row) for row in Staff.objects.values_list("id", "username", "name", "name_en")]
    return Lexicon(
        catalog.current(),
        {unit.id: unit for unit in units},
        {unit.code: unit for unit in units},
        {person.id: person for person in people},
        {person.username: person for person in people},
    )


current = PerSettings(_load, *catalog.TABLES, "identity_unit", "identity_staff")
"""The lexicon of the present settings version."""


def english() -> bool:
    """True when the reader's language is English."""
    return (get_language() or "").startswith("en")


def either(name: str, name_en: str) -> str:
    """The name in the reader's language, where it has one."""
    return name_en if name_en and english() else name
