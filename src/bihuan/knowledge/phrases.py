"""Words and phrases as they are looked for in texts; those that cost much looking get a bitmap of their own.

A word of two characters is answered by the bitmap of its pair. For a longer one all pairs only say which texts may hold
it; when that left many texts to look into, the phrase is noted here (not who asked), and the next round of the index
looks into all of them once. From then on it is a term like any other.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from pyroaring import BitMap

from bihuan.kernel import clock
from bihuan.knowledge import postings
from bihuan.knowledge.models import Phrase
from bihuan.text import bigrams

MANY = 2000
"""Texts looked into from which on a phrase is worth a bitmap."""
MOST = 300
"""Phrases kept; those not asked for longest go."""
_AGAIN = timedelta(days=1)
MOST_PAIRS = 24
"""Bitmaps asked for one phrase; a longer one is looked for in the texts anyway."""
_ORPHANS = """
DELETE FROM knowledge_posting p WHERE p.term >= '=' AND p.term < '>'
   AND NOT EXISTS (SELECT FROM knowledge_phrase f WHERE '=' || f.word = p.term)
"""


def plain(word: str) -> bool:
    """Whether the word is one pair, so that the pair's cases are the word's."""
    return len(word) == 2 and len(bigrams.pairs(word)) == 1


def term(word: str) -> str:
    """Under which a phrase stands in the postings; no pair and no fact of reach begins so."""
    return f"={word}"


def test(words: Iterable[str]) -> tuple[str, list[Any]]:
    """That a case's text holds every word: SQL on `cases_case` and its parameters.

    Without letters there is nothing to fold, and bytes are compared several times as fast as characters.
    """
    parts: list[str] = ["true"]
    values: list[Any] = []
    for word in words:
        if any("a" <= char <= "z" for char in word):
            parts.append("strpos(bihuan_fold(cases_case.content), %s) > 0")
            values.append(word)
        else:
            parts.append("position(%s::bytea in convert_to(cases_case.content, 'UTF8')) > 0")
            values.append(word.encode())
    return " AND ".join(parts), values


def known(words: Sequence[str]) -> frozenset[str]:
    """Those with a bitmap of their own: one statement, and one a day that says it was asked for."""
    if not words:
        return frozenset()
    found = dict(Phrase.objects.filter(word__in=words, known=True).values_list("word", "asked_at"))
    old = [word for word, asked_at in found.items() if asked_at < clock.now() - _AGAIN]
    if old:
        Phrase.objects.filter(word__in=old).update(asked_at=clock.now())
    return frozenset(found)


def note(words: Iterable[str]) -> None:
    """These cost much looking. Without a pair there would be nothing to begin from."""
    now = clock.now()
    made = [Phrase(word=word, asked_at=now) for word in words if bigrams.pairs(word)]
    Phrase.objects.bulk_create(made, ignore_conflicts=True)


def all_known() -> list[str]:
    """Every phrase that cases have to be given as a term when they are indexed."""
    return list(Phrase.objects.filter(known=True).values_list("word", flat=True))


def tidy() -> None:
    """Drop the phrases nobody asks for. Their bits go with the next run: a search may have begun with them."""
    with connection.cursor() as cursor:
        cursor.execute(_ORPHANS)
    Phrase.objects.filter(
        pk__in=list(Phrase.objects.order_by("-asked_at", "word").values_list("pk", flat=True)[MOST:])
    ).delete()


def learn() -> bool:
    """Look one noted phrase up in all indexed texts; False when there is none. In the round's transaction."""
    phrase = Phrase.objects.filter(known=False).order_by("asked_at", "word").first()
    if phrase is None:
        return False
    name, pairs = term(phrase.word), bigrams.terms(phrase.word)[:MOST_PAIRS]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM knowledge_posting WHERE term = %s", [name])
    for block, held in postings.read(pairs).items():
        if len(held) == len(pairs):
            bits = BitMap.intersection(*held.values())
            postings.put(block, name, _held_by(phrase.word, block * postings.BLOCK, bits))
    phrase.known = True
    phrase.save(update_fields=["known"])
    return True


def _held_by(word: str, first: int, bits: BitMap) -> BitMap:
    condition, values = test([word])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id - %s FROM cases_case WHERE id = ANY(%s) AND {condition}",  # noqa: S608 - made of placeholders
            [first, [first + place for place in bits], *values],
        )
        return BitMap([row[0] for row in cursor.fetchall()])
