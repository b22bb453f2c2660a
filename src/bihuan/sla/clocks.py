"""One clock as a pure state machine: it starts, pauses, resumes, stops, reopens, changes its promise, and fires levels.

Two numbers carry everything: `allowance`, the open time granted, and `worked`, the open time already used when the
clock was last touched (`counted_from`). The due moment is always "allowance less worked, counted on from there", so a
pause shifts it by exactly the open time that passed, and no change of priority or policy can lose what was used.

Levels (warnings, the breach, escalations) are offsets on the same scale. A level fires once, in order, with the moment
it was due, however late the watch comes. All durations here are whole microseconds.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum
from functools import wraps
from typing import NamedTuple, ParamSpec

from bihuan.kernel.errors import RuleError
from bihuan.sla.calendar import micros, moment
from bihuan.sla.terms import BREACHED, Terms


class State(IntEnum):
    """`UNKNOWN`: the calendar lacks a year, so the due moment cannot be known until the year is entered."""

    RUNNING = 1
    PAUSED = 2
    MET = 3
    LATE = 4
    CANCELLED = 5
    UNKNOWN = 6


ALIVE = frozenset((State.RUNNING, State.PAUSED, State.UNKNOWN))
STOPPED = frozenset((State.MET, State.LATE))


class Fired(NamedTuple):
    """A level that was reached at `at`."""

    kind: str
    number: int
    at: datetime


class ClockState(NamedTuple):
    """Everything a clock is. `due_at` and `next_at` are None when the calendar cannot tell or nothing more fires;
    while paused `due_at` is what it would be without further pause. `paused` sums the open time not counted."""

    state: int
    started_at: datetime
    counted_from: datetime
    allowance: int
    worked: int
    due_at: datetime | None
    next_at: datetime | None
    level: int = 0
    paused_at: datetime | None = None
    paused: int = 0
    stopped_at: datetime | None = None


P = ParamSpec("P")


def _or_unknown(step: "Callable[P, ClockState]") -> "Callable[P, ClockState]":
    """A step into a year the calendar does not know leaves the clock `UNKNOWN` instead of refusing the customer."""

    @wraps(step)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ClockState:
        try:
            return step(*args, **kwargs)
        except RuleError as refused:
            if refused.code != "calendar.year_unknown" or not isinstance(args[0], ClockState):
                raise
            return args[0]._replace(state=State.UNKNOWN, due_at=None, next_at=None, paused_at=None, stopped_at=None)

    return guarded


def start(terms: Terms, at: datetime) -> ClockState:
    """A running clock; `UNKNOWN` when the calendar lacks a year on the way."""
    at = at.astimezone(UTC)
    spans = terms.plain_spans()
    if spans is not None:
        return ClockState(State.RUNNING, at, at, terms.duration.micros, 0, at + spans[0], at + spans[1])
    return _start(ClockState(State.UNKNOWN, at, at, 0, 0, None, None), terms)


@_or_unknown
def _start(clock: ClockState, terms: Terms) -> ClockState:
    at = clock.started_at
    allowance = terms.allowance(at)
    due = moment(terms.basis.add_micros(micros(at), allowance))
    return armed(ClockState(State.RUNNING, at, at, allowance, 0, due, None), terms)


@_or_unknown
def pause(clock: ClockState, terms: Terms, at: datetime) -> ClockState:
    """Stands still from `at`; a level already due but not yet fired stays pending. No effect unless running."""
    if clock.state != State.RUNNING:
        return clock
    at = max(at, clock.counted_from)
    pending = clock.next_at if clock.next_at is not None and clock.next_at <= at else None
    return clock._replace(
        state=State.PAUSED, worked=_used(clock, terms, at), counted_from=at, paused_at=at, next_at=pending
    )


@_or_unknown
def resume(clock: ClockState, terms: Terms, at: datetime) -> ClockState:
    """Counts on from `at`; the due moment moves by the open time that passed meanwhile. No effect unless paused."""
    if clock.state != State.PAUSED or clock.paused_at is None:
        return clock
    return _run_on(clock, terms, clock.paused_at, at)


@_or_unknown
def stop(clock: ClockState, terms: Terms, at: datetime) -> ClockState:
    """Met when it stops (or had been paused) at or before its due moment, late after it. No effect unless alive.

    Warnings and escalations not yet fired never will; an unfired breach stays pending for the record.
    """
    if clock.state not in (State.RUNNING, State.PAUSED) or clock.due_at is None:
        return clock
    late = is_late(clock, at)
    return _ended(clock, terms, at, State.LATE if late else State.MET)


@_or_unknown
def cancel(clock: ClockState, terms: Terms, at: datetime) -> ClockState:
    """The promise no longer applies; neither met nor late, though a breach until then stays on record."""
    if clock.state not in ALIVE:
        return clock
    return _ended(clock, terms, at, State.CANCELLED)


def is_late(clock: ClockState, at: datetime) -> bool:
    """Whether a living clock is past its due moment at `at`; what is paused does not grow late."""
    until = clock.counted_from if clock.state == State.PAUSED else max(at, clock.counted_from)
    return clock.due_at is not None and until > clock.due_at


def _ended(clock: ClockState, terms: Terms, at: datetime, state: State) -> ClockState:
    """The clock at rest; of what was due only a breach the watch has not seen yet is still to be recorded."""
    at = max(at, clock.counted_from)
    breach = _breach_index(clock, terms)
    pending = is_late(clock, at) and clock.level <= breach
    return clock._replace(
        state=state,
        worked=_used(clock, terms, at) if clock.state == State.RUNNING else clock.worked,
        paused=clock.paused + _idle(terms, clock.paused_at, at),
        counted_from=at,
        paused_at=None,
        stopped_at=at,
        level=breach if pending else clock.level,
        next_at=clock.due_at if pending else None,
    )


@_or_unknown
def reopen(clock: ClockState, terms: Terms, at: datetime) -> ClockState:
    """A stopped clock counts on with what it had used; the time between stop and `at` is nobody's."""
    if clock.state not in STOPPED or clock.stopped_at is None:
        return clock
    return _run_on(clock, terms, clock.stopped_at, at)


