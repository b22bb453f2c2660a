"""Fills a database with cases by COPY: real chains, seals, clocks and rooms' rows, without the verbs' checks.

Registering a million complaints through the verb takes half an hour; a measurement of reading needs the rows only.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from benchmarks import _fates, _province
from benchmarks._fates import Fate
from benchmarks._province import City

CHUNK = 5000
SPAN = timedelta(days=730)
"""Ended cases were registered within the last two years."""


def fill(count: int, *, open_share: float = 0.015, seed: int = 1, report: Any = None) -> None:
    """Add `count` cases; `open_share` of them are still open, in every state, a fifth of those late."""
    cities = _province.build()
    filler = Filler(cities, Random(seed), open_share)
    done = 0
    for moments in _in_chunks(filler, count):
        filler.chunk(moments)
        done += len(moments)
        if report:
            report(done, count)


def settle() -> None:
    """What autovacuum does within minutes in a database in use; then every open case is touched once, as people do."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("UPDATE cases_case SET chaser_count = chaser_count WHERE ended_at IS NULL")
        cursor.execute("ANALYZE cases_case")


def _in_chunks(filler: "Filler", count: int) -> Iterator[list[tuple[datetime, Fate]]]:
    """(moment of registration, fate) of `count` cases, oldest first, in portions: ids then follow time."""
    drawn = sorted((filler.draw() for _number in range(count)), key=lambda pair: pair[0])
    for start in range(0, count, CHUNK):
        yield drawn[start : start + CHUNK]


class Filler:
    """Holds what every case needs; one `chunk` is one transaction."""

    def __init__(self, cities: list[City], rng: Random, open_share: float) -> None:
        from benchmarks._rows import Maker
        from bihuan.kernel import clock

        self.rng, self.open_share, self.now = rng, open_share, clock.now()
        self.cities, self.weights = cities, [city.weight for city in cities]
        self.maker = Maker(rng, self.now)
        self.ended = [_fates.draw(_fates.ENDED, rng) for _number in range(150)]

    def draw(self) -> tuple[datetime, Fate]:
        """When a case was registered and what became of it until now."""
        rng = self.rng
        if rng.random() < self.open_share:
            fate = _fates.draw(_fates.OPEN, rng)
            since = min(rng.expovariate(1 / 6.0), 240.0)  # hours without a step
            return self.now - timedelta(seconds=fate.lasted + 60, hours=since), fate
        fate = rng.choice(self.ended)
        age = timedelta(seconds=fate.lasted + 60) + SPAN * rng.random()
        return self.now - age, fate

    def chunk(self, drawn: list[tuple[datetime, Fate]]) -> None:
        """Write these cases."""
        from django.db import connection, transaction

        from bihuan.intake import bulk

        first = _ids(len(drawn))
        for place, (at, fate) in enumerate(drawn):
            city = self.rng.choices(self.cities, self.weights)[0]
            self.maker.case(first + place, at, fate, city)
        batch, rooms = self.maker.taken()
        with transaction.atomic():
            bulk.copy(batch)
            with connection.cursor() as cursor:
                for table, rows in rooms.items():
                    with cursor.copy(table.copy()) as stream:
                        for row in rows:
                            stream.write_row(row)


def _ids(count: int) -> int:
    """The first of `count` fresh case ids in a row."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_case_block')")
        first = int(cursor.fetchone()[0])
        cursor.execute("SELECT setval('cases_case_block', %s)", [first + -(-count // 1000) * 1000])
    return first
