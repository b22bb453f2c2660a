"""Where the search of all texts keeps its account: for each term and block of case ids the cases that have it, as a bitmap.

Terms are the pairs of characters of a text, and the facts by which reach is decided: who took it, where it lies, which
units held it, whether it was replied. All of them only ever come to be true of a case.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import connection
from pyroaring import BitMap

from bihuan.cases.access import Branch

BLOCK = 65_536
"""Ids in one block: what one container of a roaring bitmap holds."""
OLD, YOUNG = 0, 1
_CHUNK = 2000
REPLIED = "replied"
_WRITE = """
INSERT INTO knowledge_posting (term, block, part, bits)
SELECT u.term, %s, %s, u.bits FROM unnest(%s::text[], %s::bytea[]) AS u (term, bits)
ON CONFLICT (term, block, part) DO UPDATE SET bits = excluded.bits
"""


class Places(dict[str, "array[int]"]):
    """Term → places within a block."""

    def __missing__(self, term: str) -> "array[int]":
        self[term] = made = array("I")
        return made


Gathered = dict[int, Places]
"""By block."""


def taker(staff_id: int) -> str:
    """Registered by this person. Longer than a pair, as all terms of reach: they cannot meet."""
    return f"taker:{staff_id}"


def unit(unit_id: int) -> str:
    """Held now or once by this unit."""
    return f"unit:{unit_id}"


def area(level: int, area_id: int) -> str:
    """Lies in this area; level 1 province to 4."""
    return f"area{level}:{area_id}"


def terms_of(branches: Iterable[Branch]) -> list[str]:
    """The terms that decide these ways of reach."""
    found: list[str] = []
    for one in branches:
        if one.taken_by is not None:
            found.append(taker(one.taken_by))
        found += [unit(unit_id) for unit_id in one.held_by or ()]
        if one.area is not None:
            found.append(area(*one.area))
        if one.replied:
            found.append(REPLIED)
    return found


def within(branches: Iterable[Branch], held: Mapping[str, BitMap]) -> BitMap | None:
    """The cases of a block that are in reach; None stands for all of them."""
    found = BitMap()
    for one in branches:
        needed = []
        if one.taken_by is not None:
            needed.append(held.get(taker(one.taken_by), BitMap()))
        if one.held_by is not None:
            needed.append(BitMap.union(BitMap(), *(held[t] for t in map(unit, one.held_by) if t in held)))
        if one.area is not None:
            needed.append(held.get(area(*one.area), BitMap()))
        if one.replied:
            needed.append(held.get(REPLIED, BitMap()))
        if not needed:
            return None
        found |= BitMap.intersection(*needed)
    return found


def read(terms: Sequence[str], since: int = 0, before: int = 2**62) -> dict[int, dict[str, BitMap]]:
    """Block → term → cases, newest block first, of the blocks from `since` on that lie below `before`: one statement."""
    found: dict[int, dict[str, BitMap]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT term, block, bits FROM knowledge_posting WHERE term = ANY(%s) AND block >= %s AND block < %s",
            [list(terms), since, before],
        )
        for term, block, bits in cursor.fetchall():
            held = found.setdefault(block, {})
            one = BitMap.deserialize(bytes(bits))
            held[term] = held[term] | one if term in held else one
    return dict(sorted(found.items(), reverse=True))


def gathered(told: Iterable[tuple[int, Iterable[str]]]) -> Gathered:
    """Cases with their terms, turned round."""
    found: Gathered = {}
    for case_id, terms in told:
        block, place = divmod(case_id, BLOCK)
        held = found.get(block)
        if held is None:
            held = found[block] = Places()
        for term in terms:
            held[term].append(place)
    return found


def add(found: Gathered, part: int) -> None:
    """Put them to what the part's rows say already; the same twice changes nothing."""
    for block, held in found.items():
        for some in _portions(sorted(held)):
            _unite(block, part, {term: BitMap(held[term]) for term in some})


def put(block: int, term: str, bits: BitMap) -> None:
    """This term's cases of a block, whatever stood there."""
    if bits:
        _write(block, OLD, {term: bits})


def fold() -> None:
    """Put all young rows to the old ones, as one transaction of the caller."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT block FROM knowledge_posting WHERE part = %s", [YOUNG])
        blocks = [row[0] for row in cursor.fetchall()]
        for block in blocks:
            cursor.execute(
                "SELECT term FROM knowledge_posting WHERE part = %s AND block = %s ORDER BY term", [YOUNG, block]
            )
            for some in _portions([row[0] for row in cursor.fetchall()]):
                _unite(block, OLD, _rows(block, YOUNG, some))
        cursor.execute("DELETE FROM knowledge_posting WHERE part = %s", [YOUNG])


def forget(case_ids: Iterable[int]) -> None:
    """Take cases out of every row of their blocks."""
    for block, held in gathered((case_id, ("",)) for case_id in case_ids).items():
        gone = BitMap(held[""])
        with connection.cursor() as cursor:
            cursor.execute("SELECT part, term FROM knowledge_posting WHERE block = %s ORDER BY term", [block])
            found = cursor.fetchall()
        for part in (OLD, YOUNG):
            for some in _portions([term for one, term in found if one == part]):
                before = _rows(block, part, some)
                _write(block, part, {term: bits - gone for term, bits in before.items() if bits & gone})


def _portions(terms: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(terms)
    while some := list(islice(rest, _CHUNK)):
        yield some


def _rows(block: int, part: int, terms: Sequence[str]) -> dict[str, BitMap]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT term, bits FROM knowledge_posting WHERE term = ANY(%s) AND block = %s AND part = %s",
            [list(terms), block, part],
        )
        return {term: BitMap.deserialize(bytes(bits)) for term, bits in cursor.fetchall()}


def _unite(block: int, part: int, added: Mapping[str, BitMap]) -> None:
    before, changed = _rows(block, part, list(added)), {}
    for term, bits in added.items():
        earlier = before.get(term)
        whole = bits if earlier is None else bits | earlier
        if earlier is None or len(whole) > len(earlier):
            changed[term] = whole
    _write(block, part, changed)


def _write(block: int, part: int, rows: Mapping[str, BitMap]) -> None:
    for bits in rows.values():
        bits.run_optimize()
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [block, part, list(rows), [bits.serialize() for bits in rows.values()]])
