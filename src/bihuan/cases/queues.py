"""The queues of the desk: each one walks one index and stops after a page, however many cases there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.access import AREA_COLUMNS
from bihuan.cases.models import VIP_LEAST, Case
from bihuan.cases.states import AWAITING_DISPATCH, AWAITING_REVISIT, OPEN_STATES
from bihuan.catalog import snapshot as catalog
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock, prepared

PAGE = 30
"""Rows of a queue at once: four screens of the list beside the open case; the next ones come with a click."""
MOST_COUNTED = 1000
"""Counts beside a queue stop here and are shown as “999+”: counting a million is no use to anyone."""
SOON = timedelta(hours=4)
_OPEN = "status IN (" + ", ".join(f"'{code}'" for code in OPEN_STATES) + ")"
_ANSWERED = "status IN (" + ", ".join(f"'{code}'" for code in AWAITING_REVISIT) + ")"
_NEVER = "infinity"


@dataclass(frozen=True)
class Queue:
    """One queue. `right` is what a viewer needs for it to be shown at all."""

    code: str
    name: Promise
    right: str


QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in (
        Queue("mine", _("我的"), roles.READ),
        Queue("unit", _("本部门"), roles.READ),
        Queue("unassigned", _("待派单"), roles.DISPATCH),
        Queue("unreceived", _("待接单"), roles.RECEIVE),
        Queue("soon", _("临期"), roles.READ),
        Queue("late", _("超时"), roles.READ),
        Queue("security", _("信息安全"), roles.READ),
        Queue("vip", _("贵宾客户"), roles.READ),
        Queue("beside", _("协同处理"), roles.HANDLE),
        Queue("revisit", _("待回访"), roles.REVISIT),
        Queue("taken", _("我受理的"), roles.REGISTER),
    )
}


RARE = ("security", "vip", "beside")
"""Queues of a few cases: what goes first, and where a unit helps another; only while there are any."""


def vip_level() -> int:
    """The customer level from which on a case stands in the VIP queue."""
    return max(VIP_LEAST, int(catalog.current().parameters.get("vip_level", VIP_LEAST + 1)))


@dataclass(frozen=True)
class Branch:
    """Index walks over cases: one for each value of `each` (a list bound to `v.value`), or a single one without."""

    condition: str
    parameters: tuple[Any, ...] = ()
    each: tuple[int, ...] = ()

    def walk(self, columns: str, further: str, values: Sequence[Any], rest: str) -> tuple[str, list[Any]]:
        """`columns` of the cases on this branch that meet `further` (with its `values`). `rest` (order, limit) holds for
        each walk by itself, so that a leader of a hundred units asks a hundred short walks in one plan, not a hundred
        plans."""
        inner = f"SELECT {columns} FROM cases_case WHERE {self.condition} AND {further} {rest}"
        if not self.each:
            return f"({inner})", [*self.parameters, *values]
        source = f"(SELECT w.* FROM unnest(%s::bigint[]) AS v (value) CROSS JOIN LATERAL ({inner}) w)"
        return source, [list(self.each), *self.parameters, *values]


@dataclass(frozen=True)
class Page:
    """Cases of one page, and the key to ask for the next one with (empty on the last)."""

    cases: list[Case]
    after: str


def shown(viewer: Viewer) -> list[Queue]:
    """The queues this viewer works with."""
    if not viewer.reach:
        return []
    only_revisit = viewer.reach == {roles.REPLIED}
    return [
        queue
        for queue in QUEUES.values()
        if viewer.can(queue.right)
        and not (only_revisit and queue.code != "revisit")
        and not (queue.code == "mine" and not viewer.can(roles.HANDLE))
        and not (queue.code in RARE and not (viewer.can(roles.DISPATCH) or viewer.can(roles.RECEIVE)))
    ]


def _units(viewer: Viewer) -> list[Branch]:
    return [Branch("holder_unit_id = v.value", each=tuple(viewer.units))]


def _reachable(viewer: Viewer) -> list[Branch]:
    """Index walks that together cover the open cases a viewer works with; they may overlap."""
    if roles.EVERYWHERE in viewer.reach or (roles.AREA in viewer.reach and viewer.area is None):
        return [Branch("true")]
    if roles.AREA in viewer.reach:
        return [*_area(viewer), *_units(viewer)]
    return _units(viewer)


def _rare(viewer: Viewer) -> list[Branch]:
    """As `_reachable`, with all units in one walk: where few cases are in question, one index holds them all."""
    units = Branch("holder_unit_id = ANY(%s)", (list(viewer.units),))
    return [units if branch.each else branch for branch in _reachable(viewer)]


@dataclass(frozen=True)
class Plan:
    """How a queue is found: the walks, what its cases must meet further (with values), and the column it is ordered by."""

    branches: list[Branch]
    further: str
    order: str = "next_due_at"
    values: tuple[Any, ...] = ()


def _plan(viewer: Viewer, code: str, now: datetime) -> Plan:
    """How the queue `code` is found. What changes from one question to the next stands in values, never in the text, so
    that the database keeps the plan."""
    waiting = "status IN (" + ", ".join(f"'{s}'" for s in AWAITING_DISPATCH) + ")"
    if code == "mine":
        # What she has answered waits for somebody else's call-back and is off her desk.
        return Plan([Branch("handler_id = %s", (viewer.staff_id,))], f"{_OPEN} AND NOT {_ANSWERED}")
    if code == "unit":
        return Plan(_units(viewer), _OPEN)
    if code == "unassigned":
        return Plan(_reachable(viewer), f"{_OPEN} AND {waiting}")
    if code == "unreceived":
        return Plan(_units(viewer), f"{_OPEN} AND status = 'dispatched'")
    if code == "soon":
        return Plan(_reachable(viewer), f"{_OPEN} AND next_due_at > %s AND next_due_at <= %s", values=(now, now + SOON))
    if code == "late":
        return Plan(_reachable(viewer), f"{_OPEN} AND next_due_at <= %s", values=(now,))
    if code == "security":
        return Plan(_rare(viewer), f"{_OPEN} AND flags @> ARRAY['security']")
    if code == "beside":
        helped = "SELECT u.case_id FROM cases_caseunit u WHERE u.helping AND u.unit_id = ANY(%s)"
        return Plan([Branch(f"id IN ({helped})", (list(viewer.units),))], _OPEN)
    if code == "vip":
        level = f"customer_level >= {VIP_LEAST} AND customer_level >= {vip_level()}"
        return Plan(_rare(viewer), f"{_OPEN} AND {level} AND NOT {_ANSWERED}")
    if code == "revisit":
        return Plan(_area(viewer), _ANSWERED, "replied_at")
    if code == "taken":
        return Plan([Branch("registered_by_id = %s", (viewer.staff_id,))], "true", "-id")
    raise KeyError(code)


def _area(viewer: Viewer) -> list[Branch]:
    if viewer.area is None:
        return [Branch("true", ())]
    level, area_id = viewer.area
    return [Branch(f"{AREA_COLUMNS[level]} = %s", (area_id,))]


def _behind(order: str, key: tuple[str, int] | None) -> tuple[str, list[Any]]:
    """What comes after `key` in the queue's order."""
    if key is None:
        return "true", []
    due, ident = key
    if order == "-id":
        return "id < %s", [ident]
    if due == _NEVER:
        return f"{order} IS NULL AND id > %s", [ident]
    return f"(({order}, id) > (%s::timestamptz, %s) OR {order} IS NULL)", [due, ident]


