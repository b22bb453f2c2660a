"""Answers kept for repeated requests are forgotten in the end: a client that repeats one after so long means a new one."""

from datetime import timedelta

from django.db import connection

from bihuan.kernel import clock

KEPT = timedelta(days=30)
_AT_ONCE = 10_000
_TABLES = ("intake_answered", "api_keptanswer")


def run() -> int:
    """Delete what is older than `KEPT`, a portion at a time; answers how many rows. Called every hour."""
    before, gone = clock.now() - KEPT, 0
    with connection.cursor() as cursor:
        for table in _TABLES:
            while True:
                cursor.execute(
                    f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE at < %s ORDER BY id LIMIT %s)",
                    [before, _AT_ONCE],
                )
                gone += cursor.rowcount
                if cursor.rowcount < _AT_ONCE:
                    break
    return gone
