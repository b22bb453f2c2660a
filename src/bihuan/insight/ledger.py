"""The ledger (台账): every complaint of a period on one line an auditor can total. No content, no personal data.

Read in chunks of a thousand cases with a constant number of statements each, so that memory stays flat however many there
are. What is yes or no of a case (replied, revisited, late …) are the very conditions figures count by: the totals at the
foot are those of `figures`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from bihuan.cases.access import scope
from bihuan.cases.conditions import CONDITIONS, moment_of
from bihuan.cases.days import midnight
from bihuan.cases.lexicon import Lexicon, current, either
from bihuan.cases.models import Case
from bihuan.customers import blotting
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.models import SettingChange
from bihuan.sla.fold import ADOPTED
from bihuan.sla.policies import RESUMES
from bihuan.text.personal import TOKEN

CHUNK = 1000
FLAGS = ("counted", "owed", "replied", "revisited", "closed", "ended", "open", "late")
"""Conditions of `cases.conditions` told of every line and totalled."""
REASONS: Mapping[str, str] = {
    "declined": "decline", "waiting": "waiting", "reopened": "reopen", "closing_requested": "exception",
    "closing_approved": "exception", "closing_refused": "exception", "closed": "exception",
}  # fmt: skip
"""Events that rest on a reason of the catalog, and its kind."""
ODD = (
    "declined", "withdrawn", "merged", "unmerged", "priority_changed", "reopened", "closing_requested",
    "closing_approved", "closing_refused", ADOPTED,
)  # fmt: skip
"""Exceptions and overrides: what leaves the usual way."""
_BACK = frozenset({*RESUMES, "replied", "withdrawn", "merged", "closed"})
_KINDS = (*ODD, "waiting", "revisit_attempted", "closed", *sorted(_BACK - {*ODD, "closed"}))
_COLUMNS = (
    "id", "party_id", "number", "status", "channel", "source_system", "category_id", "holder_unit_id", "registered_at",
    "first_reply_at", "replied_at", "reply_count", "revisited_at", "satisfaction", "ended_at", "limit_at",
    "reopen_count",
)  # fmt: skip


@dataclass(frozen=True)
class Pause:
    """One stretch in which clocks stood still; `until` is None while it lasts, `rule` the reason's version in force."""

    reason: str
    since: datetime
    until: datetime | None
    seconds: int
    by: str
    rule: str


@dataclass(frozen=True)
class Odd:
    """One exception or override: what, when, who, the reason's code, what she wrote, the rule in force."""

    kind: str
    at: datetime
    by: str
    reason: str
    why: str
    rule: str


@dataclass
class Line:
    """One complaint. `told` are its own columns by name, `flags` whether each of `FLAGS` holds now."""

    told: dict[str, Any]
    flags: dict[str, bool]
    attempts: int = 0
    pauses: list[Pause] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    key: tuple[datetime, int] | None = None

    @property
    def paused(self) -> int:
        """Seconds its clocks stood still, all pauses together."""
        return sum(pause.seconds for pause in self.pauses)


@dataclass
class Totals:
    """The foot: how many lines, of how many each flag holds, and the sums."""

    lines: int = 0
    flags: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLAGS, 0))
    replies: int = 0
    attempts: int = 0
    pauses: int = 0
    paused_seconds: int = 0
    exceptions: int = 0

    def add(self, line: Line) -> None:
        """Count one line."""
        self.lines += 1
        for code, holds in line.flags.items():
            self.flags[code] += holds
        self.replies += line.told["replies"]
        self.attempts += line.attempts
        self.pauses += len(line.pauses)
        self.paused_seconds += line.paused
        self.exceptions += len(line.odd)


def lines(
    viewer: Viewer,
    first: date | None,
    last: date | None,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int | None = None,
) -> Iterator[Line]:
    """The lines of what was registered from the first to the last local day, in order; `after` is the key of the line
    before. Only cases in the viewer's reach."""
    now, rules, left = clock.now(), _Versions(), limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        rows = _cases(viewer, first, last, now, after, size)
        if not rows:
            return
        yield from _told(rows, now, rules)
        after = (rows[-1]["registered_at"], rows[-1]["id"])
        left = None if left is None else left - len(rows)
        if len(rows) < size:
            return


