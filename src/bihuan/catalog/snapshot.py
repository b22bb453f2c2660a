"""Areas, trees and reasons as one immutable picture in memory, for everything that works through many complaints."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bihuan.catalog.models import Area, Node, Parameter, Reason
from bihuan.kernel.cached import PerSettings


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """An area with its ids from the top: `levels` is (province, city, district)."""

    id: int
    name: str
    name_en: str
    level: int
    levels: tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """A tree entry. `path` are ids, `names` names from the top down to itself."""

    id: int
    tree: str
    code: str
    name: str
    name_en: str
    level: int
    path: tuple[int, ...]
    names: tuple[str, ...]
    leaf: bool
    service_type: str
    urgency: int | None
    impact: int | None
    complexity: int | None
    dispute: str
    keywords: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class ReasonInfo:
    """A reason staff choose; `told` is what the customer hears, (zh, en)."""

    id: int
    kind: str
    code: str
    name: str
    name_en: str
    told: tuple[str, str]
    pauses: bool
    active: bool


@dataclass(frozen=True)
class Snapshot:
    """All of the catalog at one settings version."""

    areas: dict[int, AreaInfo]
    nodes: dict[int, NodeInfo]
    reasons: dict[int, ReasonInfo]
    area_names: dict[str, int] = field(default_factory=dict)
    """Unique names, and full paths such as 江苏省常州市武进区 and 常州市武进区, to ids."""
    codes: dict[tuple[str, str], int] = field(default_factory=dict)
    """(tree, code) to id; names too where they are unique in the tree."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Single values a manager may change, by code."""

    def area(self, told: str) -> AreaInfo | None:
        """An area by code, unique name, or full path; None when it is unknown or ambiguous."""
        key = told.strip().replace(" ", "").replace("/", "")
        if key.isdigit():
            return self.areas.get(int(key))
        found = self.area_names.get(key)
        return self.areas[found] if found else None

    def node(self, tree: str, told: str) -> NodeInfo | None:
        """A tree entry by code, unique name, or path of names joined by `/`."""
        found = self.codes.get((tree, told.strip()))
        return self.nodes[found] if found else None

    def reason(self, kind: str, code: str) -> ReasonInfo | None:
        """An active reason of this kind by its code."""
        return next((r for r in self.reasons.values() if r.kind == kind and r.code == code and r.active), None)


def _areas() -> tuple[dict[int, AreaInfo], dict[str, int]]:
    # Plain rows, not model objects: thousands of them are read again after every edit of a setting.
    columns = ("id", "name", "name_en", "level", "parent_id")
    rows = {row.id: row for row in Area.objects.filter(active=True).values_list(*columns, named=True)}
    areas: dict[int, AreaInfo] = {}
    named: dict[str, list[int]] = defaultdict(list)
    for row in rows.values():
        levels: list[int | None] = [None, None, None]
        chain: list[str] = []
        step = row
        while step is not None:
            if step.level <= 3:
                levels[step.level - 1] = step.id
            chain.insert(0, step.name)
            step = rows.get(step.parent_id)
        areas[row.id] = AreaInfo(row.id, row.name, row.name_en, row.level, (levels[0], levels[1], levels[2]))
        for start in range(len(chain)):
            named["".join(chain[start:])].append(row.id)
    return areas, {name: ids[0] for name, ids in named.items() if len(ids) == 1}


def _nodes() -> tuple[dict[int, NodeInfo], dict[tuple[str, str], int]]:
    rows = {row.id: row for row in Node.objects.all()}
    parents = {row.parent_id for row in rows.values() if row.active}
    nodes: dict[int, NodeInfo] = {}
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows.values():
        path = tuple(row.path) or (row.id,)
        names = tuple(rows[step].name for step in path if step in rows)
        nodes[row.id] = NodeInfo(
            row.id, row.tree, row.code, row.name, row.name_en, row.level, path, names, row.id not in parents,
            row.service_type, row.urgency, row.impact, row.complexity, row.dispute, tuple(row.keywords), row.active,
        )  # fmt: skip
        if row.active:
            named[(row.tree, row.name)].append(row.id)
            named[(row.tree, "/".join(names))].append(row.id)
    codes = {key: ids[0] for key, ids in named.items() if len(set(ids)) == 1}
    codes.update({(node.tree, node.code): node.id for node in nodes.values()})
    return nodes, codes


def load() -> Snapshot:
    """Read the whole catalog: four queries."""
    areas, area_names = _areas()
    nodes, codes = _nodes()
    reasons = {
        row.id: ReasonInfo(
            row.id, row.kind, row.code, row.name, row.name_en,
            (row.told_customer, row.told_customer_en), row.pauses, row.active,
        )
        for row in Reason.objects.all()
    }  # fmt: skip
    parameters = dict(Parameter.objects.values_list("code", "value"))
    return Snapshot(areas, nodes, reasons, area_names, codes, parameters)


TABLES = ("catalog_area", "catalog_node", "catalog_reason", "catalog_parameter")
current = PerSettings(load, *TABLES)
"""The snapshot of the present settings version."""
