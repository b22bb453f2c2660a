"""The units as one cached picture: who is below whom, who answers for which area, who does which kind of work."""

from dataclasses import dataclass
from functools import cached_property

from bihuan.identity.models import Unit


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """One unit. `area` is (level, area id), inherited from above when it has none of its own; None for the whole operator."""

    id: int
    code: str
    name: str
    name_en: str
    kind: str
    parent_id: int | None
    path: tuple[int, ...]
    area: tuple[int, int] | None
    responsible_id: int | None


@dataclass(frozen=True)
class UnitBook:
    """Every active unit by id; immutable, rebuilt when a setting changes."""

    units: dict[int, UnitInfo]

    @classmethod
    def load(cls) -> "UnitBook":
        """Read all active units in one query."""
        rows = {unit.id: unit for unit in Unit.objects.filter(active=True)}
        found = {}
        for unit in rows.values():
            own = next((rows[up] for up in reversed(unit.path) if up in rows and rows[up].area_id is not None), None)
            area = (int(own.area_level or 1), int(own.area_id)) if own and own.area_id is not None else None
            found[unit.id] = UnitInfo(
                unit.id,
                unit.code,
                unit.name,
                unit.name_en,
                unit.kind,
                unit.parent_id,
                tuple(unit.path),
                area,
                unit.responsible_id,
            )
        return cls(found)

    @cached_property
    def by_code(self) -> dict[str, UnitInfo]:
        """Units by their stable code."""
        return {unit.code: unit for unit in self.units.values()}

    @cached_property
    def by_name(self) -> dict[str, UnitInfo]:
        """Units by name, for imports; of two with one name, the one higher up."""
        return {unit.name: unit for unit in sorted(self.units.values(), key=lambda unit: -len(unit.path))}

    def below(self, unit_id: int) -> tuple[int, ...]:
        """The unit and every active unit below it, ids ascending."""
        return tuple(sorted(unit.id for unit in self.units.values() if unit_id in unit.path))

    def answering(self, kind: str, areas: tuple[int | None, int | None, int | None]) -> UnitInfo | None:
        """The unit of this kind whose area lies closest around (province, city, district); None when there is none.

        A unit without an area answers everywhere and is taken last.
        """
        best: tuple[int, int, UnitInfo] | None = None
        for unit in self.units.values():
            if unit.kind != kind:
                continue
            level = 0
            if unit.area is not None:
                level, area_id = unit.area
                if level > 3 or areas[level - 1] != area_id:
                    continue
            rank = (level, -len(unit.path), unit)
            if best is None or rank[:2] > best[:2]:
                best = rank
        return best[2] if best else None
