"""Deadlines recomputed from the events alone, compared with what is stored, and told in words."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.cases.models import Case, CaseEvent
from bihuan.sla import queries
from bihuan.sla.book import Clock, Happened, PolicyBook
from bihuan.sla.clocks import State
from bihuan.sla.explain import explain
from bihuan.sla.fold import Told, fold
from bihuan.sla.past import happened
from bihuan.sla.terms import BREACHED
from bihuan.sla.wording import pick

CHUNK = 500
PATIENCE = timedelta(seconds=5)
"""How long a fact of the watch may take before its absence is a difference."""
COMPARED = ("state", "due_at", "allowance", "worked", "paused", "paused_at", "stopped_at")

_SETTINGS = """
SELECT at, row_id, coalesce((after->>'active')::boolean AND (after->>'latest')::boolean, false), before IS NULL
  FROM kernel_settingchange WHERE "table" = 'sla_policy' ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the tables say something else than the events do."""

    number: str
    policy: str
    round: int
    field: str
    stored: str
    replayed: str


@dataclass(frozen=True, slots=True)
class Story:
    """One clock as events tell it. `due` None: not known, or no longer asked."""

    code: str
    name: str
    owner: str
    state: str
    due: datetime | None
    text: str


def books() -> Callable[[Happened], PolicyBook]:
    """The promises in force when an event was written; for events older than any setting, the settings seeded first."""
    today = queries.book()
    moments: list[datetime] = []
    sets: list[frozenset[int]] = []
    active: set[int] = set()
    settled, seeding = 0, True
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        for at, row_id, on, inserted in cursor.fetchall():
            active = active | {row_id} if on else active - {row_id}
            seeding = seeding and inserted and (not moments or at - moments[-1] < timedelta(seconds=1))
            settled = len(moments) if seeding else settled
            moments.append(at)
            sets.append(frozenset(active))
    made: dict[frozenset[int], PolicyBook] = {}

    def book_at(event: Happened) -> PolicyBook:
        if not moments:
            return today
        place = max(bisect_right(moments, event.recorded_at or event.at) - 1, settled)
        if sets[place] not in made:
            made[sets[place]] = today.as_of(sets[place])
        return made[sets[place]]

    return book_at


def told(case_ids: Sequence[int], now: datetime, lang: str = "zh") -> dict[int, list[Told]]:
    """The clocks of these cases from their events alone, watched until `now`: a constant number of statements."""
    book_at = books()
    return {case_id: fold(history, book_at, watched_until=now) for case_id, history in happened(case_ids, lang).items()}


def stories(case_id: int, lang: str, now: datetime) -> list[Story]:
    """Every clock of a case in words (`zh` or `en`), for the case page and `bihuan explain`."""
    promises = queries.book()
    found = []
    for one in told([case_id], now, lang)[case_id]:
        policy, state = one.clock.policy, one.clock.state
        name = pick((policy.name, policy.name_en), lang)
        word = State(state.state).name.lower()
        found.append(Story(policy.code, name, policy.owner, word, state.due_at, explain(one, promises, lang, now)))
    return found


def differences(case_ids: Sequence[int] | None, now: datetime) -> Iterator[Difference]:
    """Compares every clock of these cases (None: of all that are not imported history) with its events."""
    cases = Case.objects.filter(mode="live").order_by("id")
    if case_ids is not None:
        cases = cases.filter(id__in=case_ids)
    numbers = dict(cases.values_list("id", "number"))
    ids = list(numbers)
    for begin in range(0, len(ids), CHUNK):
        part = ids[begin : begin + CHUNK]
        stored, replayed, recorded = queries.stored(part), told(part, now), _breaches(part)
        for case_id in part:
            yield from _compare(numbers[case_id], stored[case_id], replayed[case_id])
            yield from _missing(numbers[case_id], replayed[case_id], recorded.get(case_id, set()), now)


def _compare(number: str, stored: Sequence[Clock], replayed: Sequence[Told]) -> Iterator[Difference]:
    promises = queries.book()
    have = {(c.policy_id, c.round, c.state.started_at): c.state for c in stored}
    want = {(t.clock.policy.id, t.clock.round, t.clock.state.started_at): t.clock.state for t in replayed}
    for key in sorted(have.keys() | want.keys(), key=str):
        code, turn = promises.policy(key[0]).code, key[1]
        left, right = have.get(key), want.get(key)
        if left is None or right is None:
            yield Difference(number, code, turn, "clock", _text(left and left.due_at), _text(right and right.due_at))
            continue
        for field in COMPARED:
            values = getattr(left, field), getattr(right, field)
            if values[0] != values[1]:
                yield Difference(number, code, turn, field, _text(values[0]), _text(values[1]))


def _missing(
    number: str, replayed: Sequence[Told], recorded: set[tuple[str, str]], now: datetime
) -> Iterator[Difference]:
    """A breach that left no event, and an event without a breach. By family: a clock that changed its promise between
    the due moment and the watch's next look is recorded under the new one."""
    due = {(one.clock.policy.kin, fired.at) for one in replayed for fired in one.fired if fired.kind == BREACHED}
    for kin, at in sorted(due):
        if (kin, at.isoformat()) not in recorded and at < now - PATIENCE:
            yield Difference(number, kin, 0, "breached", "-", at.isoformat())
    known = {(kin, at.isoformat()) for kin, at in due}
    for kin, moment in sorted(recorded - known):
        yield Difference(number, kin, 0, "breached", moment, "-")


def _breaches(case_ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    promises = queries.book()
    rows = CaseEvent.objects.filter(case_id__in=case_ids, kind="clock_breached")
    for case_id, payload in rows.values_list("case_id", "payload"):
        found.setdefault(case_id, set()).add((promises.policy(payload["policy"]).kin, payload["due"]))
    return found


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return value.isoformat() if isinstance(value, datetime) else str(value)