def _cases(
    viewer: Viewer,
    first: date | None,
    last: date | None,
    now: datetime,
    after: tuple[datetime, int] | None,
    size: int,
) -> list[dict[str, Any]]:
    moment = moment_of(now)
    flags = {f"is_{code}": ExpressionWrapper(CONDITIONS[code].q(moment), output_field=BooleanField()) for code in FLAGS}
    found = Case.objects.filter(scope(viewer), registered_at__lte=now)
    if first is not None:
        found = found.filter(registered_at__gte=midnight(first))
    if last is not None:
        found = found.filter(registered_at__lt=midnight(last + timedelta(days=1)))
    if after is not None:
        behind = Q(registered_at__gt=after[0]) | Q(registered_at=after[0], id__gt=after[1])
        found = found.filter(behind, registered_at__gte=after[0])
    return list(found.order_by("registered_at", "id").values(*_COLUMNS, **flags)[:size])


def _told(rows: Sequence[dict[str, Any]], now: datetime, rules: "_Versions") -> Iterator[Line]:
    lexicon = current()
    found = {row["id"]: Line(_columns(row, lexicon), {code: bool(row[f"is_{code}"]) for code in FLAGS}) for row in rows}
    parties = {row["id"]: row["party_id"] for row in rows}
    waiting: dict[int, tuple[Any, ...]] = {}
    wrote: list[tuple[int, int, str]] = []
    for case_id, kind, at, actor, payload, why in _events(list(found)):
        line = found[case_id]
        if case_id in waiting and kind in _BACK:
            line.pauses.append(_pause(waiting.pop(case_id), at, now, rules, lexicon))
        if kind == "waiting" and payload.get("pauses"):
            waiting[case_id] = (kind, at, actor, payload)
        elif kind == "revisit_attempted":
            line.attempts += 1
        elif kind in ODD or (kind == "closed" and payload.get("exception") and not payload.get("requested_by")):
            line.odd.append(_odd(kind, at, actor, payload, rules, lexicon))
            if why:
                wrote.append((case_id, len(line.odd) - 1, why))
    for case_id, begun in waiting.items():
        found[case_id].pauses.append(_pause(begun, None, now, rules, lexicon))
    _say(found, parties, wrote)
    for row in rows:
        line = found[row["id"]]
        line.key = (row["registered_at"], row["id"])
        yield line


