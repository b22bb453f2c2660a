"""Every change of a case: its state moved by the table, one event appended to its chain, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bihuan.cases import chain, states
from bihuan.cases.models import Case, CaseEvent, CaseUnit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.bulk import BulkTable
from bihuan.kernel.errors import Conflict

EVENTS = BulkTable(
    "cases_caseevent",
    (
        ("case_id", "bigint"),
        ("seq", "integer"),
        ("kind", "text"),
        ("at", "timestamptz"),
        ("recorded_at", "timestamptz"),
        ("actor_id", "bigint"),
        ("unit_id", "bigint"),
        ("source", "text"),
        ("why", "text"),
        ("payload", "jsonb"),
        ("hash", "bytea"),
    ),
)


@dataclass(frozen=True)
class Doer:
    """Who acts, for which unit, from where. No staff means the customer (`public`) or the platform itself."""

    staff_id: int | None
    unit_id: int | None
    source: str

    @classmethod
    def of(cls, viewer: Viewer) -> "Doer":
        """The doer a viewer is."""
        return cls(viewer.staff_id, viewer.unit_id, viewer.source)


SYSTEM = Doer(None, None, "flow")
CUSTOMER = Doer(None, None, "public")


@dataclass(frozen=True)
class Fact:
    """Something to be recorded on a case without moving its state, as the watch over clocks does it."""

    case_id: int
    kind: str
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    actor: Doer = SYSTEM


WATCHED = ("clock_", "deadline_")
"""How the kinds begin that the watch over limits writes: they change nothing of the case itself."""


def check_version(case: Case, seen: int | None) -> None:
    """Refuse a form filled against an older version, saying what has happened since."""
    if seen is None or seen == case.version:
        return
    later = CaseEvent.objects.filter(case_id=case.id, seq__gt=seen).order_by("seq").values_list("kind", flat=True)
    since = [kind for kind in later if not kind.startswith(WATCHED)]
    if not since:
        return  # a limit that came near while someone wrote changes nothing of what she wrote
    happened = "、".join(str(states.STEPS[kind].name) if kind in states.STEPS else kind for kind in since)
    raise Conflict(
        "case.changed",
        _("您打开之后，工单已有变动（%(what)s）。请刷新后重新办理，您填的内容仍在草稿里。") % {"what": happened},
        data={"since": since, "version": case.version},
    )


def check_step(case: Case, verb: str) -> str:
    """The state after `verb`; `Conflict` in words when the case's state does not allow it."""
    after = states.target(case.status, verb)
    if after is None:
        raise Conflict(
            "case.state",
            _("工单现在是“%(state)s”，不能%(step)s。")
            % {"state": states.STATES[case.status].name, "step": states.STEPS[verb].name},
            data={"status": case.status, "verb": verb, "allowed": [step.verb for step in states.allowed(case.status)]},
        )
    return after


def take(
    case: Case,
    verb: str,
    doer: Doer,
    *,
    at: datetime | None = None,
    why: str = "",
    payload: Mapping[str, Any] | None = None,
    **changes: Any,
) -> CaseEvent:
    """Move a locked case one step and append its event. `changes` are further columns set with it."""
    case.status = check_step(case, verb)
    for name, value in changes.items():
        setattr(case, name, value)
    return append(case, verb, doer, at=at, why=why, payload=payload, columns=("status", *changes))


def append(
    case: Case,
    kind: str,
    doer: Doer,
    *,
    at: datetime | None = None,
    why: str = "",
    payload: Mapping[str, Any] | None = None,
    columns: Sequence[str] = (),
) -> CaseEvent:
    """Append one event to a locked case's chain and save the columns that changed with it."""
    now = clock.now()
    moment = at or now
    event = CaseEvent(
        case_id=case.id,
        seq=case.event_count + 1,
        kind=kind,
        at=moment,
        recorded_at=now,
        actor_id=doer.staff_id,
        unit_id=doer.unit_id,
        source=doer.source,
        why=why,
        payload=chain.plain(payload or {}),
    )
    event.hash = chain.link(bytes(case.last_hash), _content(event))
    event.save(force_insert=True)
    case.event_count = event.seq
    case.version = event.seq
    case.last_hash = event.hash
    case.save(update_fields=sorted({"event_count", "version", "last_hash", *columns}))
    return event


def _content(event: CaseEvent) -> bytes:
    return chain.canonical(
        event.case_id,
        event.seq,
        event.kind,
        event.at,
        event.recorded_at,
        event.actor_id,
        event.unit_id,
        event.source,
        event.why,
        event.payload,
    )


def let_read(case: Case, unit_id: int, since: datetime) -> None:
    """From now on this unit may read the case, also after it has handed it on. The caller appends an event in the same
    transaction: it is by the event that the search of all texts learns of it."""
    CaseUnit.objects.bulk_create([CaseUnit(case_id=case.id, unit_id=unit_id, since=since)], ignore_conflicts=True)


def record_many(facts: Sequence[Fact]) -> None:
    """Append facts to many cases: three statements however many there are. Facts of one case keep their order."""
    if not facts:
        return
    now = clock.now()
    ids = sorted({fact.case_id for fact in facts})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, event_count, last_hash FROM cases_case WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [ids]
        )
        ends = {row[0]: (int(row[1]), bytes(row[2])) for row in cursor.fetchall()}
        rows = []
        for fact in facts:
            if fact.case_id not in ends:
                continue
            count, before = ends[fact.case_id]
            row, after = event_row(
                before, fact.case_id, count + 1, fact.kind, fact.at, now, fact.actor, fact.why, fact.payload
            )
            rows.append(row)
            ends[fact.case_id] = (count + 1, after)
        cursor.execute(EVENTS.insert(), EVENTS.parameters(rows))
        cursor.execute(
            "UPDATE cases_case c SET event_count = u.n, version = u.n, last_hash = u.h"
            " FROM unnest(%s::bigint[], %s::integer[], %s::bytea[]) AS u (id, n, h) WHERE c.id = u.id",
            [list(ends), [count for count, _hash in ends.values()], [last for _count, last in ends.values()]],
        )


def event_rows(
    case_id: int, told: Sequence[tuple[str, datetime, Mapping[str, Any]]], recorded_at: datetime, doer: Doer
) -> tuple[list[tuple[Any, ...]], bytes]:
    """The rows of a new case's events (kind, at, payload), and the last hash: `event_row` for a whole life at once.

    Payloads are plain already (`chain.plain`).
    """
    staff, unit, source = doer.staff_id, doer.unit_id, doer.source
    made = chain.chained(case_id, told, recorded_at, (staff, unit, source))
    rows = [
        (case_id, seq, kind, at, recorded_at, staff, unit, source, "", body, digest)
        for seq, ((kind, at, _payload), (body, digest)) in enumerate(zip(told, made, strict=True), 1)
    ]
    return rows, made[-1][1] if made else chain.START


def event_row(
    before: bytes,
    case_id: int,
    seq: int,
    kind: str,
    at: datetime,
    recorded_at: datetime,
    doer: Doer,
    why: str,
    payload: Mapping[str, Any],
) -> tuple[tuple[Any, ...], bytes]:
    """One row for `EVENTS` and its hash, for batches that know the hash before."""
    told = chain.text(chain.plain(payload)) if payload else "{}"
    who = (doer.staff_id, doer.unit_id, doer.source, why)
    head = [case_id, seq, kind, chain.microseconds(at), chain.microseconds(recorded_at), *who]
    digest = chain.sealed(before, head, told)
    row = (case_id, seq, kind, at, recorded_at, *who, told, digest)
    return row, digest
