"""`register`: the one verb by which complaints become cases, one or a thousand at a time, whatever the channel.

The verb is written as a generator of statements, so that the same code runs on Django's connection and, in the hot path,
on an asynchronous one: it yields (SQL, parameters) and is sent the rows.
"""

from collections.abc import Generator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.cases import chain
from bihuan.cases.actions import EVENTS, Doer, event_row
from bihuan.cases.numbers import number_of
from bihuan.cases.priority import priority_of
from bihuan.customers import vault
from bihuan.intake import context as contexts
from bihuan.intake import past
from bihuan.intake.batch import ANSWERED, CASES, MESSAGES, PARTIES, STATEMENT, TABLES, UNITS, Batch
from bihuan.intake.context import IDS, Context
from bihuan.intake.messages import receipt_text
from bihuan.intake.prepare import Checked, check, facts
from bihuan.intake.schema import ComplaintIn, Past, Registered
from bihuan.kernel import clock
from bihuan.kernel.bulk import array_text
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla.models import CLOCKS

Statement = tuple[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]
Steps = Generator[Statement, Rows, list["Registered | RuleError"]]


@dataclass(slots=True)
class Draft:
    """One complaint to be registered: what came in, who brought it, and how its answer is remembered."""

    complaint: ComplaintIn
    doer: Doer
    own: bool = True
    """The doer is the first asker and her unit holds the case; otherwise the area's service centre does."""
    token_id: int | None = None
    key: str = ""
    body_digest: bytes = b""
    past: Past | None = None
    language: str = ""
    """In which refusals are worded; empty: the language active anyway."""


@dataclass(slots=True)
class _Work:
    draft: Draft
    checked: Checked
    case_id: int = 0
    party: vault.SealedParty | None = None
    repeat: tuple[int, str] | None = None
    columns: dict[str, Any] = field(default_factory=dict)


def register(drafts: Sequence[Draft]) -> list[Registered | RuleError]:
    """Register complaints in the caller's transaction (or one of its own); one answer each, in order.

    A refused complaint leaves nothing; the others of the batch are registered all the same.
    """
    for attempt in (1, 2, 3):
        try:
            with transaction.atomic():
                return _drive(registration(drafts, contexts.current(), clock.now()))
        except IntegrityError:
            # Someone registered the same source number or key between our look and our write: look again.
            if attempt == 3:
                raise
    raise AssertionError("unreachable")


def _drive(steps: Steps) -> list[Registered | RuleError]:
    with connection.cursor() as cursor:
        try:
            statement = next(steps)
            while True:
                cursor.execute(*statement)
                statement = steps.send(list(cursor.fetchall()) if cursor.description else [])
        except StopIteration as done:
            return list(done.value)


def register_one(draft: Draft) -> Registered:
    """Register a single complaint; raises its `RuleError`."""
    (answer,) = register([draft])
    if isinstance(answer, RuleError):
        raise answer
    return answer


def registration(drafts: Sequence[Draft], context: Context, now: datetime) -> Steps:
    """The statements of registering `drafts`: look for what is there already, then write everything at once."""
    answers, batch = yield from prepared(drafts, context, now)
    if batch is not None:
        yield STATEMENT, batch.parameters()
    return answers


def prepared(
    drafts: Sequence[Draft], context: Context, now: datetime
) -> Generator[Statement, Rows, tuple[list["Registered | RuleError"], Batch | None]]:
    """The answers to `drafts` and the rows to be written (None: none are); writing them is the caller's."""
    work, answers = yield from examined(drafts, context, now)
    if not work:
        return [answer for answer in answers if answer is not None], None
    yield from _allot_ids(work)
    for item in work.values():
        item.party = vault.seal_party(item.case_id, item.checked.fields, item.checked.tokens, item.checked.level)
    lines = [item for item in work.values() if item.party and item.party.line_index and not _finished(item.draft)]
    if lines:
        rows = yield _earlier(lines, now, timedelta(days=_repeat_days(context)))
        _link_repeats(lines, rows, context)
    batch = Batch()
    for place, item in work.items():
        answers[place] = _build(batch, item, context, now)
    return [answer for answer in answers if answer is not None], batch


def examined(
    drafts: Sequence[Draft], context: Context, now: datetime
) -> Generator[Statement, Rows, tuple[dict[int, "_Work"], list["Registered | RuleError | None"]]]:
    """All checks, those against what is registered already too: (what may be registered by place, the other answers)."""
    answers: list[Registered | RuleError | None] = [None] * len(drafts)
    work: dict[int, _Work] = {}
    for place, draft in enumerate(drafts):
        try:
            with translation.override(draft.language) if draft.language else nullcontext():
                if draft.past is not None:
                    past.check(draft.past, now)
                work[place] = _Work(draft, check(draft.complaint, context, now, draft.past))
        except RuleError as refused:
            answers[place] = refused
    if any(item.draft.key or item.draft.complaint.source_number for item in work.values()):
        rows = yield _known(work)
        _answer_known(work, answers, rows)
    return work, answers


