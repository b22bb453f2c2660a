"""Which level of the procedure a fact of the watch meets. Pure.

Facts of one moment: `moment` (warned, breached, escalated), `number` (which of its kind), `owner` (of the promise; `work` for
the term of a sub-task), `policy`, `family`, `work` (kind of the term), `category` (code), `areas` (ids), `flags`, `urgency`
1–4, `customer_level` 0–7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOMENTS = ("warned", "breached", "escalated")
TARGETS = ("handler", "lead", "manager", "duty", "dispatcher", "management", "taker")
"""Who can be told: the responsible person, who leads the unit, who leads the unit above, the duty manager, the dispatcher,
the management department, and whoever took the complaint in (first-asked)."""
REASSIGN = ("", "pool", "lead", "deputy")
OWNERS = ("customer", "unit", "operator", "regulator", "assessment", "work")
CONDITIONS = ("owner", "policy", "family", "work", "category", "area", "flags", "urgency_at_least", "level_at_least")
BOUNDS = {"urgency_at_least": ("urgency", 1, 4), "level_at_least": ("customer_level", 0, 7)}


@dataclass(frozen=True, slots=True)
class LevelInfo:
    """One line of the procedure as plain values; see `escalation.models.Level`."""

    version: int
    code: str
    name: str
    name_en: str
    grade: int
    moment: str
    number: int
    conditions: Mapping[str, Any]
    tell: tuple[str, ...]
    raises: bool
    reassign: str
    supervise: str

    def told(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """How a case's event names it: with the facts that let its conditions hold."""
        named = {"version": self.version, "level": self.grade, "code": self.code, "name": self.name}
        because = {
            BOUNDS[key][0] if key in BOUNDS else key: _met(key, self.conditions[key], facts) for key in self.conditions
        }
        return {**named, "name_en": self.name_en, "because": because}


def fits(level: LevelInfo, facts: Mapping[str, Any]) -> bool:
    """True when it is this moment and every condition holds."""
    if level.moment != facts["moment"] or level.number not in (0, facts["number"]):
        return False
    return all(_holds(key, wanted, facts) for key, wanted in level.conditions.items())


def _holds(key: str, wanted: Any, facts: Mapping[str, Any]) -> bool:
    if key in BOUNDS:
        return bool(facts[BOUNDS[key][0]] >= wanted)
    if key == "category":
        return any(str(facts["category"]).startswith(prefix) for prefix in wanted)
    if key == "flags":
        return bool(set(wanted) & set(facts["flags"]))
    if key == "area":
        return bool(set(wanted) & set(facts["areas"]))
    return facts.get(key, "") in wanted


def _met(key: str, wanted: Any, facts: Mapping[str, Any]) -> Any:
    """What of the facts met this condition."""
    if key in BOUNDS:
        return facts[BOUNDS[key][0]]
    if key in {"flags", "area"}:
        held = facts["areas" if key == "area" else key]
        return [one for one in wanted if one in held]
    return [facts[key]]


def choose(levels: Sequence[LevelInfo], facts: Mapping[str, Any]) -> LevelInfo | None:
    """The first line that fits; None when nothing is to be done."""
    return next((level for level in levels if fits(level, facts)), None)
