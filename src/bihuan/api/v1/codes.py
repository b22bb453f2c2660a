"""The codes a client needs: areas, trees, units, reasons. Handlers."""

from functools import partial

from django.utils.translation import gettext as _

from bihuan.api.v1.inputs import AreasOf, ReasonsOf
from bihuan.api.v1.operation import Answer, Call
from bihuan.api.v1.shapes import AreaOut, Areas, NodeOut, Nodes, ReasonOut, Reasons, UnitOut, Units
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.snapshot import AreaInfo, Snapshot
from bihuan.identity import book as units
from bihuan.kernel.errors import RuleError


def areas(call: Call) -> Answer:
    """Areas in use, by code."""
    wanted: AreasOf = call.query
    snapshot = catalog.current()
    top = _area(snapshot, wanted.parent) if wanted.parent else None
    found = [
        AreaOut(code=str(a.id), name=a.name, name_en=a.name_en, level=a.level, parent=_above(a))
        for a in sorted(snapshot.areas.values(), key=lambda area: area.id)
        if (top is None or _above(a) == str(top.id)) and wanted.level in (None, a.level)
    ]
    return Answer(Areas(items=found))


def _area(snapshot: Snapshot, code: str) -> AreaInfo:
    found = snapshot.areas.get(int(code)) if code.isascii() and code.isdigit() else None
    if found is None:
        raise RuleError("parent.unknown", _("没有这个区域代码，请核对。"), field="parent")
    return found


def _above(area: AreaInfo) -> str | None:
    """The code of the area it lies in: the next higher level that is known."""
    higher = [level for level in area.levels[: area.level - 1] if level is not None]
    return str(higher[-1]) if higher else None


def _tree(tree: str, call: Call) -> Answer:
    nodes = catalog.current().nodes
    found = [node for node in nodes.values() if node.tree == tree and node.active]
    return Answer(
        Nodes(
            items=[
                NodeOut(
                    code=node.code,
                    name=node.name,
                    name_en=node.name_en,
                    level=node.level,
                    parent=nodes[node.path[-2]].code if len(node.path) > 1 else None,
                    leaf=node.leaf,
                )
                for node in sorted(found, key=lambda node: (node.level, node.code))
            ]
        )
    )


categories = partial(_tree, "phenomenon")
products = partial(_tree, "product")
causes = partial(_tree, "cause")
disputes = partial(_tree, "dispute")


def unit_list(call: Call) -> Answer:
    """Units in use."""
    book = units.units()
    return Answer(
        Units(
            items=[
                UnitOut(
                    code=unit.code,
                    name=unit.name,
                    name_en=unit.name_en,
                    kind=unit.kind,
                    parent=book.units[unit.parent_id].code if unit.parent_id in book.units else None,
                )
                for unit in sorted(book.units.values(), key=lambda unit: unit.code)
            ]
        )
    )


def reasons(call: Call) -> Answer:
    """Reasons in use, of one kind or all."""
    wanted: ReasonsOf = call.query
    found = [
        reason for reason in catalog.current().reasons.values() if reason.active and wanted.kind in ("", reason.kind)
    ]
    return Answer(
        Reasons(
            items=[
                ReasonOut(kind=r.kind, code=r.code, name=r.name, name_en=r.name_en, pauses=r.pauses)
                for r in sorted(found, key=lambda reason: (reason.kind, reason.code))
            ]
        )
    )
