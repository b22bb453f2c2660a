"""When a customer is called back and when she counts as unreachable. Pure: rules and moments in, moments and words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.cases.days import LOCAL, local_day

MEDIA = ("call", "sms", "email", "visit")
"""By what a call-back may be tried."""


@dataclass(frozen=True)
class Hours:
    """On which weekdays (Monday 1) and between which local hours people are called."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    first: int = 9
    last: int = 20

    def open(self, moment: datetime) -> bool:
        """True when one may call then."""
        local = moment.astimezone(LOCAL)
        return local.isoweekday() in self.days and self.first <= local.hour < self.last

    def next(self, moment: datetime) -> datetime:
        """This moment, or the first one after it at which one may call; the moment itself where no hour is open."""
        if self.open(moment) or not self.days or self.first >= self.last:
            return moment
        begin = moment.astimezone(LOCAL).replace(hour=self.first, minute=0, second=0, microsecond=0)
        for ahead in range(9):
            at = begin + timedelta(days=ahead)
            if at >= moment and at.isoweekday() in self.days:
                return at
        return moment


@dataclass(frozen=True)
class Plan:
    """The call-back part of a rule: hours, pause between attempts, and what makes a customer unreachable."""

    hours: Hours = Hours()
    gap: timedelta = timedelta(hours=2)
    attempts: int = 3
    spread_days: int = 1
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tried:
    """One attempt that reached nobody."""

    at: datetime
    means: str


@dataclass(frozen=True)
class Missing:
    """What the plan still asks for before a customer counts as unreachable; all zero and empty when it is met."""

    attempts: int = 0
    days: int = 0
    media: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """True when nothing is missing."""
        return not (self.attempts or self.days or self.media)


def missing(plan: Plan, tried: Sequence[Tried]) -> Missing:
    """What is missing. Attempts closer together than the pause count once."""
    counted: list[Tried] = []
    for one in sorted(tried, key=lambda one: one.at):
        if not counted or one.at - counted[-1].at >= plan.gap or one.means != counted[-1].means:
            counted.append(one)
    days = {local_day(one.at) for one in counted}
    return Missing(
        max(0, plan.attempts - len(counted)),
        max(0, plan.spread_days - len(days)),
        tuple(medium for medium in plan.media if medium not in {one.means for one in tried}),
    )


def next_attempt(plan: Plan, last: datetime, promised: datetime | None = None) -> datetime:
    """When to try again: the time the customer named, whatever the hour; else after the pause, within the hours."""
    return promised if promised is not None else plan.hours.next(last + plan.gap)
