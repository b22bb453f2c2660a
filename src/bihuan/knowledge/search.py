"""Words anywhere in the texts of all cases in a viewer's reach: the newest first, and how many, up to a bound.

Bitmaps of the words' pairs and of the reach are intersected block by block from the newest on, until enough are found.
Words longer than a pair are then looked for in the texts of the cases left over. Cases with events that are not in the
bitmaps yet are looked at themselves, so nothing is missing. Never more than ten
queries, and one that notes a phrase.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pyroaring import BitMap

from bihuan.cases import access
from bihuan.cases.access import Branch
from bihuan.cases.models import Case
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import RuleError
from bihuan.knowledge import indexing, phrases, postings
from bihuan.knowledge.models import Restated
from bihuan.text import bigrams

SHOWN = 50
MOST = 10_000
MOST_WORDS = 8
FEW = 5000
"""So many candidates may narrow a list; more of them are quicker met by walking the list."""
FIRST = 12_000
"""Candidates looked at in the first go: mostly enough to know that there are more than `MOST`."""
NEAR = 32
"""Blocks fetched in the first go: two million cases."""
_LOOK = "SELECT count(*), (array_agg(id ORDER BY id DESC))[:%s] FROM cases_case WHERE id = ANY(%s::bigint[]) AND {}"
_LOOK_ON = """
SELECT count(*), (array_agg(id ORDER BY id DESC))[:%s]
  FROM (SELECT one.id FROM unnest(%s::bigint[]) AS one (id)
         WHERE (SELECT {} FROM cases_case WHERE cases_case.id = one.id) LIMIT %s) AS found
"""


@dataclass(frozen=True)
class Found:
    """The newest cases, newest first, and the count; `capped` when there are more than `MOST`."""

    cases: list[Case]
    count: int
    capped: bool


@dataclass(frozen=True)
class Asked:
    """The words, and which of them have a bitmap of their own (`phrases`)."""

    words: tuple[str, ...]
    known: frozenset[str] = frozenset()

    @property
    def open(self) -> list[str]:
        """Words a text may lack although it has all terms."""
        return [word for word in self.words if word not in self.known and not phrases.plain(word)]

    def terms(self) -> list[str]:
        """What a text that holds the words has in the postings."""
        found = {phrases.term(word) if word in self.known else word for word in self.words if word not in self.open}
        for word in self.open:
            found.update(bigrams.terms(word)[: phrases.MOST_PAIRS])
        return sorted(found)

    def learned(self) -> "Asked":
        """The same, knowing which of its words have a bitmap; asked after what is not indexed yet."""
        return Asked(self.words, phrases.known(self.open))

    def held_by(self, found: QuerySet[Case]) -> QuerySet[Case]:
        """Those whose text holds every word."""
        test, values = phrases.test(self.words)
        return found.extra(where=[test], params=values)  # noqa: S610 - made of placeholders


def asked(typed: str) -> Asked:
    """What was typed, read as words."""
    return Asked(tuple(bigrams.fold(word) for word in typed.replace("\0", " ").split()[:MOST_WORDS]))


def search(viewer: Viewer, typed: str, shown: int = SHOWN) -> Found:
    """Cases in reach whose text holds every word, wherever it stands. `RuleError` when no word has two characters."""
    told = asked(typed)
    if not told.terms():
        raise RuleError("search.short", _("请输入至少两个字。"), field="q")
    branches = access.branches(viewer)
    if not branches:
        return Found([], 0, False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")  # no plan for so short a query is worth compiling
        # in the order in which cases move: what is indexed meanwhile is met twice, never missed
        touched, restated = _not_indexed()
        live = _live(viewer, told, touched)
        told = told.learned()
        known = _Known(told, branches, live, restated)
        newest, count = known.confirmed(shown) if told.open else known.counted(shown)
        merged = sorted({*live, *newest}, reverse=True)[:shown]
        rows = access.visible(viewer).in_bulk(merged)
    count += len(live)
    return Found([rows[one] for one in merged if one in rows], min(count, MOST), count > MOST)


def narrowing(typed: str) -> Callable[[QuerySet[Case]], QuerySet[Case]]:
    """What limits a query of cases to those whose text holds every word. With few candidates in the house only those are
    looked at; where there are many, whoever walks the list meets them soon."""
    told, ids = asked(typed), None
    if told.terms():
        touched, restated = _not_indexed()
        some = list(islice(_Known(told.learned(), [Branch()], [], restated).candidates(), FEW + 1))
        ids = _array([*touched, *some]) if len(some) <= FEW else None

    def narrowed(found: QuerySet[Case]) -> QuerySet[Case]:
        if ids is not None:
            found = found.extra(where=["cases_case.id = ANY(%s::bigint[])"], params=[ids])
        return told.held_by(found)

    return narrowed


def _not_indexed() -> tuple[list[int], set[int]]:
    """Cases with events the index has not seen, and those whose postings are wrong: two statements."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT case_id FROM cases_caseevent WHERE id > %s", [indexing.reached()])
        touched = [row[0] for row in cursor.fetchall()]
    restated = set(Restated.objects.values_list("case_id", flat=True))
    return [*touched, *restated], restated


