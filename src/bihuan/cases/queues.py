"""The queues of the desk: each one walks one index and stops after a page, however many cases there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.access import AREA_COLUMNS
from bihuan.cases.models import Case
from bihuan.cases.states import AWAITING_DISPATCH, AWAITING_REVISIT, OPEN_STATES
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock

PAGE = 50
MOST_COUNTED = 1000
"""Counts beside a queue stop here and are shown as “999+”: counting a million is no use to anyone."""
SOON = timedelta(hours=4)
_OPEN = "status IN (" + ", ".join(f"'{code}'" for code in OPEN_STATES) + ")"
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
        Queue("revisit", _("待回访"), roles.REVISIT),
        Queue("taken", _("我受理的"), roles.REGISTER),
    )
}


@dataclass(frozen=True)
class Branch:
    """One index walk: a condition on its leading column and what remains to be checked on the way."""

    condition: str
    parameters: tuple[Any, ...]


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
    ]


def _units(viewer: Viewer) -> list[Branch]:
    return [Branch("holder_unit_id = %s", (unit,)) for unit in viewer.units]


def _reachable(viewer: Viewer) -> list[Branch]:
    """Index walks that together cover the open cases a viewer works with."""
    if roles.EVERYWHERE in viewer.reach or (roles.AREA in viewer.reach and viewer.area is None):
        return [Branch("true", ())]
    if roles.AREA in viewer.reach and viewer.area is not None:
        level, area_id = viewer.area
        column = AREA_COLUMNS[level]
        elsewhere = f"{column} IS DISTINCT FROM %s"
        held = [Branch(f"{walk.condition} AND {elsewhere}", (*walk.parameters, area_id)) for walk in _units(viewer)]
        return [Branch(f"{column} = %s", (area_id,)), *held]
    return _units(viewer)


def _branches(viewer: Viewer, code: str, now: datetime) -> tuple[list[Branch], str, str]:
    """(walks, further condition, order column) of a queue."""
    waiting = "status IN (" + ", ".join(f"'{s}'" for s in AWAITING_DISPATCH) + ")"
    if code == "mine":
        return [Branch("handler_id = %s", (viewer.staff_id,))], _OPEN, "next_due_at"
    if code == "unit":
        return _units(viewer), _OPEN, "next_due_at"
    if code == "unassigned":
        return _reachable(viewer), f"{_OPEN} AND {waiting}", "next_due_at"
    if code == "unreceived":
        return _units(viewer), f"{_OPEN} AND status = 'dispatched'", "next_due_at"
    if code == "soon":
        edge = (now + SOON).isoformat()
        return (
            _reachable(viewer),
            f"{_OPEN} AND next_due_at > '{now.isoformat()}' AND next_due_at <= '{edge}'",
            "next_due_at",
        )
    if code == "late":
        return _reachable(viewer), f"{_OPEN} AND next_due_at <= '{now.isoformat()}'", "next_due_at"
    if code == "revisit":
        return _area(viewer), "status IN (" + ", ".join(f"'{s}'" for s in AWAITING_REVISIT) + ")", "replied_at"
    if code == "taken":
        return [Branch("registered_by_id = %s", (viewer.staff_id,))], "true", "-id"
    raise KeyError(code)


def _area(viewer: Viewer) -> list[Branch]:
    if viewer.area is None:
        return [Branch("true", ())]
    level, area_id = viewer.area
    return [Branch(f"{AREA_COLUMNS[level]} = %s", (area_id,))]


def _walk(branch: Branch, further: str, order: str, key: tuple[str, int] | None, limit: int) -> tuple[str, list[Any]]:
    """One branch as SQL: at most `limit` rows behind `key`, in the queue's order."""
    parameters: list[Any] = list(branch.parameters)
    if order == "-id":
        behind = " AND id < %s" if key else ""
        parameters += [key[1]] if key else []
        return (
            f"(SELECT id, null::timestamptz AS due FROM cases_case WHERE {branch.condition} AND {further}{behind}"
            f" ORDER BY id DESC LIMIT {limit})",
            parameters,
        )
    behind = ""
    if key is not None:
        behind = (
            f" AND ({order}, id) > (%s::timestamptz, %s)" if key[0] != _NEVER else f" AND {order} IS NULL AND id > %s"
        )
        if key[0] != _NEVER:
            behind = f" AND (({order}, id) > (%s::timestamptz, %s) OR {order} IS NULL)"
        parameters += [*key] if key[0] != _NEVER else [key[1]]
    return (
        f"(SELECT id, {order} AS due FROM cases_case WHERE {branch.condition} AND {further}{behind}"
        f" ORDER BY {order}, id LIMIT {limit})",
        parameters,
    )


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


def page(viewer: Viewer, code: str, after: str = "", limit: int = PAGE) -> Page:
    """One page of a queue, in its order: nearest due moment first (the viewer's own takings newest first)."""
    branches, further, order = _branches(viewer, code, clock.now())
    walks = [_walk(branch, further, order, _key(after), limit + 1) for branch in branches]
    ordered = "id DESC" if order == "-id" else "due, id"
    union = " UNION ALL ".join(sql for sql, _parameters in walks)
    sql = f"SELECT id FROM ({union}) q ORDER BY {ordered} LIMIT {limit + 1}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _sql, parameters in walks for value in parameters])
        ids = [row[0] for row in cursor.fetchall()]
    found = Case.objects.in_bulk(ids[:limit])
    cases = [found[case_id] for case_id in ids[:limit] if case_id in found]
    return Page(cases, _after(cases[-1], order) if len(ids) > limit and cases else "")


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
        branches, further, _order = _branches(viewer, code, now)
        union = " UNION ALL ".join(
            f"(SELECT 1 FROM cases_case WHERE {branch.condition} AND {further} LIMIT {MOST_COUNTED})"
            for branch in branches
        )
        parts.append(f"(SELECT count(*) FROM (SELECT 1 FROM ({union}) a LIMIT {MOST_COUNTED}) b)")
        parameters += [value for branch in branches for value in branch.parameters]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        row = cursor.fetchone()
    return dict(zip(codes, row or (), strict=True))
