"""What must hold after the kills, asked of the database itself."""

import contextlib
import os
import time
from typing import Any

import psycopg

from benchmarks._clients import Load

_DUE = "SELECT k.id, k.case_id, k.due_at FROM sla_clock k WHERE k.due_at <= to_timestamp(%(before)s)"
_UNFIRED = f"""
SELECT count(*) FROM ({_DUE}) k WHERE NOT EXISTS (
    SELECT 1 FROM cases_caseevent e WHERE e.case_id = k.case_id AND e.kind = 'clock_breached'
       AND (e.payload->>'clock')::bigint = k.id AND (e.payload->>'due')::timestamptz = k.due_at)
"""
_BREACHES = """
SELECT count(*), coalesce(max(extract(epoch FROM recorded_at - (payload->>'due')::timestamptz)), 0)
  FROM cases_caseevent WHERE kind = 'clock_breached'
"""
_TWICE = """
SELECT count(*) FROM (SELECT 1 FROM cases_caseevent WHERE source = 'clock'
 GROUP BY case_id, payload->>'clock', kind, payload->>'level', payload->>'due' HAVING count(*) > 1) twice
"""


def ask(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a question, asked again while the database is away."""
    for _try in range(600):
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            return connection.execute(sql, values).fetchall()
        time.sleep(0.05)
    raise TimeoutError("the database does not answer")


def watched_since(moment: float) -> bool:
    """Whether a limit that fell due was recorded after this moment."""
    asked = "SELECT 1 FROM cases_caseevent WHERE source = 'clock' AND recorded_at > to_timestamp(%(moment)s) LIMIT 1"
    return bool(ask(asked, moment=moment))


def unfired(before: float) -> int:
    """Limits that fell due until then and whose breach is not recorded with its own moment."""
    return int(ask(_UNFIRED, before=before)[0][0])


def last_recorded(before: float) -> float:
    """When the last breach of limits due until then was recorded."""
    asked = (
        "SELECT extract(epoch FROM max(recorded_at)) FROM cases_caseevent WHERE kind = 'clock_breached'"
        " AND (payload->>'due')::timestamptz <= to_timestamp(%(before)s)"
    )
    return float(ask(asked, before=before)[0][0])


def figures(load: Load) -> dict[str, Any]:
    """Promised against present, and every limit once."""
    present = ask("SELECT source_number, number FROM cases_case WHERE source_system = 'crm'")
    kept, numbers = dict(present), [number for _source, number in present]
    keys = ask("SELECT count(*) - count(DISTINCT key) FROM intake_answered")[0][0]
    fired, lag = ask(_BREACHES)[0]
    return {
        "acknowledged": len(load.acknowledged),
        "lost": sum(kept.get(source) != number for source, number in load.acknowledged.items()),
        "doubled": len(present) - len(kept) + len(numbers) - len(set(numbers)) + keys + len(load.contradicted),
        "never_acknowledged": len(set(kept) - set(load.acknowledged)),
        "sent_again": dict(load.again),
        "unexpected": dict(load.unexpected),
        "fired": fired,
        "fired_twice": int(ask(_TWICE)[0][0]),
        "unfired": unfired(before=time.time() - 5),
        "longest_lag_s": round(float(lag), 2),
    }
