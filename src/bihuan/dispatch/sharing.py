"""Who of a unit gets which case, and why. Pure: people, work, load and shares come as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FITS, GENERAL, OTHER = 0, 1, 2
"""How well skills fit: one covers the case; she has none and takes anything; hers lie elsewhere."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works now. `level` is the customer level from which on she is trained (0: not especially)."""

    id: int
    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """One case to be given to somebody; `lapsed` are those who did not receive it in time before."""

    case_id: int
    category: str = ""
    product: str = ""
    level: int = 0
    lapsed: frozenset[int] = frozenset()


@dataclass(slots=True)
class Standing:
    """How much each has: `load` weighted open work, `open` plain count, `share` cases given in the last weeks."""

    load: dict[int, float] = field(default_factory=dict)
    open: dict[int, int] = field(default_factory=dict)
    share: dict[int, int] = field(default_factory=dict)

    def give(self, staff_id: int) -> None:
        """One more for her."""
        self.load[staff_id] = self.load.get(staff_id, 0.0) + 1
        self.open[staff_id] = self.open.get(staff_id, 0) + 1
        self.share[staff_id] = self.share.get(staff_id, 0) + 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """The case, the person, and the reason as plain values the timeline tells in words: {skill, level, open, share}."""

    case_id: int
    staff_id: int
    because: Mapping[str, Any]


def skill_for(person: Person, work: Work) -> str:
    """The narrowest of her skills that covers the case; empty for none."""
    fitting = [code for code in person.categories if work.category and work.category.startswith(code)]
    fitting += [code for code in person.products if work.product and work.product.startswith(code)]
    return max(fitting, key=len, default="")


def _fit(person: Person, work: Work) -> int:
    if skill_for(person, work):
        return FITS
    return OTHER if person.categories or person.products else GENERAL


def _key(person: Person, work: Work, standing: Standing, most_open: int, vip_level: int) -> tuple[Any, ...]:
    load, share = standing.load.get(person.id, 0.0), standing.share.get(person.id, 0)
    special = work.level >= vip_level > 0
    return (
        person.id in work.lapsed,
        _fit(person, work),
        special and not 0 < person.level <= work.level,
        bool(most_open) and load >= most_open,
        load + share,
        share,
        person.id,
    )


def choose(
    work: Work, people: Sequence[Person], standing: Standing, *, most_open: int = 0, vip_level: int = 0
) -> Chosen | None:
    """Who gets it: who did not let it lapse before; the skill that fits; for customers from `vip_level` on, who is trained
    for them; who is below the bound; then the least of load and share together. None when nobody works now."""
    if not people:
        return None
    one = min(people, key=lambda person: _key(person, work, standing, most_open, vip_level))
    because: dict[str, Any] = {
        "open": standing.open.get(one.id, 0),
        "share": standing.share.get(one.id, 0),
        "of": len(people),
    }
    skill = skill_for(one, work)
    if skill:
        because["skill"] = skill
    if work.level >= vip_level > 0 and 0 < one.level <= work.level:
        because["level"] = work.level
    return Chosen(work.case_id, one.id, because)


def plan(
    works: Sequence[Work], people: Sequence[Person], standing: Standing, *, most_open: int = 0, vip_level: int = 0
) -> list[Chosen]:
    """One after the other, each seeing what was given before. `standing` is brought up to date."""
    found = []
    for work in works:
        one = choose(work, people, standing, most_open=most_open, vip_level=vip_level)
        if one is not None:
            standing.give(one.staff_id)
            found.append(one)
    return found