def _ids(plan: Plan, key: tuple[str, int] | None, limit: int) -> list[int]:
    """The first `limit` case ids behind `key`. Branches overlap: what several find is counted once."""
    behind, keys = _behind(plan.order, key)
    due, direction = ("null::timestamptz", "id DESC") if plan.order == "-id" else (plan.order, f"{plan.order}, id")
    rest = f"ORDER BY {direction} LIMIT {limit}"
    walks = [
        one.walk(f"id, {due} AS due", f"{plan.further} AND {behind}", (*plan.values, *keys), rest)
        for one in plan.branches
    ]
    union = " UNION ".join(sql for sql, _values in walks)
    ordered = "id DESC" if plan.order == "-id" else "due, id"
    sql = f"SELECT id FROM ({union}) q ORDER BY {ordered} LIMIT {limit}"
    return [row[0] for row in prepared.rows(sql, [value for _sql, values in walks for value in values])]


def _key(after: str) -> tuple[str, int] | None:
    due, _bar, ident = after.rpartition("|")
    if not ident.isdigit():
        return None
    if due and due != _NEVER:
        try:
            datetime.fromisoformat(due)
        except ValueError:
            return None
    return due or _NEVER, int(ident)


_NOT_IN_ROWS = (
    "last_hash", "demand", "extra", "called_hotline", "frequency", "terminal", "lat", "lon", "datum", "occurred_at",
    "accepted_at", "dispatched_at", "received_at", "contacted_at", "first_reply_at", "revisited_at", "promised_at", "limit_at",
)  # fmt: skip
"""What no line of a queue shows: a page of fifty would spend a fifth of its time on reading it."""


def page(viewer: Viewer, code: str, after: str = "", limit: int = PAGE) -> Page:
    """One page of a queue, in its order: nearest due moment first (the viewer's own takings newest first)."""
    plan = _plan(viewer, code, clock.now())
    ids = _ids(plan, _key(after), limit + 1)
    found = Case.objects.defer(*_NOT_IN_ROWS).in_bulk(ids[:limit])
    cases = [found[case_id] for case_id in ids[:limit] if case_id in found]
    return Page(cases, _after(cases[-1], plan.order) if len(ids) > limit and cases else "")


def _after(case: Case, order: str) -> str:
    if order == "-id":
        return f"{_NEVER}|{case.id}"
    moment = case.next_due_at if order == "next_due_at" else case.replied_at
    return f"{moment.isoformat() if moment else _NEVER}|{case.id}"


def counts(viewer: Viewer, codes: Sequence[str]) -> dict[str, int]:
    """How many cases stand in each queue, at most `MOST_COUNTED`, in one statement."""
    now = clock.now()
    parts: list[str] = []
    parameters: list[Any] = []
    for code in codes:
        plan = _plan(viewer, code, now)
        walks = [one.walk("id", plan.further, plan.values, f"LIMIT {MOST_COUNTED}") for one in plan.branches]
        union = " UNION ".join(sql for sql, _values in walks) if len(walks) > 1 else walks[0][0]
        parts.append(f"(SELECT count(*) FROM (SELECT 1 FROM ({union}) a LIMIT {MOST_COUNTED}) b)")
        parameters += [value for _sql, values in walks for value in values]
    if not parts:
        return {}
    return dict(zip(codes, prepared.rows(f"SELECT {', '.join(parts)}", parameters)[0], strict=True))
