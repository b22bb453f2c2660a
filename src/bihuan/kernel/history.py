"""Who edits a setting: told to the database so that its triggers can write it beside the change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_PICTURE: ContextVar[dict[str, int] | None] = ContextVar("picture", default=None)
"""Numbers by table, where a reader has asked for one picture; empty until it is first needed."""


@contextmanager
def edited_by(staff_id: int | None) -> Iterator[None]:
    """One transaction whose settings edits are booked to this staff member. It sees what it edits; a picture it stands in
    is made anew behind it."""
    before = _PICTURE.get()
    token = _PICTURE.set(None)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('bihuan.actor', %s, true)", ["" if staff_id is None else str(staff_id)])
            yield
    finally:
        _PICTURE.reset(token)
        if before:
            before.clear()


@contextmanager
def one_picture() -> Iterator[None]:
    """Within it settings are looked at once, however many parts of a page or a step need them."""
    if _PICTURE.get() is not None:
        yield  # part of a larger one
        return
    token = _PICTURE.set({})
    try:
        yield
    finally:
        _PICTURE.reset(token)


def settings_version(tables: Sequence[str] = ()) -> tuple[int, ...]:
    """Changes with every edit of one of these tables of settings (none named: of any); one small read."""
    numbers = _PICTURE.get()
    if numbers is None:
        numbers = _read(tables)
    elif not numbers:
        numbers.update({"": 0, **_read(())})
    return tuple(numbers[table] for table in sorted(tables or numbers) if table in numbers)


def _read(tables: Sequence[str]) -> dict[str, int]:
    where, told = ('WHERE "table" = ANY(%s)', [list(tables)]) if tables else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "table", number FROM kernel_settingsversion {where}', told)
        return {str(table): int(number) for table, number in cursor.fetchall()}
