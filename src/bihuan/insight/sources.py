"""Which systems complaints come from, for the filter bar."""

from django.db import connection

MOST = 50

# Walks from one name to the next over the unique index of source numbers, instead of reading a million rows.
_WALK = f"""
WITH RECURSIVE walk (name, n) AS (
    (SELECT source_system, 1 FROM cases_case WHERE source_number <> '' ORDER BY source_system LIMIT 1)
    UNION ALL
    SELECT (SELECT source_system FROM cases_case
             WHERE source_number <> '' AND source_system > walk.name ORDER BY source_system LIMIT 1), walk.n + 1
      FROM walk WHERE walk.name IS NOT NULL AND walk.n < {MOST}
)
SELECT name FROM walk WHERE name <> ''
"""


def known_sources() -> list[str]:
    """Names of originating systems that gave their own numbers, in order; at most `MOST`. One index look-up each."""
    with connection.cursor() as cursor:
        cursor.execute(_WALK)
        return [str(row[0]) for row in cursor.fetchall()]
