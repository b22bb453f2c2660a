"""Which rule fits a case and which unit that means. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.identity.units import UnitBook, UnitInfo

Areas = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """One routing rule as plain values; see `dispatch.models.Rule`."""

    id: int
    set_code: str
    set_version: int
    code: str
    position: int
    conditions: Mapping[str, Any]
    target: Mapping[str, Any]
    priority: int | None
    demands: str
    demands_en: str
    reason: str
    reason_en: str
    place: int = 0
    """Which of its set it is, counted from 1, as the table of rules shows it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule that fits and the unit it names."""

    rule: RuleInfo
    unit: UnitInfo


def fits(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """True when every condition given holds. `facts` holds category and product codes, service_type, channel, flags,
    area_level (0 unknown … 4), customer_level, urgency as 1–4, and of the complaint's registration `text` (its words),
    `minute` (of the local day) and `weekday` (1 Monday … 7)."""
    for key, wanted in conditions.items():
        if key in {"category", "product"}:
            if not any(facts[key].startswith(prefix) for prefix in wanted):
                return False
        elif key in {"service_type", "channel"}:
            if facts[key] not in wanted:
                return False
        elif key == "flags":
            if not set(wanted) & set(facts["flags"]):
                return False
        elif key == "area":
            if not set(wanted) & set(facts["areas"]):
                return False
        elif key == "text":
            if not any(word in facts.get("text", "") for word in wanted):
                return False
        elif key == "weekdays":
            if facts.get("weekday", 0) not in wanted:
                return False
        elif key == "hours":
            if not any(within(span, facts.get("minute", -1)) for span in wanted):
                return False
        elif facts[_AT_LEAST[key]] < wanted:
            return False
    return True


def within(span: str, minute: int) -> bool:
    """Whether a minute of the day lies in a span `18:00-08:00` (the end is not in it; over midnight where it ends earlier)."""
    begin, end = bounds(span)
    if minute < 0:
        return False
    return begin <= minute < end if begin < end else minute >= begin or minute < end


def bounds(span: str) -> tuple[int, int]:
    """The minutes of the day at which a span begins and ends."""
    begin, end = (_minute(part) for part in span.split("-"))
    return begin, end


def _minute(told: str) -> int:
    hour, _colon, minute = told.partition(":")
    return int(hour) * 60 + int(minute)


_AT_LEAST = {
    "area_level_at_least": "area_level",
    "level_at_least": "customer_level",
    "urgency_at_least": "urgency",
}
CONDITIONS = frozenset(
    {"category", "product", "service_type", "channel", "flags", "area", "text", "hours", "weekdays", *_AT_LEAST}
)
"""Every condition a rule may carry."""


def unit_for(target: Mapping[str, Any], areas: Areas, units: UnitBook) -> UnitInfo | None:
    """The unit a rule's target means for this place; None when there is none."""
    if target.get("unit"):
        return units.by_code.get(str(target["unit"]))
    kind = str(target.get("kind", ""))
    if not target.get("by_area"):
        return units.answering(kind, areas)
    found = units.answering("branch", areas) if kind == "branch" else units.answering("district", areas)
    return found if found is not None and found.area is not None and found.area[0] >= 3 else None


def choose(rules: Sequence[RuleInfo], facts: Mapping[str, Any], areas: Areas, units: UnitBook) -> Choice | None:
    """The first rule in order that fits and whose unit exists."""
    for rule in rules:
        if fits(rule.conditions, facts):
            unit = unit_for(rule.target, areas, units)
            if unit is not None:
                return Choice(rule, unit)
    return None
