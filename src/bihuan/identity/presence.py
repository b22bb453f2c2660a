"""Who is there at a moment, for many units at once: three statements however many people. Plain values come out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.identity.models import Absence, Shift, Staff

KEPT = timedelta(days=3)
"""A unit keeps a roster when someone has a desk turn so near before or after the moment."""
_CHAIN = 5


@dataclass(frozen=True)
class Presence:
    """`away`: who is away → who is named to stand in (None: nobody); `turns`: unit → who has a desk turn now;
    `rostered`: units that keep a desk roster; `deputies`: everyone's standing deputy; `homes`: everyone's unit."""

    away: Mapping[int, int | None]
    turns: Mapping[int, tuple[int, ...]]
    rostered: frozenset[int]
    deputies: Mapping[int, int | None]
    homes: Mapping[int, int]

    def stand_in(self, staff_id: int) -> int | None:
        """Who does the work of someone away: the first deputy of the chain who is there; None when she is there herself,
        or nobody is."""
        if staff_id not in self.away:
            return None
        asked, person = {staff_id}, staff_id
        for _step in range(_CHAIN):
            following = self.away.get(person) or self.deputies.get(person)
            if following is None or following in asked or following not in self.homes:
                return None
            if following not in self.away:
                return following
            asked.add(following)
            person = following
        return None

    def working(self, unit_id: int, members: Iterable[int]) -> list[int]:
        """Who of these members works now: who has a turn where a roster is kept (or stands in for who has), else all who
        are there."""
        known = list(members)
        if unit_id not in self.rostered:
            return [one for one in known if one not in self.away]
        turn = [self.stand_in(one) if one in self.away else one for one in self.turns.get(unit_id, ())]
        here = {one for one in turn if one is not None}
        return [one for one in known if one in here]


def at(moment: datetime) -> Presence:
    """The picture at a moment."""
    away: dict[int, int | None] = {}
    absences = Absence.objects.filter(starts_at__lte=moment, ends_at__gt=moment).order_by("id")
    for staff_id, deputy_id in absences.values_list("staff_id", "deputy_id"):
        away[staff_id] = deputy_id
    turns: dict[int, list[int]] = {}
    rostered = set()
    near = Shift.objects.filter(starts_at__lt=moment + KEPT, ends_at__gt=moment - KEPT).exclude(kind="manager")
    rows = near.order_by("starts_at", "id").values_list("unit_id", "staff_id", "starts_at", "ends_at")
    for unit_id, staff_id, begins, ends in rows:
        rostered.add(unit_id)
        if begins <= moment < ends:
            turns.setdefault(unit_id, []).append(staff_id)
    people = Staff.objects.filter(is_active=True, is_system=False).values_list("id", "unit_id", "deputy_id")
    found = list(people)
    return Presence(
        away,
        {unit: tuple(dict.fromkeys(ids)) for unit, ids in turns.items()},
        frozenset(rostered),
        {one: deputy for one, _unit, deputy in found},
        {one: unit for one, unit, _deputy in found},
    )
