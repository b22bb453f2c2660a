"""What a clock needs to know of its promise: the calendar, how long, and the levels on the way. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from bihuan.sla.calendar import ALWAYS, AROUND_THE_CLOCK, Calendar, micros
from bihuan.sla.durations import DAYS, TIME, Duration

WARNED, BREACHED, ESCALATED = "warned", "breached", "escalated"


class Level(NamedTuple):
    """Fires when `offset` µs of open time have been used; `number` counts within its kind from 1."""

    offset: int
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clock needs to know of its policy: the calendar, how long, when to warn (fractions or time before) and
    when to escalate (time after)."""

    calendar: Calendar
    duration: Duration
    warn: tuple[float | Duration, ...] = ()
    escalate: tuple[Duration, ...] = ()
    _levels: dict[int, tuple[Level, ...]] = field(default_factory=dict, compare=False, repr=False)
    _spans: dict[str, tuple[timedelta, timedelta] | None] = field(default_factory=dict, compare=False, repr=False)

    def plain_spans(self) -> tuple[timedelta, timedelta] | None:
        """(until due, until the first level) where that is mere addition: time around the clock. Kept for the hot path."""
        if "spans" not in self._spans:
            simple = self.duration.unit == TIME and self.calendar.kind == ALWAYS
            offsets = (self.duration.micros, self.levels(self.duration.micros)[0].offset) if simple else None
            self._spans["spans"] = offsets and (timedelta(microseconds=offsets[0]), timedelta(microseconds=offsets[1]))
        return self._spans["spans"]

    @property
    def basis(self) -> Calendar:
        """The calendar on which use is counted: calendar days count around the clock."""
        return AROUND_THE_CLOCK if self.duration.unit == DAYS else self.calendar

    def allowance(self, start: datetime) -> int:
        """Open time granted to a clock begun at `start`."""
        if self.duration.unit == TIME:
            return self.duration.micros
        return self.basis.between_micros(micros(start), micros(self.calendar.add(start, self.duration)))

    def levels(self, allowance: int) -> tuple[Level, ...]:
        """Every level in the order it fires; warnings that would come before the start are left out."""
        found = self._levels.get(allowance)
        if found is None:
            found = self._make_levels(allowance)
            if self.duration.unit == TIME:
                self._levels[allowance] = found
        return found

    def _make_levels(self, allowance: int) -> tuple[Level, ...]:
        early = [
            int(allowance * part) if isinstance(part, float | int) else allowance - part.micros for part in self.warn
        ]
        early = sorted({offset for offset in early if 0 < offset < allowance})
        late = sorted({allowance + part.micros for part in self.escalate})
        return (
            *(Level(offset, WARNED, n) for n, offset in enumerate(early, 1)),
            Level(allowance, BREACHED, 1),
            *(Level(offset, ESCALATED, n) for n, offset in enumerate(late, 1)),
        )
