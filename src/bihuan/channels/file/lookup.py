"""What words of a file stand for: by the mapping's own table, then the usual words, then trees, areas, units."""

import re
from dataclasses import dataclass, field
from typing import Any

from bihuan.cases.scales import SCALES
from bihuan.channels.file import values
from bihuan.channels.file.layout import Layout
from bihuan.intake.context import Context
from bihuan.intake.schema import CHANNELS

TREES = {"category": "phenomenon", "dispute": "dispute", "product": "product"}
"""Field → tree its words are looked up in."""
_PARTED = re.compile(r"\s*[>＞/／\\→]\s*")
_CODES: dict[str, frozenset[str]] = {
    "channel": frozenset(CHANNELS),
    **{scale: frozenset(codes) for scale, codes in SCALES.items()},
    "relation": frozenset(("self", "on_behalf")),
}


@dataclass
class Lookup:
    """Looks words up under one layout; every word once."""

    layout: Layout
    context: Context
    _known: dict[tuple[str, str], Any] = field(default_factory=dict, init=False)

    def look_up(self, code: str, told: str) -> Any:
        """What a word of a choice stands for: own words, then trees, areas, codes; None when it is unknown."""
        key = (code, told)
        if key not in self._known:
            self._known[key] = self._find(code, told)
        return self._known[key]

    def _find(self, code: str, told: str) -> Any:
        chosen = values.chosen(code, told, dict(self.layout.values.get(code, {})))
        if code == "area":
            area = self.context.catalog.area(str(told if chosen is None else chosen))
            return str(area.id) if area else None
        if code in TREES:
            return self._node(TREES[code], str(told if chosen is None else chosen))
        if code in ("customer.level", "satisfaction"):
            number = int(told) if chosen is None and told.isdigit() else chosen
            fits = isinstance(number, int) and (0 <= number <= 7 if code == "customer.level" else 1 <= number <= 3)
            return number if fits else None
        if chosen is None and code in _CODES and told in _CODES[code]:
            return told
        return chosen

    def _node(self, tree: str, told: str) -> str | None:
        path = "/".join(part.strip() for part in _PARTED.split(told.replace(self.layout.path_separator, "/")) if part)
        catalog = self.context.catalog
        found = catalog.node(tree, told) or catalog.node(tree, path) or catalog.node(tree, path.rpartition("/")[2])
        return found.code if found and found.active else None

    def unit(self, told: str) -> int | None:
        """A unit by name or code."""
        units = self.context.units
        found = units.by_name.get(told) or units.by_code.get(told)
        return found.id if found else None
