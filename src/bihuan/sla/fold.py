"""A case's clocks from its events alone: what `replay` compares with the tables and what `explain` tells. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bihuan.sla import clocks
from bihuan.sla.book import Clock, Happened, NewClock, PolicyBook
from bihuan.sla.clocks import ClockState, Fired
from bihuan.sla.policies import Policy

ADOPTED = "limit_adopted"
"""A running clock was moved to a later version of its policy by explicit choice; facts: `policy` (the new id)."""


@dataclass(slots=True)
class Turn:
    """What one event did to a clock. `before` is None when it began there."""

    kind: str
    at: datetime
    reason: str
    before: ClockState | None
    after: ClockState
    policy: Policy


@dataclass(slots=True)
class Told:
    """One clock of the case with everything that happened to it, and the levels it reached on the way."""

    clock: NewClock
    turns: list[Turn] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)


def fold(
    history: Sequence[Happened],
    book_at: Callable[[Happened], PolicyBook],
    *,
    watched_until: datetime | None = None,
) -> list[Told]:
    """All clocks after `history` (oldest first), in the order they began. `book_at` answers the promises in force.

    `watched_until`: also lets every level fire that was due by then, as a watch that never sleeps would have done.
    """
    told: list[Told] = []
    for number, event in enumerate(history):
        promises = book_at(event)
        if watched_until is not None:
            _watch(told, promises, event.at)
        _hear(told, promises, event, history[: number + 1])
    if watched_until is not None and history:
        _watch(told, book_at(history[-1]), watched_until + timedelta(microseconds=1))
    return told


def _hear(told: list[Told], promises: PolicyBook, event: Happened, so_far: Sequence[Happened]) -> None:
    held = [Clock(n, one.clock.policy.id, *one.clock[1:]) for n, one in enumerate(told)]
    if event.kind == ADOPTED:
        updates = [_adopted(clock, promises, event) for clock in held]
        starts: list[NewClock] = []
    else:
        updates, starts = promises.changes(event.kind, event.facts, event.at, held, so_far)
    for clock in updates:
        one, policy = told[clock.id], promises.policy(clock.policy_id)
        if clock != held[clock.id]:
            one.turns.append(Turn(event.kind, event.at, event.reason, one.clock.state, clock.state, policy))
            one.clock = NewClock(policy, clock.variant, clock.round, clock.state)
    for new in starts:
        told.append(Told(new, [Turn(event.kind, event.at, event.reason, None, new.state, new.policy)]))


def _adopted(clock: Clock, promises: PolicyBook, event: Happened) -> Clock:
    target = promises.compiled.get(int(event.facts.get("policy") or 0))
    mine = promises.policy(clock.policy_id)
    if target is None or target.policy.code != mine.code or clock.state.state not in clocks.ALIVE:
        return clock
    return promises.moved(clock, target.policy.id, event.at)


def _watch(told: list[Told], promises: PolicyBook, before: datetime) -> None:
    for one in told:
        state, fired = clocks.advance(one.clock.state, promises.terms(one.clock), before - timedelta(microseconds=1))
        one.clock = one.clock._replace(state=state)
        one.fired += fired
