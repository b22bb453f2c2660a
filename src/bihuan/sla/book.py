"""All promises at once: which clocks an event starts, and what it does to those that run. Pure and immutable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.sla import clocks
from bihuan.sla.calendar import Calendar
from bihuan.sla.clocks import ALIVE, ClockState, State
from bihuan.sla.policies import OF_A_DISPATCH, RECLASSIFY, Compiled, Facts, Policy, condition
from bihuan.sla.terms import Terms

LIMIT_FAMILY = "resolve"
"""The family of the overall promise: a case is late when it ended after this clock's due moment."""


class NewClock(NamedTuple):
    """A clock to be stored; `row` gives it as a tuple in the order of `CLOCK_COLUMNS`."""

    policy: Policy
    variant: int
    round: int
    state: ClockState

    def row(self, case_id: int, area_id: int | None = None) -> tuple[Any, ...]:
        """Plain values in the order of `CLOCK_COLUMNS`."""
        return (case_id, area_id, self.policy.id, self.variant, self.round, *self.state)


CLOCK_COLUMNS = ("case_id", "area_id", "policy_id", "variant", "round", *ClockState._fields)


class Clock(NamedTuple):
    """A stored clock as plain values. `id` 0: made by this event, not stored yet."""

    id: int
    policy_id: int
    variant: int
    round: int
    state: ClockState


class Changes(NamedTuple):
    """`updates`: stored clocks that became different; `starts`: clocks to be stored."""

    updates: list[Clock]
    starts: list[NewClock]


class Happened(NamedTuple):
    """One past event of a case, as far as clocks care; `facts` as they stood then, `recorded_at` when it was written."""

    kind: str
    at: datetime
    facts: Facts
    reason: str = ""
    recorded_at: datetime | None = None


class Standing(NamedTuple):
    """What the case row keeps: the nearest running promise, the overall limit, and whether any stands still."""

    due_at: datetime | None
    policy: str
    owner: str
    limit_at: datetime | None
    paused: bool


