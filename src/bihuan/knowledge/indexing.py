"""Keeps the words of cases searchable, behind registration: called again and again by the jobs process.

What is not in the postings yet is found by looking at those few cases themselves (`search`), so nothing is missing at
any moment; it is put off until it is worth a round.
"""

from collections.abc import Iterator
from itertools import islice

from django.db import connection, transaction

from bihuan.cases.models import Anchor
from bihuan.knowledge import phrases, postings
from bihuan.knowledge.models import IndexedUpTo, Restated
from bihuan.text import bigrams

BATCH, CASES = 400_000, 32_768
"""Events and new cases looked through in one transaction, at most: what it holds in memory and how often a large row is
rewritten while much is caught up."""
WORTH = 2000
"""Events that have to be there for a round to begin by itself."""
MANY = 4000
"""From so many new cases on they go to the old rows at once."""
FOLDED = 16_000
"""Cases in young rows at which those are folded."""
_TOUCHED = "SELECT DISTINCT case_id FROM cases_caseevent WHERE id > %s AND id <= %s ORDER BY case_id"
_NEW = "SELECT id, case_id FROM cases_caseevent WHERE id > %s AND id <= %s AND seq = 1 ORDER BY id LIMIT %s"
_CASES = """
SELECT c.id, CASE WHEN c.id = ANY(%s) THEN c.content END, c.registered_by_id,
       c.province_id, c.city_id, c.district_id, c.area_id, c.replied_at IS NOT NULL,
       ARRAY(SELECT u.unit_id FROM cases_caseunit u WHERE u.case_id = c.id)
  FROM cases_case c WHERE c.id = ANY(%s)
"""


def settled() -> int:
    """The last event that is sealed: behind it no transaction can still bring an earlier one."""
    return Anchor.objects.order_by("-id").values_list("last_event", flat=True).first() or 0


def reached() -> int:
    """The last event whose case is in the index."""
    return IndexedUpTo.objects.values_list("event_id", flat=True).first() or 0


def run(up_to: int | None = None) -> int:
    """Index what was settled since; returns the number of new cases. Harmless when it runs twice, late or is killed."""
    done, target = 0, settled() if up_to is None else up_to
    least = WORTH if up_to is None else 1
    tidied = False
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(727275)")
            if not cursor.fetchone()[0]:
                return done
            _restated()
            if not tidied:
                phrases.tidy()
                tidied = True
            if phrases.learn():
                continue
            state, _made = IndexedUpTo.objects.get_or_create(pk=1)
            if target - state.event_id < least:
                return done
            state.event_id = max(state.event_id, _before_next(state.event_id, target))
            done += _round(state, min(target, state.event_id + BATCH))


def _before_next(event_id: int, target: int) -> int:
    """Where to go on: numbers of events have gaps, some of them wide, and nothing is looked for in those."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) - 1 FROM cases_caseevent WHERE id > %s AND id <= %s", [event_id, target])
        found = cursor.fetchone()[0]
    return target if found is None else int(found)


def _round(state: IndexedUpTo, end: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [state.event_id, end, CASES + 1])
        rows = cursor.fetchall()
        if len(rows) > CASES:
            end = rows[CASES][0] - 1
        fresh = {case_id for _event, case_id in rows[:CASES]}
        cursor.execute(_TOUCHED, [state.event_id, end])
        touched = [row[0] for row in cursor.fetchall()]
    part = postings.OLD if len(fresh) >= MANY else postings.YOUNG
    postings.add(postings.gathered(_told(touched, fresh)), part)
    state.event_id = end
    state.young += len(fresh) if part == postings.YOUNG else 0
    if state.young >= FOLDED:
        postings.fold()
        state.young = 0
    state.save()
    return len(fresh)


def _told(case_ids: list[int], whole: set[int]) -> Iterator[tuple[int, set[str]]]:
    """Cases with what decides their reach, those of `whole` with the pairs of their texts too."""
    rest, sought = iter(case_ids), [(word, phrases.term(word)) for word in phrases.all_known()]
    while some := list(islice(rest, 1000)):
        with connection.cursor() as cursor:
            cursor.execute(_CASES, [[one for one in some if one in whole], some])
            found = cursor.fetchall()
        for case_id, content, taken_by, *areas, replied, units in found:
            terms = bigrams.pairs(content) if content else set()
            if content and sought:
                text = bigrams.fold(content)
                terms.update(term for word, term in sought if word in text)
            terms.update(map(postings.unit, units))
            terms.update(postings.area(level, one) for level, one in enumerate(areas, 1) if one is not None)
            if taken_by is not None:
                terms.add(postings.taker(taken_by))
            if replied:
                terms.add(postings.REPLIED)
            yield case_id, terms


def _restated() -> None:
    """Index anew what was changed under the index."""
    rows = list(Restated.objects.order_by("id").values_list("id", "case_id"))
    if not rows:
        return
    changed = sorted({case_id for _row, case_id in rows})
    postings.forget(changed)
    postings.add(postings.gathered(_told(changed, set(changed))), postings.YOUNG)
    Restated.objects.filter(pk__in=[row for row, _case in rows]).delete()