def _finished(draft: Draft) -> bool:
    return draft.past is not None and draft.past.finished


def _repeat_days(context: Context) -> int:
    return int(context.catalog.parameters.get("repeat_days", 30))


def _known(work: dict[int, _Work]) -> Statement:
    """Which of these keys and source numbers were answered before (one row each: place, case, digest, how)."""
    items = list(work.items())
    return (
        "SELECT u.place, c.number, c.status, c.registered_at, c.promised_at, a.body_digest, 'key'"
        " FROM unnest(%s::int[], %s::bigint[], %s::text[]) AS u (place, token_id, key)"
        " JOIN intake_answered a ON a.token_id = u.token_id AND a.key = u.key JOIN cases_case c ON c.id = a.case_id"
        " WHERE u.key <> '' UNION ALL"
        " SELECT u.place, c.number, c.status, c.registered_at, c.promised_at, NULL, 'source'"
        " FROM unnest(%s::int[], %s::text[], %s::text[]) AS u (place, system, number)"
        " JOIN cases_case c ON c.source_system = u.system AND c.source_number = u.number AND c.source_number <> ''"
        " WHERE u.number <> ''",
        [
            [place for place, _item in items],
            [item.draft.token_id or 0 for _place, item in items],
            [item.draft.key for _place, item in items],
            [place for place, _item in items],
            [item.checked.columns["source_system"] for _place, item in items],
            [item.checked.columns["source_number"] for _place, item in items],
        ],
    )


def _answer_known(work: dict[int, _Work], answers: list[Any], rows: Rows) -> None:
    """Take out what is there already: a repeated key gets its first answer, a repeated source number a conflict."""
    for place, number, status, registered_at, promised_at, digest, how in sorted(rows, key=lambda row: row[-1]):
        item = work.pop(place, None)
        if item is None:
            continue
        if how == "source":
            answers[place] = _source_exists(number)
        elif bytes(digest) != item.draft.body_digest:
            answers[place] = _key_reused()
        else:
            answers[place] = Registered(
                number=number, status=status, registered_at=registered_at, promised_at=promised_at
            )
    _refuse_twins(work, answers)


def _refuse_twins(work: dict[int, _Work], answers: list[Any]) -> None:
    """The same source number or key twice in one batch: the first is registered, the others are told to ask again."""
    seen: set[tuple[Any, ...]] = set()
    for place, item in list(work.items()):
        columns, draft = item.checked.columns, item.draft
        names = []
        if columns["source_number"]:
            names.append(("source", columns["source_system"], columns["source_number"]))
        if draft.key:
            names.append(("key", draft.token_id, draft.key))
        if any(name in seen for name in names):
            answers[place] = RuleError(
                "complaint.twin", _("同一请求正在办理，请稍候用同一个键重试。"), status=409, field="source_number"
            )
            del work[place]
        seen.update(names)


def _source_exists(number: str) -> Conflict:
    return Conflict(
        "complaint.source_exists",
        _("这个来源单号已经登记过，工单号 %(number)s；请改用该工单办理。") % {"number": number},
        field="source_number",
        data={"number": number},
    )


def _key_reused() -> Conflict:
    return Conflict(
        "idempotency.key_reused",
        _("这个 Idempotency-Key 已用于另一份内容；请为新的投诉换一个键。"),
        field="Idempotency-Key",
    )


def _allot_ids(work: dict[int, _Work]) -> Generator[Statement, Rows, None]:
    missing = IDS.missing(len(work))
    if missing:
        rows = yield "SELECT nextval('cases_case_block') FROM generate_series(1, %s)", [missing]
        for row in rows:
            IDS.add(int(row[0]))
    for item, case_id in zip(work.values(), IDS.take(len(work)), strict=True):
        item.case_id = case_id


def _earlier(lines: list[_Work], now: datetime, span: timedelta) -> Statement:
    """Earlier cases of the same lines. A case and its party share the id, so the vault's index leads to the case.

    Earlier than the complaint itself: an order taken over from another system was registered before now.
    """
    moments = [item.draft.past.registered_at if item.draft.past else now for item in lines]
    return (
        "SELECT u.id, c.id, c.number, c.category_id, c.suggested_category_id"
        " FROM unnest(%s::bigint[], %s::bytea[], %s::timestamptz[]) AS u (id, line, at)"
        " CROSS JOIN LATERAL (SELECT p.id FROM customers_party p WHERE p.line_index = u.line ORDER BY p.id DESC LIMIT 5) p"
        " JOIN cases_case c ON c.id = p.id AND c.registered_at BETWEEN u.at - %s AND u.at"
        " AND c.status NOT IN ('merged', 'withdrawn')",
        [
            [item.case_id for item in lines],
            [item.party.line_index for item in lines if item.party],
            moments,
            span,
        ],
    )


def _cause_group(context: Context, category_id: int | None) -> int | None:
    """The second level of the phenomenon tree: what counts as the same cause for a repeat."""
    node = context.catalog.nodes.get(category_id) if category_id else None
    return (node.path[1] if len(node.path) > 1 else node.path[0]) if node else None


