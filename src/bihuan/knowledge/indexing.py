"""Keeps the words of cases searchable, behind registration: called again and again by the jobs process."""

from django.db import connection, transaction

from bihuan.cases.models import Anchor
from bihuan.knowledge.models import IndexedUpTo

BATCH = 20_000
"""Events looked through in one transaction."""
_INSERT = """
INSERT INTO knowledge_casewords (id, registered_by_id, province_id, city_id, district_id, area_id, pairs)
SELECT c.id, c.registered_by_id, c.province_id, c.city_id, c.district_id, c.area_id, bihuan_bigrams(c.content)
  FROM cases_caseevent e JOIN cases_case c ON c.id = e.case_id
 WHERE e.id > %s AND e.id <= %s AND e.seq = 1
ON CONFLICT (id) DO NOTHING
"""


def settled() -> int:
    """The last event that is sealed: behind it no transaction can still bring an earlier one."""
    return Anchor.objects.order_by("-id").values_list("last_event", flat=True).first() or 0


def reached() -> int:
    """The last event whose case is in the index."""
    return IndexedUpTo.objects.values_list("event_id", flat=True).first() or 0


def run(up_to: int | None = None) -> int:
    """Index what was settled since; returns the number of cases. Harmless when it runs twice or late."""
    done, target = 0, settled() if up_to is None else up_to
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(727275)")
            if not cursor.fetchone()[0]:
                return done
            start = reached()
            end = min(target, start + BATCH)
            if end <= start:
                break
            cursor.execute(_INSERT, [start, end])
            done += cursor.rowcount
            IndexedUpTo.objects.update_or_create(pk=1, defaults={"event_id": end})
    if done:
        with connection.cursor() as cursor:
            # what was added in portions goes into the index proper now, not during somebody's search
            cursor.execute("SELECT gin_clean_pending_list('knowledge_casewords_pairs'::regclass)")
    return done
