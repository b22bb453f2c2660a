"""`register`: the one verb by which complaints become cases, one or a thousand at a time, whatever the channel.

The verb is written as a generator of statements, so that the same code runs on Django's connection and, in the hot path,
on an asynchronous one: it yields (SQL, parameters) and is sent the rows.
"""

from collections.abc import Generator, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import translation

from bihuan.customers import vault
from bihuan.intake import context as contexts
from bihuan.intake import known, past
from bihuan.intake.batch import STATEMENT, Batch
from bihuan.intake.building import build
from bihuan.intake.context import IDS, Context
from bihuan.intake.prepare import check
from bihuan.intake.schema import Registered
from bihuan.intake.work import Draft, Rows, Statement, Steps, Work
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError


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
    lines = [item for item in work.values() if known.linkable(item) and not _finished(item.draft)]
    if lines:
        rows = yield known.earlier(lines, now, timedelta(days=known.repeat_days(context)))
        known.link_repeats(lines, rows, context)
    batch = Batch()
    for place, item in work.items():
        answers[place] = build(batch, item, context, now)
    return [answer for answer in answers if answer is not None], batch


def examined(
    drafts: Sequence[Draft], context: Context, now: datetime
) -> Generator[Statement, Rows, tuple[dict[int, Work], list["Registered | RuleError | None"]]]:
    """All checks, those against what is registered already too: (what may be registered by place, the other answers)."""
    answers: list[Registered | RuleError | None] = [None] * len(drafts)
    work: dict[int, Work] = {}
    for place, draft in enumerate(drafts):
        try:
            with translation.override(draft.language) if draft.language else nullcontext():
                if draft.past is not None:
                    past.check(draft.past, now)
                work[place] = Work(draft, check(draft.complaint, context, now, draft.past))
        except RuleError as refused:
            answers[place] = refused
    if any(item.draft.key or item.draft.complaint.source_number for item in work.values()):
        rows = yield known.known(work)
        known.answer_known(work, answers, rows)
    return work, answers


def _finished(draft: Draft) -> bool:
    return draft.past is not None and draft.past.finished


def _allot_ids(work: dict[int, Work]) -> Generator[Statement, Rows, None]:
    missing = IDS.missing(len(work))
    if missing:
        rows = yield "SELECT nextval('cases_case_block') FROM generate_series(1, %s)", [missing]
        for row in rows:
            IDS.add(int(row[0]))
    for item, case_id in zip(work.values(), IDS.take(len(work)), strict=True):
        item.case_id = case_id


__all__ = ["Draft", "register", "register_one", "registration"]
