"""Reading time limits: the book of promises, a case's clocks, and what a chip shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from bihuan.kernel.cached import PerSettings
from bihuan.sla import models
from bihuan.sla.book import Clock, PolicyBook
from bihuan.sla.calendar import Calendar
from bihuan.sla.calendar_form import build
from bihuan.sla.clocks import ALIVE, ClockState, State, overdue_at, used_at
from bihuan.sla.policies import Policy, from_data

CLOCK_FIELDS = ("id", "policy_id", "variant", "round", *ClockState._fields)
SOON = timedelta(hours=1)
"""So near its end a promise without warnings of its own is shown as soon due; queues look further ahead."""


def load_book() -> PolicyBook:
    """The book fresh from the database: three queries."""
    days: dict[str, list[tuple[date, bool]]] = {}
    for region, day, worked in models.CalendarDay.objects.values_list("region", "day", "worked"):
        days.setdefault(region, []).append((day, worked))
    calendars: dict[str, Calendar] = {}
    for row in models.Calendar.objects.all():
        made = calendar_of(row, days.get(row.region, ()))
        calendars[f"{row.code}@{row.version}"] = made
        if row.active:
            calendars[row.code] = made
    return PolicyBook.of((policy_of(row) for row in models.Policy.objects.select_related("calendar")), calendars)


book = PerSettings(load_book, "sla_calendar", "sla_calendarday", "sla_policy")
"""All promises at the present settings version."""


def calendar_of(row: models.Calendar, days: Iterable[tuple[date, bool]]) -> Calendar:
    """The calendar a row describes, under these days off and make-up days."""
    official = days if row.kind == models.Calendar.Kind.OFFICIAL else ()
    return build(
        row.code, row.kind, row.week, zone=row.zone, days=official, makeup=row.makeup, names=(row.name, row.name_en)
    )


POLICY_FIELDS = (
    *("code", "name", "name_en", "owner", "duration", "family", "rank", "applies", "variants", "start_on", "stop_on"),
    *("cancel_on", "reopen_on", "pausable", "repeats", "warn", "escalate", "tell", "basis"),
)


def policy_of(row: models.Policy) -> Policy:
    """The policy a row describes; its calendar is pinned to the version it was made with."""
    data = {name: getattr(row, name) for name in POLICY_FIELDS} | {"calendar": str(row.calendar)}
    return from_data(data, id=row.id, version=row.version, active=row.active and row.latest)


def stored(case_ids: Sequence[int], *, lock: bool = False, alive: bool = False) -> dict[int, list[Clock]]:
    """All clocks (or those `alive`) of these cases by case, oldest first: one statement."""
    query = models.Clock.objects.filter(case_id__in=case_ids).order_by("id")
    if alive:
        query = query.filter(state__in=ALIVE)
    if lock:
        query = query.select_for_update()
    found: dict[int, list[Clock]] = {case_id: [] for case_id in case_ids}
    for case_id, *values in query.values_list("case_id", *CLOCK_FIELDS):
        found[case_id].append(clock_from(values))
    return found


def clock_from(values: Sequence[Any]) -> Clock:
    """A clock from a row in the order of `CLOCK_FIELDS`."""
    number, policy_id, variant, turn = values[:4]
    return Clock(number, policy_id, variant, turn, ClockState(*values[4:]))


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as a page shows it; spans are of open time. `word` and `tone`: see `Chip`."""

    id: int
    policy: Policy
    state: State
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    used: timedelta
    granted: timedelta
    paused: timedelta
    overdue: timedelta
    tone: str


@dataclass(frozen=True, slots=True)
class Chip:
    """The one limit a list row shows. `tone`: ok, soon, late, paused, met, unknown; `left` is until due in plain time
    (negative: since), None when nothing is to be counted."""

    due_at: datetime | None
    policy: Policy
    tone: str
    left: timedelta | None
    regulator_at: datetime | None


def clocks_of(case_id: int, at: datetime) -> list[ClockView]:
    """Every clock of a case as of `at`: those alive by due moment, then the stopped ones."""
    promises = book()
    views = [_view(clock, promises, at) for clock in stored([case_id])[case_id]]
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(views, key=lambda view: (view.state not in ALIVE, view.due_at or far, view.id))


class _Near(NamedTuple):
    """What a list row needs of a clock."""

    policy_id: int
    state: int
    level: int
    due_at: datetime | None


def chips(case_ids: Sequence[int], at: datetime) -> Mapping[int, Chip]:
    """The nearest limit of each case that has one alive; paused ones only where nothing runs. One statement."""
    promises = book()
    alive: dict[int, list[_Near]] = {}
    rows = models.Clock.objects.filter(case_id__in=case_ids, state__in=ALIVE).order_by("id")
    for case_id, *values in rows.values_list("case_id", *_Near._fields):
        alive.setdefault(case_id, []).append(_Near(*values))
    return {case_id: _chip(held, promises, at) for case_id, held in alive.items()}


_ORDER = {State.RUNNING: 0, State.PAUSED: 1, State.UNKNOWN: 2}


def _chip(alive: Sequence[_Near], promises: PolicyBook, at: datetime) -> Chip:
    near = min(alive, key=lambda one: (_ORDER[State(one.state)], one.due_at or at))
    regulator = [one.due_at for one in alive if one.due_at and promises.policy(one.policy_id).owner == "regulator"]
    left = near.due_at - at if near.state == State.RUNNING and near.due_at is not None else None
    shown = _tone(near.state, near.level, near.due_at, at)
    return Chip(near.due_at, promises.policy(near.policy_id), shown, left, min(regulator, default=None))


def tone(clock: Clock, at: datetime) -> str:
    """ok, soon (a warning has come, or little is left), late, paused, met, cancelled or unknown."""
    return _tone(clock.state.state, clock.state.level, clock.state.due_at, at)


def _tone(state: int, level: int, due_at: datetime | None, at: datetime) -> str:
    if state == State.RUNNING and due_at is not None:
        if at > due_at:
            return "late"
        return "soon" if level > 0 or due_at - at <= SOON else "ok"
    return State(state).name.lower()


def _view(clock: Clock, promises: PolicyBook, at: datetime) -> ClockView:
    terms, state = promises.terms(clock), clock.state
    return ClockView(
        clock.id,
        promises.policy(clock.policy_id),
        State(state.state),
        state.started_at,
        state.due_at,
        state.stopped_at,
        timedelta(microseconds=used_at(state, terms, at)),
        timedelta(microseconds=state.allowance),
        timedelta(microseconds=state.paused),
        timedelta(microseconds=overdue_at(state, terms, at)),
        tone(clock, at),
    )


def missing_years(at: datetime) -> list[tuple[str, int]]:
    """(region, year) that official calendars lack though clocks begun within 45 days of `at` may run into them."""
    regions = models.Calendar.objects.filter(active=True, kind=models.Calendar.Kind.OFFICIAL).values_list(
        "region", flat=True
    )
    known = set(models.CalendarDay.objects.values_list("region", "day__year").distinct())
    years = {at.year, (at + timedelta(days=45)).year}
    return sorted({(region, year) for region in regions for year in years} - known)
