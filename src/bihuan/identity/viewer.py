"""Who is looking: rights and reach of a person or token as plain values, worked out once a request."""

from dataclasses import dataclass

from bihuan.identity import roles
from bihuan.identity.models import Staff, Token
from bihuan.identity.units import UnitBook


@dataclass(frozen=True)
class Viewer:
    """`reach` says which cases exist for her, `rights` what she may do with them.

    `tree_ids` are her unit and all below; `area` is (level, id) of her unit's area, None for the whole operator.
    """

    staff_id: int
    name: str
    unit_id: int
    tree_ids: tuple[int, ...]
    area: tuple[int, int] | None
    rights: frozenset[str]
    reach: frozenset[str]
    source: str = "desk"
    token_id: int | None = None
    source_system: str = ""

    def can(self, right: str) -> bool:
        """True when she has the right at all; whether for one case is `cases.access.may`."""
        return right in self.rights

    @property
    def units(self) -> tuple[int, ...]:
        """The units she works for: the whole tree for who leads one, else her own."""
        return self.tree_ids if roles.TREE in self.reach else (self.unit_id,)


def viewer_of(staff: Staff, units: UnitBook) -> Viewer:
    """The viewer a signed-in member of staff is."""
    held = [roles.ROLES[code] for code in staff.roles if code in roles.ROLES]
    rights = frozenset().union(*(role.rights for role in held)) if held else frozenset()
    reach = frozenset().union(*(role.reach for role in held)) if held else frozenset()
    unit = units.units.get(staff.unit_id)
    return Viewer(
        staff_id=staff.id,
        name=staff.name,
        unit_id=staff.unit_id,
        tree_ids=units.below(staff.unit_id),
        area=unit.area if unit else (4, -1),
        rights=rights if staff.is_active else frozenset(),
        reach=reach if staff.is_active else frozenset(),
    )


def viewer_of_token(token: Token, units: UnitBook) -> Viewer:
    """The viewer a token is: its owner's rights, cut to the token's scope."""
    owner = viewer_of(token.owner, units)
    return Viewer(
        staff_id=owner.staff_id,
        name=owner.name,
        unit_id=owner.unit_id,
        tree_ids=owner.tree_ids,
        area=owner.area,
        rights=owner.rights & frozenset(token.scopes),
        reach=owner.reach,
        source="api",
        token_id=token.id,
        source_system=token.source_system,
    )
