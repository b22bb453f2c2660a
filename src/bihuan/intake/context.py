"""All that registering needs besides the complaints themselves: catalog, units, time limits, suggester, fresh ids."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from bihuan.catalog import snapshot as catalog
from bihuan.catalog.snapshot import NodeInfo, Snapshot
from bihuan.identity import book as units_book
from bihuan.identity.units import UnitBook
from bihuan.kernel.cached import PerSettings
from bihuan.sla import queries as limits
from bihuan.sla.book import PolicyBook
from bihuan.text.classify import Suggester

BLOCK = 1000


class Ids:
    """Case ids handed out from blocks of the database's sequence, without a round trip each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[range] = []

    def missing(self, count: int) -> int:
        """How many more blocks `count` ids need."""
        with self._lock:
            return max(0, -(-(count - sum(len(block) for block in self._free)) // BLOCK))

    def add(self, first: int) -> None:
        """A block taken from the sequence, named by its first id."""
        with self._lock:
            self._free.append(range(first, first + BLOCK))

    def take(self, count: int) -> Iterator[int]:
        """`count` ids; the caller has made sure there are enough."""
        with self._lock:
            while count:
                block = self._free.pop(0)
                taken, rest = block[:count], block[count:]
                if rest:
                    self._free.insert(0, rest)
                count -= len(taken)
                yield from taken


IDS = Ids()


@dataclass(frozen=True)
class Context:
    """Everything at one settings version."""

    catalog: Snapshot
    units: UnitBook
    book: PolicyBook
    suggester: Suggester
    homes: dict[tuple[int | None, int | None, int | None], int | None] = field(default_factory=dict)

    def home(self, areas: tuple[int | None, int | None, int | None]) -> int | None:
        """The service centre that answers for an area; the first that exists when none does."""
        if areas not in self.homes:
            found = self.units.answering("service_center", areas)
            if found is None:
                found = next((unit for unit in self.units.units.values() if unit.kind == "service_center"), None)
            self.homes[areas] = found.id if found else None
        return self.homes[areas]


def _keyword_node(node: NodeInfo) -> dict[str, object]:
    return {"code": node.code, "keywords": list(node.keywords), "weight": 1.0}


def _suggester() -> Suggester:
    nodes = catalog.current().nodes.values()
    return Suggester([_keyword_node(n) for n in nodes if n.tree == "phenomenon" and n.active and n.keywords])


suggester = PerSettings(_suggester, *catalog.TABLES)
"""Suggests categories by the catalog's words as they stand now."""


def load() -> Context:
    """Build the context from the database, or from what is kept of it."""
    return Context(catalog=catalog.current(), units=units_book.units(), book=limits.book(), suggester=suggester())


current = PerSettings(load, *catalog.TABLES, *units_book.units.tables, *limits.book.tables)
"""The context of the present settings version."""