@dataclass(frozen=True)
class PolicyBook:
    """Policies by id (all versions, because running clocks keep theirs) and, of the active ones, by start event."""

    compiled: Mapping[int, Compiled]
    calendars: Mapping[str, Calendar]
    starting: Mapping[str, tuple[Compiled, ...]]
    families: Mapping[str, tuple[Compiled, ...]]

    @classmethod
    def of(cls, policies: Iterable[Policy], calendars: Mapping[str, Calendar]) -> "PolicyBook":
        """`calendars` by the code (or `code@version`) the policies name; an unknown one is refused."""
        compiled = {policy.id: _compile(policy, calendars) for policy in policies}
        return cls._with(compiled, calendars, [one for one in compiled.values() if one.policy.active])

    def as_of(self, active: Iterable[int]) -> "PolicyBook":
        """The same policies with these versions (by id) in force instead of today's."""
        chosen = [self.compiled[policy_id] for policy_id in active if policy_id in self.compiled]
        return self._with(self.compiled, self.calendars, chosen)

    @classmethod
    def _with(
        cls, compiled: Mapping[int, Compiled], calendars: Mapping[str, Calendar], active: Iterable[Compiled]
    ) -> "PolicyBook":
        ranked = sorted(active, key=lambda one: (-one.policy.rank, one.policy.code))
        kinds = {kind for one in ranked for kind in one.policy.start_on}
        kin = {one.policy.kin for one in ranked}
        return cls(
            compiled,
            calendars,
            {kind: tuple(one for one in ranked if kind in one.policy.start_on) for kind in kinds},
            {name: tuple(one for one in ranked if one.policy.kin == name) for name in kin},
        )

    def policy(self, policy_id: int) -> Policy:
        """The policy version with this id."""
        return self.compiled[policy_id].policy

    def terms(self, clock: Clock | NewClock) -> Terms:
        """The terms this clock runs under."""
        policy_id = clock.policy.id if isinstance(clock, NewClock) else clock.policy_id
        terms = self.compiled[policy_id].terms
        return terms[clock.variant] if clock.variant < len(terms) else terms[0]

    def replayed(self, history: Sequence[Happened]) -> list[NewClock]:
        """The clocks a case has after these events, as if this book had always stood; nothing of them stored yet."""
        from bihuan.sla.fold import fold

        return [told.clock for told in fold(history, lambda event: self)]

    def tell_at(self, policy_id: int, at: datetime) -> datetime:
        """When people may be told of something that happened at `at`: at once, or when the policy allows it next."""
        calendar = self.calendars.get(self.policy(policy_id).tell)
        return calendar.next_open(at) if calendar else at

    def started_by(self, kind: str, facts: Facts, at: datetime) -> list[NewClock]:
        """The clocks this event starts on a case that has none yet."""
        started: list[NewClock] = []
        taken: set[str] = set()
        for one in self.starting.get(kind, ()):
            kin = one.policy.kin
            if kin not in taken and one.holds(facts):
                taken.add(kin)
                variant = one.variant(facts)
                started.append(NewClock(one.policy, variant, 1, clocks.start(one.terms[variant], at)))
        return started

    def changes(
        self, kind: str, facts: Facts, at: datetime, running: Sequence[Clock], history: Sequence[Happened] = ()
    ) -> Changes:
        """What `kind` does to the case's clocks `running` (all of them, stopped ones too) and which it starts.

        `history`: the case's events with this one, oldest first, for promises that apply only since a reclassification.
        """
        held = {clock.id: clock for clock in running}
        for clock in running:
            held[clock.id] = self._touched(clock, kind, facts, at)
        self._reopened(held, kind, at)
        self._restored(held, facts.get("restores"), at)
        starts: list[NewClock] = []
        if kind in RECLASSIFY:
            starts += self._retargeted(held, facts, at)
            starts += self._belated(held, facts, at, history)
        starts += self._started(held, kind, facts, at)
        return Changes([held[c.id] for c in running if held[c.id] != c], starts)

    def moved(self, clock: Clock, policy_id: int, at: datetime) -> Clock:
        """The clock under another policy version from `at` on."""
        terms = self.compiled[policy_id].terms
        variant = clock.variant if clock.variant < len(terms) else 0
        state = clocks.retarget(clock.state, self.terms(clock), terms[variant], at)
        return clock._replace(policy_id=policy_id, variant=variant, state=state)

    def _touched(self, clock: Clock, kind: str, facts: Facts, at: datetime) -> Clock:
        if clock.state.state not in ALIVE:
            return clock
        if kind == "contacted" and facts.get("reached") is False:
            return clock  # nobody answered: that contacts no one
        policy, terms, state = self.policy(clock.policy_id), self.terms(clock), clock.state
        if kind in policy.cancel_on:
            state = clocks.cancel(state, terms, at)
        elif kind in policy.stop_on or (kind == "closed" and not policy.outlives):
            state = clocks.stop(state, terms, at)
        elif policy.pausable and kind in policy.pause_on and facts.get("pauses", True):
            state = clocks.pause(state, terms, at)
        elif kind in policy.resume_on:
            state = clocks.resume(state, terms, at)
        return clock._replace(state=state)

    def _reopened(self, held: dict[int, Clock], kind: str, at: datetime) -> None:
        """The latest stopped clock of each family goes on when its policy says so and none of the family runs."""
        alive = {self.policy(c.policy_id).kin for c in held.values() if c.state.state in ALIVE}
        for clock in sorted(held.values(), key=lambda c: (-c.round, -c.id)):
            policy = self.policy(clock.policy_id)
            if clock.state.state in clocks.STOPPED and kind in policy.reopen_on and policy.kin not in alive:
                alive.add(policy.kin)
                state = clocks.reopen(clock.state, self.terms(clock), at)
                held[clock.id] = clock._replace(state=state)

    def _restored(self, held: dict[int, Clock], dispatched: str | None, at: datetime) -> None:
        """A dispatch of that moment was undone: what it stopped runs as though it never had, what came of it is off."""
        for clock in list(held.values()) if dispatched else ():
            policy, terms, state = self.policy(clock.policy_id), self.terms(clock), clock.state
            sent = datetime.fromisoformat(dispatched or "")
            if state.started_at >= sent and not OF_A_DISPATCH.isdisjoint(policy.start_on):
                held[clock.id] = clock._replace(state=clocks.cancel(state, terms, at))
            elif state.stopped_at == sent and "dispatched" in policy.stop_on:
                held[clock.id] = clock._replace(state=clocks.restore(state, terms))

    def _best(self, kin: str, facts: Facts) -> Compiled | None:
        return next((one for one in self.families.get(kin, ()) if one.holds(facts)), None)

    def _retargeted(self, held: dict[int, Clock], facts: Facts, at: datetime) -> list[NewClock]:
        """Moves clocks to the promise that now applies. One already broken stays broken: where the new promise is not
        used up yet, the old clock ends late and a new one goes on with what was used."""
        started = []
        for clock in list(held.values()):
            if clock.state.state not in ALIVE:
                continue
            mine = self.compiled[clock.policy_id]
            best = self._best(mine.policy.kin, facts)
            if best is None or best.policy.code == mine.policy.code:
                best = mine if mine.holds(facts) else None
            if best is None:
                held[clock.id] = clock._replace(state=clocks.cancel(clock.state, self.terms(clock), at))
                continue
            variant = best.variant(facts)
            if (best.policy.id, variant) == (clock.policy_id, clock.variant):
                continue
            state = clocks.retarget(clock.state, self.terms(clock), best.terms[variant], at)
            if clocks.is_late(clock.state, at) and not clocks.is_late(state, at):
                held[clock.id] = clock._replace(state=clocks.stop(clock.state, self.terms(clock), at))
                started.append(NewClock(best.policy, variant, clock.round + 1, state))
            else:
                held[clock.id] = clock._replace(policy_id=best.policy.id, variant=variant, state=state)
        return started

    def _belated(
        self, held: Mapping[int, Clock], facts: Facts, at: datetime, history: Sequence[Happened]
    ) -> list[NewClock]:
        """Promises that apply only now, run through what already happened: used time counts, pauses do not."""
        had = {self.policy(c.policy_id).kin for c in held.values() if c.state.state != State.CANCELLED}
        found = []
        for kin in self.families:
            best = None if kin in had else self._best(kin, facts)
            clock = self._through(best, facts, history) if best else None
            if best and clock and clock.state.state in ALIVE:
                terms = self.terms(clock)
                state = clocks.retarget(clock.state, terms, terms, at, promised=False)
                found.append(NewClock(best.policy, clock.variant, clock.round, state))
        return found

    def _through(self, one: Compiled, facts: Facts, history: Sequence[Happened]) -> Clock | None:
        clock: Clock | None = None
        for event in history:
            if clock is not None:
                held = {0: self._touched(clock, event.kind, event.facts, event.at)}
                self._reopened(held, event.kind, event.at)
                clock = held[0]
            over = clock is None or (one.policy.repeats and clock.state.state not in ALIVE)
            if over and event.kind in one.policy.start_on:
                variant = one.variant(facts)
                state = clocks.start(one.terms[variant], event.at)
                clock = Clock(0, one.policy.id, variant, clock.round + 1 if clock else 1, state)
        return clock

    def _started(self, held: Mapping[int, Clock], kind: str, facts: Facts, at: datetime) -> list[NewClock]:
        rounds: dict[str, int] = {}
        barred: set[str] = set()
        for clock in held.values():
            policy = self.policy(clock.policy_id)
            rounds[policy.kin] = max(rounds.get(policy.kin, 0), clock.round)
            if clock.state.state in ALIVE or (clock.state.state in clocks.STOPPED and not policy.repeats):
                barred.add(policy.kin)
        return [
            new._replace(round=rounds.get(new.policy.kin, 0) + 1)
            for new in self.started_by(kind, facts, at)
            if new.policy.kin not in barred
        ]

    def standing(self, held: Iterable[Clock | NewClock]) -> Standing:
        """What the case row keeps after an event, from all clocks of the case."""
        limit: datetime | None = None
        nearest: tuple[datetime, Policy] | None = None
        paused = False
        for clock in held:
            policy = clock.policy if isinstance(clock, NewClock) else self.policy(clock.policy_id)
            state = clock.state
            if policy.kin == LIMIT_FAMILY and state.state != State.CANCELLED:
                limit = state.due_at or limit
            paused = paused or state.state == State.PAUSED
            due = state.due_at if state.state == State.RUNNING else None
            if due is not None and (nearest is None or due < nearest[0]):
                nearest = (due, policy)
        if nearest is None:
            return Standing(None, "", "", limit, paused)
        return Standing(nearest[0], nearest[1].code, nearest[1].owner, limit, paused)


def _compile(policy: Policy, calendars: Mapping[str, Calendar]) -> Compiled:
    calendar = calendars.get(policy.calendar)
    if calendar is None:
        raise RuleError("calendar.unknown", _("日历 %s 不存在。") % (policy.calendar,), field="calendar")
    durations = (policy.duration, *(variant.duration for variant in policy.variants))
    terms = tuple(Terms(calendar, duration, policy.warn, policy.escalate) for duration in durations)
    tests = tuple(condition(variant.applies) for variant in policy.variants)
    return Compiled(policy, condition(policy.applies), tests, terms)
