"""Puts the shipped areas, trees and reasons into the database; what is already there is left as it is."""

from django.db import transaction

from bihuan.catalog import shipped
from bihuan.catalog.models import Area, Node, Parameter, Reason
from bihuan.catalog.pinyin import initials

_PARAMETERS = (
    (
        "repeat_days",
        30,
        "多少天内同一号码同类投诉算重复投诉",
        "Days within which the same line and cause count as a repeat",
    ),
    ("auto_dispatch", False, "受理后按规则自动派单", "Dispatch by rule as soon as a complaint is accepted"),
    (
        "first_reply_hours",
        48,
        "首次回复及时率按多少小时计算",
        "Hours within which a first reply counts as in time in the figures",
    ),
    (
        "vip_level",
        6,
        "客户星级从几星起进贵宾队列（5 至 7）",
        "Customer level from which complaints go to the VIP queue (5–7)",
    ),
    (
        "confirmation_hours",
        24,
        "短信、邮件答复几小时内要有客户确认",
        "Hours within which an answer by SMS or e-mail is to be confirmed by the customer",
    ),
    ("ownership_hours", 8, "归属争议几小时内裁定", "Hours within which a dispute over ownership is ruled"),
)
"""Code, value, name, English name of single values a manager may change."""


def seed() -> dict[str, int]:
    """Adds every shipped row whose code is missing, in one transaction; edited rows are never touched.

    Returns how many rows were added by table: {areas, nodes, reasons, parameters}. Running it twice adds nothing.
    """
    with transaction.atomic():
        return {
            "areas": _areas(),
            "nodes": sum(_tree(tree) for tree in shipped.TREES),
            "reasons": _reasons(),
            "parameters": _parameters(),
        }


def _areas() -> int:
    known = set(Area.objects.values_list("id", flat=True))
    missing = [area for area in shipped.areas() if area.id not in known]
    Area.objects.bulk_create(
        [
            Area(
                id=area.id,
                name=area.name,
                name_en=area.name_en,
                initials=area.initials,
                level=area.level,
                parent_id=area.parent or None,
            )
            for area in missing
        ],
        batch_size=1000,
    )
    return len(missing)


def _tree(tree: str) -> int:
    """One tree, level by level, because a node's path holds the ids above it."""
    known = {node.code: node for node in Node.objects.filter(tree=tree)}
    missing = [node for node in shipped.nodes(tree) if node.code not in known]
    for level in range(1, shipped.DEPTHS[tree] + 1):
        rows = [_node(node, known.get(node.parent)) for node in missing if node.level == level]
        Node.objects.bulk_create(rows)
        for row in rows:
            row.path = [*(row.parent.path if row.parent else []), row.pk]
            known[row.code] = row
        Node.objects.bulk_update(rows, ["path"])
    return len(missing)


def _node(node: shipped.ShippedNode, parent: Node | None) -> Node:
    return Node(
        tree=node.tree,
        code=node.code,
        name=node.name,
        name_en=node.name_en,
        initials=initials(node.name),
        parent=parent,
        level=node.level,
        position=node.position,
        service_type=node.service_type,
        urgency=node.urgency or None,
        impact=node.impact or None,
        complexity=node.complexity or None,
        dispute=node.dispute,
        keywords=list(node.keywords),
    )


def _reasons() -> int:
    known = set(Reason.objects.values_list("kind", "code"))
    missing = [reason for reason in shipped.reasons() if (reason.kind, reason.code) not in known]
    Reason.objects.bulk_create([Reason(**vars(reason)) for reason in missing])
    return len(missing)


def _parameters() -> int:
    known = set(Parameter.objects.values_list("code", flat=True))
    rows = [
        Parameter(code=code, value=value, name=name, name_en=name_en)
        for code, value, name, name_en in _PARAMETERS
        if code not in known
    ]
    Parameter.objects.bulk_create(rows)
    return len(rows)
