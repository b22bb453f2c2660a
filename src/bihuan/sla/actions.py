"""Changing clocks as cases go on. Each verb runs in the caller's transaction and in a constant number of statements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bihuan.sla import queries
from bihuan.sla.book import Clock, Happened, NewClock, PolicyBook, Standing
from bihuan.sla.clocks import ClockState
from bihuan.sla.models import CLOCKS
from bihuan.sla.policies import RECLASSIFY
from bihuan.sla.seeding import seed as seed

History = Callable[[Sequence[int]], Mapping[int, Sequence[Happened]]]

_STATE = [(name, kind) for name, kind in CLOCKS.columns if name in ClockState._fields]
_UPDATE_COLUMNS = [("id", "bigint"), ("policy_id", "bigint"), ("variant", "smallint"), *_STATE]
UPDATE = (
    "UPDATE sla_clock c SET "
    + ", ".join(f"{name} = u.{name}" for name, _kind in _UPDATE_COLUMNS[1:])
    + " FROM unnest("
    + ", ".join(f"%s::{kind}[]" for _name, kind in _UPDATE_COLUMNS)
    + ") AS u ("
    + ", ".join(name for name, _kind in _UPDATE_COLUMNS)
    + ") WHERE c.id = u.id"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One event of one case, as its clocks hear it. `facts` as in the room's docstring; `facts["pauses"]` False on
    `waiting` says that the reason given does not stop the clocks."""

    case_id: int
    kind: str
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    area_id: int | None = None


def apply(steps: Sequence[Step], history: History | None = None) -> dict[int, Standing]:
    """Lets the clocks of these cases hear what happened; several steps of one case are heard in order.

    Call it in the transaction that records the events, with the case rows locked. Three statements at most (four after
    a reclassification, for which `history` answers the cases' earlier events; by default they are read from the chain).
    Answers what each case row is to keep: `next_due_at, next_due_policy, next_due_owner, limit_at, paused`.
    """
    promises = queries.book()
    held = queries.stored(sorted({step.case_id for step in steps}), lock=True)
    earlier = _histories(steps, history)
    changed: dict[int, Clock] = {}
    started: list[tuple[Step, NewClock]] = []
    fresh: dict[int, list[NewClock]] = {}
    for step in steps:
        clocks, made = held[step.case_id], fresh.setdefault(step.case_id, [])
        mine = [*clocks, *_provisional(made)]
        changes = promises.changes(step.kind, step.facts, step.at, mine, earlier.get(step.case_id, ()))
        after = {clock.id: clock for clock in changes.updates}
        changed.update({clock.id: clock for clock in changes.updates if clock.id > 0})
        held[step.case_id] = [after.get(clock.id, clock) for clock in clocks]
        made[:] = [_updated(promises, new, after.get(-n)) for n, new in enumerate(made, 1)] + changes.starts
    places = {step.case_id: step for step in steps}
    started = [(places[case_id], new) for case_id, made in fresh.items() for new in made]
    write(list(changed.values()), [new.row(step.case_id, step.area_id) for step, new in started])
    return {case_id: promises.standing([*held[case_id], *fresh[case_id]]) for case_id in held}


def _provisional(made: Sequence[NewClock]) -> list[Clock]:
    """Clocks begun earlier in the same batch, under negative ids until they are stored."""
    return [Clock(-n, new.policy.id, new.variant, new.round, new.state) for n, new in enumerate(made, 1)]


def _updated(promises: PolicyBook, new: NewClock, after: Clock | None) -> NewClock:
    if after is None:
        return new
    return NewClock(promises.policy(after.policy_id), after.variant, after.round, after.state)


def _histories(steps: Sequence[Step], history: History | None) -> Mapping[int, Sequence[Happened]]:
    wanted = sorted({step.case_id for step in steps if step.kind in RECLASSIFY})
    if not wanted:
        return {}
    if history is None:
        from bihuan.sla.past import happened

        history = happened
    return history(wanted)


def write(updates: Sequence[Clock], rows: Sequence[tuple[Any, ...]]) -> None:
    """Stores changed clocks and new rows (`NewClock.row`): at most two statements."""
    if not updates and not rows:
        return
    with connection.cursor() as cursor:
        if updates:
            cursor.execute(UPDATE, columns_of(updates))
        if rows:
            cursor.execute(CLOCKS.insert(), CLOCKS.parameters(rows))


def columns_of(clocks: Sequence[Clock]) -> list[list[Any]]:
    """One list a column for `UPDATE`."""
    order = [ClockState._fields.index(name) for name, _kind in _STATE]
    rows = [(c.id, c.policy_id, c.variant, *(c.state[n] for n in order)) for c in clocks]
    return [list(column) for column in zip(*rows, strict=True)]


def adopt(code: str, at: datetime) -> int:
    """By explicit choice, runs the living clocks of older versions of a policy under its latest one from `at` on.

    Used and paused time stay; answers how many changed. The case rows' nearest limit follows with `standings`.
    """
    from bihuan.sla.models import Clock as Row
    from bihuan.sla.models import Policy

    with transaction.atomic():
        promises = queries.book()
        latest = Policy.objects.get(code=code, latest=True)
        older = Policy.objects.filter(code=code, latest=False).values_list("id", flat=True)
        rows = Row.objects.filter(policy_id__in=list(older), stopped_at=None).order_by("case_id").select_for_update()
        clocks = [queries.clock_from(row) for row in rows.values_list(*queries.CLOCK_FIELDS)]
        moved = [promises.moved(clock, latest.id, at) for clock in clocks]
        write(moved, ())
    return len(moved)


def standings(case_ids: Sequence[int]) -> dict[int, Standing]:
    """What the rows of these cases are to keep now, from their stored clocks: one statement."""
    promises = queries.book()
    return {case_id: promises.standing(clocks) for case_id, clocks in queries.stored(case_ids).items()}
