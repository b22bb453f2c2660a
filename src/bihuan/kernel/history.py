"""Who edits a setting: told to the database so that its triggers can write it beside the change."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def edited_by(staff_id: int | None) -> Iterator[None]:
    """One transaction whose settings edits are booked to this staff member."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.actor', %s, true)", ["" if staff_id is None else str(staff_id)])
        yield


def settings_version() -> int:
    """The number that every settings edit raises; one indexed read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM kernel_settingsversion")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
