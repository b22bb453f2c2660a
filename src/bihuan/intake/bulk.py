"""Registering by the thousand: the same checks and rows as `register`, streamed into the tables by COPY."""

import random
import time
from collections.abc import Generator, Sequence
from typing import Any, TypeVar

import psycopg
from django.db import Error, connection, transaction

from bihuan.cases.actions import EVENTS
from bihuan.intake import context as contexts
from bihuan.intake.actions import Draft, Rows, Statement, examined, prepared
from bihuan.intake.batch import TABLES, Batch
from bihuan.intake.schema import Registered
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError

Answer = Registered | RuleError
T = TypeVar("T")
_TRIES = 4
_IN_BETWEEN = ("23505", "40")
"""Another transaction registered the same number, or a deadlock or serialisation failure was broken up."""


def load(drafts: Sequence[Draft]) -> list[Answer]:
    """Register many complaints in the caller's transaction; one answer each, in order. A refused one leaves nothing.

    A unique violation when another transaction registers one of the same source numbers meanwhile: roll back and call
    again (`again` does so), it is then found.
    """
    answers, batch = _drive(prepared(drafts, contexts.current(), clock.now()))
    if batch is not None:
        copy(batch)
    return answers


def examine(drafts: Sequence[Draft]) -> list[RuleError | None]:
    """What `load` would refuse, without writing anything; None for what would be registered."""
    _work, answers = _drive(examined(drafts, contexts.current(), clock.now()))
    return [answer if isinstance(answer, RuleError) else None for answer in answers]


def copy(batch: Batch) -> None:
    """Stream the rows of a batch into its tables."""
    spelled: dict[int, str] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            rows = batch.rows[table.name]
            if not rows:
                continue
            places = [place for place, (_name, kind) in enumerate(table.columns) if kind == "timestamptz"]
            with cursor.copy(table.copy()) as stream:
                if table is EVENTS:
                    stream.write(_event_lines(rows, spelled))
                    continue
                for row in rows:
                    stream.write_row(_spelled(row, places, spelled) if places else row)


def _event_lines(rows: Sequence[tuple[Any, ...]], spelled: dict[int, str]) -> str:
    """Events in COPY's text form, put together at once: two thirds of all rows are events, the driver takes thrice as
    long for them. Only `why` and the payload can hold what has to be escaped; JSON has no line breaks or tabs of its own.
    """
    lines = []
    for case_id, seq, kind, at, recorded_at, staff, unit, source, why, payload, digest in rows:
        moment = spelled.get(id(at)) or spelled.setdefault(id(at), at.isoformat())
        written = spelled.get(id(recorded_at)) or spelled.setdefault(id(recorded_at), recorded_at.isoformat())
        who = _NULL if staff is None else staff
        where = _NULL if unit is None else unit
        reason = _escaped(why) if why else ""
        told = payload.replace("\\", "\\\\") if "\\" in payload else payload
        lines.append(
            f"{case_id}\t{seq}\t{kind}\t{moment}\t{written}\t{who}\t{where}\t{source}\t{reason}\t{told}\t{_BYTES}{digest.hex()}\n"
        )
    return "".join(lines)


_NULL, _BYTES = "\\N", "\\\\x"


def _escaped(text: str) -> str:
    for raw, told in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, told)
    return text


def _spelled(row: tuple[Any, ...], places: list[int], spelled: dict[int, str]) -> list[Any]:
    """The row with its moments as text, each spelled once: the same few stand in many rows, and the driver is slow at it.

    They are known by their identity, which holds as long as the batch does and takes no hashing of zones.
    """
    cells = list(row)
    for place in places:
        moment = cells[place]
        if moment is not None:
            key = id(moment)
            if key not in spelled:
                spelled[key] = moment.isoformat()
            cells[place] = spelled[key]
    return cells


def again(work: Any) -> Any:
    """Run `work` in a transaction, once more when another one got in between (a twin, a deadlock)."""
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except (Error, psycopg.Error) as error:  # errors of a COPY come from the driver as they are
            state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None) or ""
            if attempt == _TRIES or not state.startswith(_IN_BETWEEN):
                raise
            time.sleep(random.uniform(0.01, 0.1) * attempt)  # noqa: S311 - two loaders must not meet again
    raise AssertionError("unreachable")


def _drive(steps: Generator[Statement, Rows, T]) -> T:
    with connection.cursor() as cursor:
        try:
            statement = next(steps)
            while True:
                cursor.execute(*statement)
                statement = steps.send(list(cursor.fetchall()) if cursor.description else [])
        except StopIteration as done:
            result: T = done.value
            return result
