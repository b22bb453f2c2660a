"""Changing clocks as cases go on. Each verb runs in the caller's transaction and in a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bihuan.sla import queries
from bihuan.sla.book import Clock, Happened, NewClock, PolicyBook, Standing
from bihuan.sla.clocks import ClockState
from bihuan.sla.models import CLOCKS
from bihuan.sla.past import happened
from bihuan.sla.policies import RECLASSIFY
from bihuan.sla.seeding import seed as seed

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
    """One event of one case, as its clocks hear it. `facts` None: as the case's chain says (the usual way; append the
    event first). `facts["pauses"]` False on `waiting` says that the reason given does not stop the clocks."""

    case_id: int
    kind: str
    at: datetime
    facts: Mapping[str, Any] | None = None
    area_id: int | None = None


def apply(steps: Sequence[Step]) -> dict[int, Standing]:
    """Lets the clocks of these cases hear what happened; several steps of one case are heard in order.

    Call it in the transaction that records the events, after they were appended, with the case rows locked. At most
    four statements, however many cases. Answers what each case row is to keep: `next_due_at, next_due_policy,
    next_due_owner, limit_at, paused`.
    """
    if not steps:
        return {}
    promises = queries.book()
    held = queries.stored(sorted({step.case_id for step in steps}), lock=True)
    earlier = _histories(steps)
    changed: dict[int, Clock] = {}
    fresh: dict[int, list[NewClock]] = {case_id: [] for case_id in held}
    for step in steps:
        history = earlier.get(step.case_id, ())
        facts = step.facts if step.facts is not None else (history[-1].facts if history else {})
        clocks, made = held[step.case_id], fresh[step.case_id]
        changes = promises.changes(step.kind, facts, step.at, [*clocks, *_provisional(made)], history)
        after = {clock.id: clock for clock in changes.updates}
        changed.update({clock.id: clock for clock in changes.updates if clock.id > 0})
        held[step.case_id] = [after.get(clock.id, clock) for clock in clocks]
        made[:] = [_updated(promises, new, after.get(-n)) for n, new in enumerate(made, 1)] + changes.starts
    places = {step.case_id: step.area_id for step in steps}
    write(
        list(changed.values()), [new.row(case_id, places[case_id]) for case_id, made in fresh.items() for new in made]
    )
    return {case_id: promises.standing([*held[case_id], *fresh[case_id]]) for case_id in held}


def _provisional(made: Sequence[NewClock]) -> list[Clock]:
    """Clocks begun earlier in the same batch, under negative ids until they are stored."""
    return [Clock(-n, new.policy.id, new.variant, new.round, new.state) for n, new in enumerate(made, 1)]


def _updated(promises: PolicyBook, new: NewClock, after: Clock | None) -> NewClock:
    if after is None:
        return new
    return NewClock(promises.policy(after.policy_id), after.variant, after.round, after.state)


def _histories(steps: Sequence[Step]) -> Mapping[int, Sequence[Happened]]:
    wanted = sorted({step.case_id for step in steps if step.facts is None or step.kind in RECLASSIFY})
    return happened(wanted) if wanted else {}


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


def standings(case_ids: Sequence[int]) -> dict[int, Standing]:
    """What the rows of these cases are to keep now, from their stored clocks: one statement."""
    promises = queries.book()
    return {case_id: promises.standing(clocks) for case_id, clocks in queries.stored(case_ids).items()}
