"""Whom the escalation procedure means: responsible person, lead, manager, duty manager, dispatcher, management department.

Made once for a whole round of the watch: one statement for the turns of duty, all else from cached pictures.
"""

from collections.abc import Sequence
from datetime import datetime

from bihuan.cases.models import Case
from bihuan.identity import book, people
from bihuan.identity.models import Shift
from bihuan.identity.units import UnitInfo

Areas = tuple[int | None, int | None, int | None]


class Targets:
    """Answers `of(target, case, unit, person)` for many cases at one moment."""

    def __init__(self, at: datetime) -> None:
        self.units = book.units()
        self.people = people.by_unit()
        self.turns: dict[int, list[tuple[int, str]]] = {}
        rows = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at).order_by("starts_at", "id")
        for unit_id, staff_id, kind in rows.values_list("unit_id", "staff_id", "kind"):
            self.turns.setdefault(unit_id, []).append((staff_id, kind))
        self._held: dict[tuple[str, Areas], list[int]] = {}

    def of(self, target: str, case: Case, unit_id: int | None, person_id: int | None) -> list[int]:
        """Staff ids; `unit_id` and `person_id` are who has to act on what fell due. Empty when there is nobody."""
        if target == "handler":
            return [person_id] if person_id else self.lead(unit_id)
        if target == "lead":
            return self.lead(unit_id)
        if target == "manager":
            return self.manager(unit_id)
        if target == "taker":
            return [case.registered_by_id] if case.registered_by_id else []
        areas: Areas = (case.province_id, case.city_id, case.district_id)
        found = self._held.get((target, areas))
        if found is None:
            found = self._held[target, areas] = self._placed(target, areas)
        return found

    def _placed(self, target: str, areas: Areas) -> list[int]:
        kind = "management" if target == "management" else "service_center"
        unit = self.units.answering(kind, areas)
        if unit is None:
            return []
        if target == "management":
            return [unit.responsible_id] if unit.responsible_id else self._of_role(unit, ("manager", "liaison"))
        if target == "duty":
            return self._on_turn(unit, Shift.Kind.MANAGER) or self._of_role(unit, ("dutymanager",))
        dispatchers = self._of_role(unit, ("dispatcher",))
        on_turn = [one for one in self._on_turn(unit, Shift.Kind.DESK) if one in dispatchers]
        return on_turn or dispatchers

    def lead(self, unit_id: int | None) -> list[int]:
        """Who answers for the unit, or for the next one above that somebody answers for."""
        return next(iter(self._answering(unit_id)), [])

    def manager(self, unit_id: int | None) -> list[int]:
        """Who answers for the unit above: not the same person again."""
        lead = self.lead(unit_id)
        return next((found for found in self._answering(unit_id) if found != lead), [])

    def _answering(self, unit_id: int | None) -> Sequence[list[int]]:
        unit = self.units.units.get(unit_id or 0)
        above = [self.units.units.get(ident) for ident in reversed(unit.path)] if unit else []
        return [[one.responsible_id] for one in above if one is not None and one.responsible_id]

    def _on_turn(self, unit: UnitInfo, kind: str) -> list[int]:
        return [staff_id for staff_id, turn in self.turns.get(unit.id, ()) if turn == kind]

    def _of_role(self, unit: UnitInfo, roles: tuple[str, ...]) -> list[int]:
        return [one.id for one in self.people.get(unit.id, ()) if set(roles) & set(one.roles)]
