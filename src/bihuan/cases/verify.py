"""`bihuan verify`: recompute every chain and every seal and say what no longer fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bihuan.cases import anchors, chain, states
from bihuan.cases.models import Anchor

PORTION = 20_000


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: `kind` is stable, `case` the number (or id) it concerns, `detail` says what."""

    kind: str
    case: str
    detail: str


def verify() -> Iterator[Finding]:
    """Every finding, in order: chains, case rows against their chains, seals over the global sequence."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from _chains()
        yield from _headless()
        yield from _anchors()


def _events() -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT e.case_id, e.seq, e.kind, e.at, e.recorded_at, e.actor_id, e.unit_id, e.source, e.why, e.payload::text,"
            " e.hash, c.number, c.event_count, c.last_hash, c.status, c.content, c.demand"
            " FROM cases_caseevent e LEFT JOIN cases_case c ON c.id = e.case_id ORDER BY e.case_id, e.seq"
        )
        while rows := cursor.fetchmany(PORTION):
            yield from rows


def _chains() -> Iterator[Finding]:
    """Walk all events case by case: order, hashes, and whether the case row is where its chain ends."""
    held: _Walk | None = None
    for row in _events():
        if held is None or held.case_id != row[0]:
            if held is not None:
                yield from held.end()
            held = _Walk(row)
        yield from held.step(row)
    if held is not None:
        yield from held.end()


class _Walk:
    """One case's chain while it is being walked; only the first break of a chain is told, all after it follow from it."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.case_id = row[0]
        self.number = row[11] or f"id {row[0]}"
        self.row = row
        self.before = chain.START
        self.seq = 0
        self.status: str | None = None
        self.broken = False
        self.imported = False
        self.excused = False
        self.kinds: set[str] = set()

    def step(self, row: tuple[Any, ...]) -> Iterator[Finding]:
        seq, kind, at, recorded_at, actor, unit, source, why, payload, digest = row[1:11]
        told = _decode(payload)
        if self.broken:
            return
        if seq != self.seq + 1:
            self.broken = True
            yield Finding("event.missing", self.number, f"after event {self.seq} comes {seq}")
            return
        content = chain.canonical(self.case_id, seq, kind, at, recorded_at, actor, unit, source, why, told)
        if chain.link(self.before, content) != bytes(digest):
            self.broken = True
            yield Finding("event.altered", self.number, f"event {seq} ({kind}) does not fit its chain")
            return
        self.seq, self.before = seq, bytes(digest)
        self.kinds.add(kind)
        self.imported = self.imported or source == "import"
        self.excused = self.excused or bool(kind == "closed" and told.get("exception"))
        yield from self._opening(kind, told)
        if source != "import" and kind in states.STEPS and self.status is not None:
            after = states.target(self.status, kind)
            if after is None:
                yield Finding("step.illegal", self.number, f"event {seq}: {kind} from {self.status}")
            self.status = after or self.status
        elif kind in states.STEPS:
            self.status = states.STEPS[kind].target or self.status

    def _opening(self, kind: str, told: dict[str, Any]) -> Iterator[Finding]:
        if kind != "registered":
            return
        self.status = "registered"
        content, demand = self.row[15], self.row[16]
        digest = told.get("text_digest")
        if digest and content is not None and digest != chain.digest_of(content, demand):
            yield Finding("case.words_altered", self.number, "the complaint's words are not those registered")

    def _debt(self) -> str:
        """What an ended case still owes its customer; imported orders keep what their own system recorded."""
        if self.status not in states.STATES or self.imported:
            return ""
        owes = states.STATES[self.status].owes
        if states.REPLY in owes and not {"replied", "declined"} & self.kinds:
            return f"{self.status} without a reply to the customer"
        if states.REVISIT in owes and not ("revisited" in self.kinds or self.excused):
            return f"{self.status} without a revisit or an approved exception"
        return ""

    def end(self) -> Iterator[Finding]:
        number, count, last, status = self.row[11:15]
        if number is None:
            yield Finding("case.gone", self.number, "its events are there, the case is not")
        elif not self.broken and (count != self.seq or bytes(last) != self.before):
            yield Finding("event.end_missing", self.number, f"the case counts {count} events, {self.seq} are there")
        elif not self.broken and (debt := self._debt()):
            yield Finding("case.owes", self.number, debt)
        elif not self.broken and status != self.status:
            yield Finding("case.status_altered", self.number, f"stands at {status}, its events lead to {self.status}")


def _decode(payload: str) -> dict[str, Any]:
    import msgspec

    decoded: dict[str, Any] = msgspec.json.decode(payload)
    return decoded


def _headless() -> Iterator[Finding]:
    """Cases without any event, and rows of other rooms whose case is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM cases_caseevent e WHERE e.case_id = c.id)"
        )
        for (number,) in cursor.fetchall():
            yield Finding("case.no_events", number, "no event tells how it came about")
        cursor.execute(
            "SELECT p.id FROM customers_party p WHERE NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.party_id = p.id)"
        )
        for (party_id,) in cursor.fetchall():
            yield Finding("case.gone", f"id {party_id}", "its customer record is there, the case is not")


def _anchors() -> Iterator[Finding]:
    """Every seal against what stands there now."""
    before, expected = anchors.START, 1
    for anchor in Anchor.objects.order_by("id").iterator():
        label = f"{anchor.first_event}–{anchor.last_event}"
        if anchor.first_event != expected:
            yield Finding("anchor.missing", label, f"the seal from event {expected} on is not there")
        stretch = anchors.measure(anchor.first_event, anchor.last_event, before)
        genuine = anchors.signed(anchor.first_event, anchor.last_event, anchor.count, bytes(anchor.digest))
        if bytes(anchor.signature) != genuine:
            yield Finding("anchor.forged", label, "the seal was not made with this installation's key")
        elif stretch.count != anchor.count:
            yield Finding(
                "anchor.count",
                label,
                f"{anchor.count} events were sealed {_day(anchor.made_at)}, {stretch.count} are there",
            )
        elif stretch.digest != bytes(anchor.digest):
            yield Finding("anchor.altered", label, f"events differ from what was sealed {_day(anchor.made_at)}")
        before, expected = bytes(anchor.digest), anchor.last_event + 1


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