@_or_unknown
def restore(clock: ClockState, terms: Terms) -> ClockState:
    """A stopped clock as though it had never stopped: what ended it was undone. Its due moment stays."""
    if clock.state not in STOPPED:
        return clock
    return armed(clock._replace(state=State.RUNNING, stopped_at=None), terms)


@_or_unknown
def retarget(clock: ClockState, old: Terms, new: Terms, at: datetime, *, promised: bool = True) -> ClockState:
    """The promise changed (priority, customer level, policy); used and paused time stay used and paused.

    Nobody is late before the rule applied to him: if the new promise is already used up, it is due at the change.
    A clock that was late already stays late since then; not so one that was never `promised` until now.
    """
    if clock.state not in ALIVE:
        return clock
    if clock.state == State.UNKNOWN:
        return start(new, clock.started_at)
    at = max(at, clock.counted_from)
    used = _used(clock, old, at) if clock.state == State.RUNNING else clock.worked
    anchor = at if clock.state == State.RUNNING else clock.counted_from
    was_late = promised and clock.due_at is not None and clock.due_at < anchor
    granted = new.allowance(clock.started_at)
    if was_late and granted <= used:
        return _still_late(clock, old, new, used, anchor)
    # used up while paused: due at the first instant after the pause, so one microsecond is left
    granted = max(granted, used + (clock.state == State.PAUSED))
    due = moment(new.basis.add_micros(micros(anchor), granted - used))
    changed = clock._replace(allowance=granted, worked=used, counted_from=anchor, due_at=due)
    passed = sum(level.offset <= used for level in new.levels(changed.allowance))
    moved = armed(changed._replace(level=min(_breach_index(changed, new), passed)), new)
    return moved._replace(next_at=None) if clock.state == State.PAUSED else moved


def _still_late(clock: ClockState, old: Terms, new: Terms, used: int, anchor: datetime) -> ClockState:
    fired = clock.level > _breach_index(clock, old)
    changed = clock._replace(worked=used, counted_from=anchor)
    levels = new.levels(changed.allowance)
    breach = _breach_index(changed, new)
    passed = sum(level.offset <= used for level in levels)
    return armed(changed._replace(level=max(passed, breach + 1) if fired else breach), new)


def advance(clock: ClockState, terms: Terms, now: datetime) -> tuple[ClockState, list[Fired]]:
    """Fires every level due by `now`, in order, each once and with its own due moment."""
    fired: list[Fired] = []
    while clock.next_at is not None and clock.next_at <= now:
        level = terms.levels(clock.allowance)[clock.level]
        fired.append(Fired(level.kind, level.number, clock.next_at))
        clock = armed(clock._replace(level=clock.level + 1), terms)
    return clock, fired


def used_at(clock: ClockState, terms: Terms, at: datetime) -> int:
    """Open time used up to `at`: does not climb while paused or stopped."""
    return _used(clock, terms, at) if clock.state == State.RUNNING else clock.worked


def overdue_at(clock: ClockState, terms: Terms, at: datetime) -> int:
    """Open time over the limit at `at` (0 when not over): does not climb while paused or stopped."""
    if clock.state == State.UNKNOWN:
        return 0
    return max(used_at(clock, terms, at) - clock.allowance, 0)


def _run_on(clock: ClockState, terms: Terms, idle_from: datetime, at: datetime) -> ClockState:
    at = max(at, idle_from)
    due = clock.due_at
    if clock.worked < clock.allowance:
        due = moment(terms.basis.add_micros(micros(at), clock.allowance - clock.worked))
    idle = clock.paused + _idle(terms, idle_from, at)
    running = clock._replace(
        state=State.RUNNING, counted_from=at, due_at=due, paused_at=None, stopped_at=None, paused=idle
    )
    return running if clock.next_at is not None else armed(running, terms)


def armed(clock: ClockState, terms: Terms) -> ClockState:
    """The clock with `next_at` set to when its next level falls due, or None."""
    levels = terms.levels(clock.allowance)
    if clock.level >= len(levels) or clock.state not in ALIVE:
        return clock._replace(next_at=None)
    level = levels[clock.level]
    if level.kind == BREACHED:
        at = clock.due_at
    else:
        try:
            at = moment(terms.basis.add_micros(micros(clock.counted_from), level.offset - clock.worked))
        except RuleError:
            at = None  # an escalation in a year not yet entered: armed again when the year is
    if clock.state == State.PAUSED and at is not None and at > clock.counted_from:
        at = None
    return clock._replace(next_at=at)


def _used(clock: ClockState, terms: Terms, at: datetime) -> int:
    return clock.worked + terms.basis.between_micros(micros(clock.counted_from), micros(at))


def _idle(terms: Terms, since: datetime | None, at: datetime) -> int:
    return 0 if since is None else terms.basis.between_micros(micros(since), micros(at))


def _breach_index(clock: ClockState, terms: Terms) -> int:
    return next(n for n, level in enumerate(terms.levels(clock.allowance)) if level.kind == BREACHED)
