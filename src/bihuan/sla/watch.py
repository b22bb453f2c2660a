"""The watch over all clocks: warned, breached and escalated, once each, with the moment each was due.

Set-based: a chunk of cases is locked (those somebody works on at this moment are left for the next round), their due
clocks advanced in memory, and written back with their facts in a constant number of statements. Nothing is remembered
outside the table, so whatever fell due while the program stood still is found by the first round after it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from bihuan.cases.actions import Doer, Fact, record_many
from bihuan.kernel import clock
from bihuan.sla import clocks, queries
from bihuan.sla.actions import write
from bihuan.sla.book import Clock, PolicyBook
from bihuan.sla.clocks import ClockState, Fired

CHUNK = 1000
WATCH = Doer(None, None, "clock")
Record = Callable[[Sequence[Fact]], None]

_CASES = """
SELECT c.id FROM cases_case c
 WHERE c.id IN (SELECT case_id FROM sla_clock WHERE next_at <= %s ORDER BY next_at LIMIT %s)
 ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
"""
_DUE = (
    f"SELECT case_id, {', '.join(('id', 'policy_id', 'variant', 'round', *ClockState._fields))} FROM sla_clock"
    " WHERE case_id = ANY(%s) AND next_at <= %s ORDER BY case_id, next_at, id FOR UPDATE"
)


def run() -> int:
    """One round at the present moment; for the schedule, every second."""
    return sweep(clock.now())


def sweep(now: datetime, record: Record = record_many, chunk: int = CHUNK) -> int:
    """Fires every level due by `now`; answers how many facts were written. `record` appends them to the cases."""
    written = 0
    while True:
        touched, facts = _round(now, record, chunk)
        written += facts
        if touched == 0:
            return written


def _round(now: datetime, record: Record, chunk: int) -> tuple[int, int]:
    """One transaction: (clocks advanced, facts written)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CASES, [now, chunk])
        case_ids = [row[0] for row in cursor.fetchall()]
        if not case_ids:
            return 0, 0
        cursor.execute(_DUE, [case_ids, now])
        due = [(row[0], queries.clock_from(row[1:])) for row in cursor.fetchall()]
        promises = queries.book()
        updates: list[Clock] = []
        facts: list[tuple[datetime, Fact]] = []
        for case_id, one in due:
            state, fired = clocks.advance(one.state, promises.terms(one), now)
            updates.append(one._replace(state=state))
            facts += [(level.at, _fact(case_id, one, level, promises, now)) for level in fired]
        write(updates, ())
        record([fact for _at, fact in sorted(facts, key=lambda pair: pair[0])])
    return len(updates), len(facts)


def _fact(case_id: int, one: Clock, level: Fired, promises: PolicyBook, now: datetime) -> Fact:
    """The event's own moment is when it was recorded; `due` is when it fell due, `tell_at` when people may be told."""
    policy = promises.policy(one.policy_id)
    payload = {
        "clock": one.id,
        "policy": policy.id,
        "code": policy.code,
        "name": policy.name,
        "owner": policy.owner,
        "level": level.number,
        "due": level.at,
        "limit": one.state.due_at,
        "tell_at": max(promises.tell_at(policy.id, level.at), now),
    }
    return Fact(case_id, f"clock_{level.kind}", now, payload, actor=WATCH)