def _live(viewer: Viewer, told: Asked, touched: Sequence[int]) -> list[int]:
    """Of these cases, those in reach that hold the words."""
    if not touched:
        return []
    cases = access.visible(viewer).extra(where=["cases_case.id = ANY(%s)"], params=[list(touched)])
    return list(told.held_by(cases).order_by("-id").values_list("id", flat=True)[: MOST + 1])


class _Known:
    """What the bitmaps know of the words within reach, without the cases already found and the wrong ones."""

    def __init__(self, told: Asked, branches: list[Branch], live: Sequence[int], wrong: set[int]) -> None:
        self.told, self.terms, self.branches = told, told.terms(), branches
        self.found = len(live)
        left_out = postings.gathered((case_id, ("",)) for case_id in {*live, *wrong})
        self.left_out = {block: BitMap(held[""]) for block, held in left_out.items()}

    def _blocks(self) -> Iterator[tuple[int, dict[str, BitMap]]]:
        """In two goes: of common words the newest blocks are enough."""
        needed = [*self.terms, *postings.terms_of(self.branches)]
        newest = Case.objects.order_by("-id").values_list("id", flat=True).first() or 0
        since = max(0, newest // postings.BLOCK - NEAR + 1)
        yield from postings.read(needed, since).items()
        if since:
            yield from postings.read(needed, 0, since).items()

    def _fitting(self) -> Iterator[tuple[int, BitMap]]:
        """(block, its cases) from the newest on."""
        for block, held in self._blocks():
            bits = self._of(block, held)
            if bits:
                yield block, bits

    def _of(self, block: int, held: Mapping[str, BitMap]) -> BitMap:
        if any(term not in held for term in self.terms):
            return BitMap()
        bits = BitMap.intersection(*(held[term] for term in self.terms))
        reach = postings.within(self.branches, held)
        if reach is not None:
            bits &= reach
        return bits - self.left_out[block] if block in self.left_out else bits

    def counted(self, shown: int) -> tuple[list[int], int]:
        """The newest ids and how many; counting ends once there are more than `MOST`."""
        newest: list[int] = []
        count = 0
        for block, bits in self._fitting():
            if len(newest) < shown:
                newest += [block * postings.BLOCK + place for place in reversed(bits[-shown:])]
            count += len(bits)
            if count + self.found > MOST and len(newest) >= shown:
                break  # both: cases found before may be old ones
        return newest[:shown], count

    def candidates(self) -> Iterator[int]:
        """Cases that may hold the words, from the newest on."""
        for block, bits in self._fitting():
            first = block * postings.BLOCK
            yield from (first + place for place in reversed(bits.to_array()))

    def confirmed(self, shown: int) -> tuple[list[int], int]:
        """As `counted`, of the candidates whose text does hold the words."""
        ids = list(self.candidates())
        test, values = phrases.test(self.told.open)
        newest: list[int] = []
        count = 0
        if len(ids) > phrases.MANY:
            phrases.note(word for word in self.told.open if len(word) > 2)
        if ids:
            count, newest = _looked(_LOOK.format(test), [shown, _array(ids[:FIRST]), *values])
        if ids[FIRST:] and count <= MOST:
            more, older = _looked(_LOOK_ON.format(test), [shown, _array(ids[FIRST:]), *values, MOST + 1 - count])
            count, newest = count + more, [*newest, *older][:shown]
        return newest, count


def _array(ids: Sequence[int]) -> str:
    """An array literal: the driver's own takes longer than the search."""
    return "{" + ",".join(map(str, ids)) + "}"


def _looked(statement: str, values: list[Any]) -> tuple[int, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        count, newest = cursor.fetchone()
    return count, newest or []
