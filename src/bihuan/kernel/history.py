"""Who edits a setting: told to the database so that its triggers can write it beside the change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def edited_by(staff_id: int | None) -> Iterator[None]:
    """One transaction whose settings edits are booked to this staff member."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.actor', %s, true)", ["" if staff_id is None else str(staff_id)])
        yield


def settings_version(tables: Sequence[str] = ()) -> tuple[int, ...]:
    """Changes with every edit of one of these tables of settings (none named: of any); one small read."""
    where, told = ('WHERE "table" = ANY(%s)', [list(tables)]) if tables else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT number FROM kernel_settingsversion {where} ORDER BY "table"', told)
        return tuple(int(number) for (number,) in cursor.fetchall())