def _events(ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """What of these cases' chains the ledger tells, in order: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, kind, at, actor_id, payload - 'text' - 'told', CASE WHEN kind = ANY(%s) THEN why ELSE '' END"
            " FROM cases_caseevent WHERE case_id = ANY(%s) AND kind = ANY(%s) ORDER BY case_id, seq",
            [list(ODD), list(ids), list(_KINDS)],
        )
        rows = cursor.fetchall()
    from json import loads

    return [(*row[:4], loads(row[4]) if isinstance(row[4], str) else row[4], row[5]) for row in rows]


def _columns(row: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    node, unit = lexicon.catalog.nodes.get(row["category_id"]), lexicon.units.get(row["holder_unit_id"])
    return {
        "number": row["number"], "registered_at": row["registered_at"], "channel": row["channel"],
        "source_system": row["source_system"], "category": node.code if node else "", "unit": unit.code if unit else "",
        "status": row["status"], "first_reply_at": row["first_reply_at"], "replied_at": row["replied_at"],
        "replies": row["reply_count"], "revisited_at": row["revisited_at"], "satisfaction": row["satisfaction"],
        "rounds": row["reopen_count"], "ended_at": row["ended_at"], "limit_at": row["limit_at"],
    }  # fmt: skip


def _who(actor: int | None, lexicon: Lexicon) -> str:
    person = lexicon.staff.get(actor or 0)
    return either(person.name, person.name_en) if person else ""


def _pause(
    begun: tuple[Any, ...], until: datetime | None, now: datetime, rules: "_Versions", lexicon: Lexicon
) -> Pause:
    kind, since, actor, payload = begun
    code = str(payload.get("reason", ""))
    seconds = round(((until or now) - since).total_seconds())
    return Pause(
        code, since, until, seconds, _who(actor, lexicon), rules.of_reason(REASONS[kind], code, since, lexicon)
    )


def _odd(
    kind: str, at: datetime, actor: int | None, payload: Mapping[str, Any], rules: "_Versions", lexicon: Lexicon
) -> Odd:
    code = str(
        payload.get("exception" if REASONS.get(kind) == "exception" else "reason") or payload.get("proven_by", "")
    )
    rule = rules.of_reason(REASONS[kind], code, at, lexicon) if kind in REASONS and code else ""
    held = payload.get("rule")
    if isinstance(held, list) and len(held) == 2 and held[1]:
        rule = f"{rule} revisit@{held[1]}".strip()
    if kind == ADOPTED:
        rule = f"{payload.get('code', '')}@{payload.get('version', '')}"
    return Odd(kind, at, _who(actor, lexicon), code, "", rule)


def _say(found: Mapping[int, Line], parties: Mapping[int, int], wrote: Sequence[tuple[int, int, str]]) -> None:
    """What staff wrote as their reason, without anything of the customer's own: one statement for the chunk."""
    clean = blotting.without_each([(parties[case_id], TOKEN.sub("[…]", why)) for case_id, _place, why in wrote])
    for (case_id, place, _why), text in zip(wrote, clean, strict=True):
        old = found[case_id].odd[place]
        found[case_id].odd[place] = Odd(old.kind, old.at, old.by, old.reason, text[:300], old.rule)


class _Versions:
    """Which version of a reason was in force at a moment, from the history of settings: one statement for all."""

    def __init__(self) -> None:
        self.edits: dict[int, tuple[list[datetime], list[int]]] = {}
        rows = SettingChange.objects.filter(table="catalog_reason").order_by("row_id", "version")
        for row_id, at, version in rows.values_list("row_id", "at", "version"):
            moments, versions = self.edits.setdefault(row_id, ([], []))
            moments.append(at)
            versions.append(version)

    def of_reason(self, kind: str, code: str, at: datetime, lexicon: Lexicon) -> str:
        """`waiting:customer_time@2`; version 1 for what is older than its first noted edit."""
        reason = next((one for one in lexicon.catalog.reasons.values() if (one.kind, one.code) == (kind, code)), None)
        if reason is None:
            return ""
        moments, versions = self.edits.get(reason.id, ([], []))
        place = bisect_right(moments, at)
        return f"{kind}:{code}@{versions[place - 1] if place else 1}"


def plain(line: Line) -> dict[str, Any]:
    """A line as JSON values: moments in ISO, pauses and exceptions as lists."""

    def iso(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    told = {name: iso(value) if isinstance(value, datetime) else value for name, value in line.told.items()}
    pauses = [
        {"reason": one.reason, "since": iso(one.since), "until": iso(one.until), "seconds": one.seconds, "by": one.by,
         "rule": one.rule}
        for one in line.pauses
    ]  # fmt: skip
    odd = [
        {"kind": one.kind, "at": iso(one.at), "by": one.by, "reason": one.reason, "why": one.why, "rule": one.rule}
        for one in line.odd
    ]
    more = {"attempts": line.attempts, "pauses": pauses, "paused_seconds": line.paused, "exceptions": odd}
    return {**told, **line.flags, **more}


def plain_totals(totals: Totals) -> dict[str, int]:
    """The foot as JSON values."""
    return {
        "lines": totals.lines, **totals.flags, "replies": totals.replies, "attempts": totals.attempts,
        "pauses": totals.pauses, "paused_seconds": totals.paused_seconds, "exceptions": totals.exceptions,
    }  # fmt: skip