def _link_repeats(lines: list[_Work], rows: Rows, context: Context) -> None:
    """Mark as a repeat what the same line complained about, of the same cause, within the days set."""
    earlier: dict[int, list[tuple[int, str, int | None]]] = {}
    for new_id, case_id, number, category_id, suggested_id in rows:
        earlier.setdefault(new_id, []).append((case_id, number, _cause_group(context, category_id or suggested_id)))
    for item in lines:
        mine = item.checked.columns["category_id"] or item.checked.columns["suggested_category_id"]
        group = _cause_group(context, mine)
        alike = [old for old in earlier.get(item.case_id, []) if group is not None and old[2] == group]
        if alike:
            item.repeat = max((case_id, number) for case_id, number, _group in alike)


def _build(batch: Batch, item: _Work, context: Context, now: datetime) -> Registered:
    """All rows of one complaint."""
    checked, draft = item.checked, item.draft
    columns = _columns(item, context, now)
    if draft.past is not None:
        past.build(batch, columns, draft, checked, context, now)
    else:
        _build_live(batch, columns, item, context, now)
    assert item.party is not None
    batch.add(PARTIES, item.party.row)
    columns["category_path"] = array_text(columns["category_path"])
    columns["flags"] = array_text(checked.flags)
    columns["extra"] = chain.text(columns["extra"])
    batch.add_case(columns)
    for unit_id in {columns["holder_unit_id"], columns["registered_unit_id"]} - {None}:
        # one row a unit, even where the first taker was the holder too: a unit and a case meet only once
        passed_on = columns.get("dispatched_at") if unit_id != columns["registered_unit_id"] else None
        batch.add(UNITS, (unit_id, item.case_id, passed_on or columns["registered_at"]))
    if draft.key:
        batch.add(ANSWERED, (draft.token_id, draft.key, draft.body_digest, item.case_id, now))
    return Registered(
        number=columns["number"],
        status=columns["status"],
        registered_at=columns["registered_at"],
        promised_at=columns["promised_at"],
        repeat_of=item.repeat[1] if item.repeat else None,
    )


def _columns(item: _Work, context: Context, now: datetime) -> dict[str, Any]:
    checked, draft = item.checked, item.draft
    registered_at = draft.past.registered_at if draft.past else now
    home = context.home(checked.areas)
    columns = {"status": "registered", **checked.columns}
    columns.update(
        id=item.case_id,
        number=number_of(item.case_id, registered_at),
        party_id=item.case_id,
        customer_level=checked.level,
        registered_at=registered_at,
        registered_by_id=draft.doer.staff_id,
        registered_unit_id=draft.doer.unit_id if draft.own else home,
        holder_unit_id=draft.doer.unit_id if draft.own else home,
        repeat_of_id=item.repeat[0] if item.repeat else None,
        priority=priority_of(
            columns["urgency"], columns["impact"], columns["complexity"], checked.level, checked.flags
        ),
    )
    return columns


def opening_payload(columns: dict[str, Any], checked: Checked, repeat_of: str | None) -> dict[str, Any]:
    """What the first event says, with a digest of the words so that an edited text is found too."""
    return {
        "number": columns["number"],
        "channel": columns["channel"],
        "source": [columns["source_system"], columns["source_number"]],
        "facts": facts(columns, checked.category.code if checked.category else "", checked.flags, checked.level),
        "area": columns["area_id"],
        "priority": columns["priority"],
        "suggested": [columns["suggested_category_id"], repr(columns["suggested_score"])],
        "repeat_of": repeat_of,
        "text_digest": chain.digest_of(columns["content"], columns["demand"]),
    }


def _build_live(batch: Batch, columns: dict[str, Any], item: _Work, context: Context, now: datetime) -> None:
    """First event, running clocks, and the message that tells number and promised date."""
    checked, draft = item.checked, item.draft
    payload = opening_payload(columns, checked, item.repeat[1] if item.repeat else None)
    started = context.book.started_by("registered", payload["facts"], now)
    batch.add(CLOCKS, *(new.row(item.case_id, columns["area_id"]) for new in started))
    standing = context.book.standing(started)
    columns.update(
        next_due_at=standing.due_at,
        next_due_policy=standing.policy,
        next_due_owner=standing.owner,
        limit_at=standing.limit_at,
        promised_at=standing.limit_at,
        paused=standing.paused,
    )
    row, digest = event_row(chain.START, item.case_id, 1, "registered", now, now, draft.doer, "", payload)
    batch.add(EVENTS, row)
    columns["last_hash"] = digest
    if checked.fields["phone"]:
        text = receipt_text(columns["number"], columns["promised_at"])
        key_id, body = vault.seal_text(text, str(item.case_id))
        batch.add(MESSAGES, (now, "sms", "receipt", item.case_id, item.case_id, "phone", key_id, body, 0, now, ""))


__all__ = ["CASES", "TABLES", "Draft", "register", "register_one", "registration"]
