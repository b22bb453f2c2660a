"""Words anywhere in the texts of all cases in a viewer's reach: the newest first, and how many, up to a bound.

Two ways, chosen by how common the words are. Rare words: the index of pairs gives every case, which are sorted. Common
words: the newest cases are walked until enough hold them, because the index would bring far too many. What was
registered since the index was last brought up to date is always walked, so nothing is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import RuleError
from bihuan.knowledge import frequency, indexing
from bihuan.knowledge.models import CaseWords
from bihuan.text import bigrams

SHOWN = 50
MOST = 10_000
COMMON = 20_000
"""From so many expected cases on, walking the newest is quicker than fetching all."""
MOST_WORDS = 6


@dataclass(frozen=True)
class Found:
    """The newest cases, newest first, and the count; `capped` when there are more than `MOST`."""

    cases: list[Case]
    count: int
    capped: bool


def search(viewer: Viewer, typed: str, shown: int = SHOWN) -> Found:
    """Cases in reach whose text holds every word, wherever it stands. `RuleError` when no word has two characters."""
    words = typed.split()[:MOST_WORDS]
    pairs = sorted({pair for word in words for pair in bigrams.terms(word)})
    if not pairs:
        raise RuleError("search.short", _("请输入至少两个字。"), field="q")
    scopes = access.scopes(viewer)
    if not scopes:
        return Found([], 0, False)
    with transaction.atomic(), connection.cursor() as cursor:
        # bitmaps of common pairs stay exact, and a plan for so short a query is never worth compiling
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        tail = _tail(viewer, words)
        common = frequency.expected(pairs) >= COMMON
        ids = _all(viewer, words, pairs) if not common else []
        if common:
            newest = access.newest(viewer, lambda cases: _holding(cases, words), shown)
            count = _counted(viewer, words, pairs) + len(tail)
        else:
            merged = sorted({*ids, *tail}, reverse=True)
            count = len(merged)
            rows = access.visible(viewer).in_bulk(merged[:shown])
            newest = [rows[one] for one in merged[:shown] if one in rows]
    return Found(newest, min(count, MOST), count > MOST)


def _holding(cases: Any, words: Sequence[str]) -> Any:
    for word in words:
        cases = cases.extra(where=["bihuan_fold(cases_case.content) LIKE %s"], params=[bigrams.like_pattern(word)])
    return cases


def _tail(viewer: Viewer, words: Sequence[str]) -> list[int]:
    """Cases registered since the index was brought up to date."""
    fresh = CaseEvent.objects.filter(id__gt=indexing.reached(), seq=1).values("case_id")
    cases = _holding(access.visible(viewer).filter(pk__in=fresh), words)
    return list(cases.order_by("-id").values_list("id", flat=True)[: MOST + 1])


def _scoped(viewer: Viewer) -> QuerySet[CaseWords]:
    """Indexed cases in reach. The columns are named as those of the case, so the one condition of reach holds for both;
    only what depends on an answer having been given has to ask the case itself."""
    if roles.REPLIED in viewer.reach:
        return CaseWords.objects.filter(pk__in=access.visible(viewer).values("id"))
    return CaseWords.objects.filter(access.scope(viewer))


def _having(viewer: Viewer, pairs: list[str]) -> QuerySet[CaseWords]:
    return _scoped(viewer).filter(pairs__contains=pairs)


def _loose(words: Sequence[str]) -> bool:
    """Can a text have all pairs and yet not the words? Not when each word is one pair."""
    return any(len(word) != 2 or len(bigrams.terms(word)) != 1 for word in words)


def _all(viewer: Viewer, words: Sequence[str], pairs: list[str]) -> list[int]:
    hits = _having(viewer, pairs).order_by().values("id")
    if _loose(words):
        cases = _holding(Case.objects.filter(pk__in=hits), words).order_by().values_list("id", flat=True)
        return list(cases[: MOST * 3])
    return list(hits.values_list("id", flat=True)[: MOST * 3])


def _counted(viewer: Viewer, words: Sequence[str], pairs: list[str]) -> int:
    """How many indexed cases hold common words, at most one more than `MOST`."""
    hits = _having(viewer, pairs).order_by().values("id")
    if not _loose(words):
        if access.scopes(viewer) == [Q()] and frequency.expected(pairs) >= 2 * MOST:
            return MOST + 1  # the statistics come from every case or a third of a million: never wrong by half
        return len(hits[: MOST + 1])
    cases = _holding(Case.objects.filter(pk__in=hits), words).order_by().values("id")
    return len(cases[: MOST + 1])
