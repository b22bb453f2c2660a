"""Trying routing rules out: which rule would take a complaint, and why the others before it would not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.dispatch.rules import Areas, RuleInfo, fits, unit_for
from bihuan.identity.units import UnitBook, UnitInfo


@dataclass(frozen=True)
class Tried:
    """One rule asked: `unmet` are the conditions that do not hold, `unit` whom it means there (None: nobody), `chosen`
    marks the one that decides."""

    rule: RuleInfo
    unmet: Sequence[str]
    unit: UnitInfo | None
    chosen: bool


def run(rules: Sequence[RuleInfo], facts: Mapping[str, Any], areas: Areas, units: UnitBook) -> list[Tried]:
    """Every rule in order with its answer; at most one is chosen."""
    tried: list[Tried] = []
    decided = False
    for rule in rules:
        unmet = [key for key, wanted in rule.conditions.items() if not fits({key: wanted}, facts)]
        unit = unit_for(rule.target, areas, units)
        chosen = not decided and not unmet and unit is not None
        decided = decided or chosen
        tried.append(Tried(rule, unmet, unit, chosen))
    return tried
