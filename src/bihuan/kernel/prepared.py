"""Statements asked at every page whose plan takes longer to find than to follow: planned once a connection.

The database plans a text with values anew each time. A statement of a dozen index walks is planned for five milliseconds
and walked in one; prepared, its plan is found once and kept by the connection.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_KNOWN: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()
"""What each connection of the pool has prepared; gone with the connection."""
_PLACE = re.compile("%s")


def rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of `sql`, whose places are `%s` and whose text must not hold values that change."""
    name = "kept_" + hashlib.blake2b(sql.encode(), digest_size=12).hexdigest()
    with connection.cursor() as cursor:
        known = _KNOWN.setdefault(connection.connection, set())
        if name not in known:
            _prepare(cursor, name, sql)
            known.add(name)
        places = ", ".join(["%s"] * len(parameters))
        cursor.execute(f"EXECUTE {name}({places})" if parameters else f"EXECUTE {name}", parameters)
        return list(cursor.fetchall())


def _prepare(cursor: Any, name: str, sql: str) -> None:
    """A savepoint is not needed: what is prepared stays, even when the transaction it happened in is rolled back."""
    number = iter(range(1, 10_000))
    # one plan for all values: the walks follow one index whoever asks, and the values only say where in it
    cursor.execute("SET plan_cache_mode = force_generic_plan")
    cursor.execute(f"PREPARE {name} AS {_PLACE.sub(lambda _found: f'${next(number)}', sql)}")
