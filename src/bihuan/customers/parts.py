"""Finding parties by a part of a number: its end, and its beginning where that is known too.

Along the index lie only the four last digits, which every mask shows. An index over more of them would give the numbers
away to whoever gets hold of the database; what else was told is compared with the opened values of those few.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from bihuan.customers import vault
from bihuan.customers.models import Party

LEAST = 4
"""Digits of an end that are looked for."""
WHOLE = 7
"""Digits of the shortest whole number."""
MOST = 10_000
"""Parties with one end, the newest: of ten million one thousand have it."""
_TOLD = re.compile(r"(?:(\d{1,7})\s*[*＊.…·?？xX]+\s*)?(\d{4,10})")
_END = r"substring(masks->>'{0}' FROM '\d{{4}}$')"
_WALK = "(SELECT id FROM customers_party WHERE {end} = %s{rest} ORDER BY id DESC LIMIT %s)"
PARTIAL = ("phone", "other_contact", "complained_number")
"""Fields whose numbers are found by a part."""
_ONCE = {"complained_number": " AND masks->>'complained_number' IS DISTINCT FROM masks->>'phone'"}
_CHUNK = 500


@dataclass(frozen=True)
class Part:
    """What is known of a number: how it ends (four digits at least), and perhaps how it begins."""

    end: str
    start: str = ""

    @property
    def masked(self) -> bool:
        """Whether the masks answer it, so that nothing need be opened."""
        return not self.start and len(self.end) == LEAST

    @property
    def may_be_whole(self) -> bool:
        """Whether it could have been meant as a whole number."""
        return not self.start and len(self.end) >= WHOLE

    def fits(self, number: str) -> bool:
        """Whether a number told by a customer is such a one."""
        bare = vault.normal_number(number)
        return bare.endswith(self.end) and bare.startswith(self.start) and len(bare) >= len(self.start + self.end)


def read(typed: str) -> Part | None:
    """`5678`, `345678`, `139*5678`, `139****5678` or `139…345678`; None for anything else."""
    found = _TOLD.fullmatch(typed.strip())
    return Part(found[2], found[1] or "") if found else None


def ending(part: Part) -> list[int]:
    """Parties one of whose numbers shows these four last digits, newest first: three walks along indexes."""
    walks = " UNION ".join(_WALK.format(end=_END.format(field), rest=_ONCE.get(field, "")) for field in PARTIAL)
    values: list[Any] = [part.end[-LEAST:], MOST] * len(PARTIAL)
    with connection.cursor() as cursor:
        cursor.execute(f"{walks} ORDER BY id DESC LIMIT %s", [*values, MOST])
        return [row[0] for row in cursor.fetchall()]


def fitting(party_ids: Iterable[int], part: Part) -> Iterator[int]:
    """Those of these parties, in their order, with such a number. Compared inside, shown to nobody."""
    rest = iter(party_ids)
    while some := list(islice(rest, _CHUNK)):
        held = {
            ident: vault.open_party(key_id, bytes(sealed or b""), ident)
            for ident, key_id, sealed in Party.objects.filter(pk__in=some, sealed__isnull=False).values_list(
                "id", "key_id", "sealed"
            )
        }
        for ident in some:
            if any(part.fits(held.get(ident, {}).get(field, "")) for field in PARTIAL):
                yield ident
