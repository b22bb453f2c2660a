"""Asynchronous code asks the database through a thread and keeps nothing of it."""

import asyncio

import pytest
from django.db import connection

from bihuan.kernel.aside import aside


def _ask(number: int) -> tuple[int, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [number])
        row = cursor.fetchone()
    return row[0], connection._connections[connection._alias]  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_a_connection_used_outside_a_request_is_given_back() -> None:
    async def asked() -> tuple[int, object]:
        return await aside(_ask)(7)

    answer, held = asyncio.run(asked())
    assert answer == 7
    assert held.connection is None  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_it_is_given_back_after_an_error_too() -> None:
    seen = []

    def fails() -> None:
        seen.append(_ask(1)[1])
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(aside(fails)())  # type: ignore[arg-type]
    assert seen[0].connection is None
