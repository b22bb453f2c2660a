"""Changing areas, trees, reasons, parameters and subscriber counts. Nothing is ever deleted: what is retired stays
readable in old complaints. Each verb is one transaction booked to `by` (staff id)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.catalog import shipped
from bihuan.catalog.models import Area, Node, Parameter, Reason, Subscribers
from bihuan.catalog.pinyin import initials
from bihuan.identity.models import Unit
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.kernel.history import edited_by

AREA_FIELDS = ("name", "name_en")
NODE_FIELDS = ("name", "name_en", "position", "service_type", "urgency", "impact", "complexity", "dispute", "keywords")
REASON_FIELDS = ("name", "name_en", "told_customer", "told_customer_en", "pauses")
_CODE = re.compile(r"[A-Za-z0-9_]{1,24}")
_MOST_KEYWORDS = 60


def edit_area(area_id: int, fields: Mapping[str, Any], by: int | None) -> Area:
    """Rename an area; its pinyin initials follow."""
    with edited_by(by):
        row = _area(area_id)
        for name in set(fields) & set(AREA_FIELDS):
            setattr(row, name, str(fields[name]).strip())
        _named(row.name)
        row.initials = initials(row.name)
        row.save(update_fields=["name", "name_en", "initials"])
    return row


def add_grid(parent_id: int, name: str, name_en: str, by: int | None) -> Area:
    """A grid below a district; its number is the district's with three digits more."""
    with edited_by(by):
        parent = _area(parent_id)
        if parent.level != Area.Level.DISTRICT:
            raise RuleError("area.parent", _("网格只能建在区县下面。"), field="parent")
        _named(name)
        if Area.objects.filter(parent=parent, name=name.strip()).exists():
            raise Conflict("area.exists", _("这个区县下已有同名的网格。"), field="name")
        last = Area.objects.filter(parent=parent).aggregate(top=Max("id"))["top"] or parent.pk * 1000
        if last >= parent.pk * 1000 + 999:
            raise Conflict("area.full", _("一个区县最多 999 个网格。"))
        return Area.objects.create(
            id=last + 1,
            name=name.strip(),
            name_en=name_en.strip(),
            initials=initials(name.strip()),
            level=Area.Level.GRID,
            parent=parent,
        )


def switch_area(area_id: int, active: bool, by: int | None) -> Area:
    """Take an area out of use or put it back; not while units answer for it or areas below are in use."""
    with edited_by(by):
        row = _area(area_id)
        if active and row.parent is not None and not row.parent.active:
            raise Conflict("area.parent_closed", _("上级地区已停用，请先启用上级。"))
        if not active and Area.objects.filter(parent=row, active=True).exists():
            raise Conflict("area.has_areas", _("下面还有在用的地区，请先停用它们。"))
        if not active and Unit.objects.filter(area_id=row.pk, active=True).exists():
            raise Conflict("area.has_units", _("还有部门负责这个地区，请先调整部门。"))
        row.active = active
        row.save(update_fields=["active"])
    return row


def add_node(tree: str, parent_id: int | None, code: str, fields: Mapping[str, Any], by: int | None) -> Node:
    """A new entry of a tree. Its code begins with its parent's, because rules and limits select by that beginning."""
    code = code.strip()
    if tree not in Node.Tree.values:
        raise NotFound("tree")
    if not _CODE.fullmatch(code):
        raise RuleError("node.code", _("代码用字母和数字，最多 24 个。"), field="code")
    with edited_by(by):
        if Node.objects.filter(tree=tree, code=code).exists():
            raise Conflict("node.exists", _("这棵树里已有代码“%s”。") % code, field="code")
        parent = Node.objects.filter(pk=parent_id, tree=tree).first() if parent_id else None
        if parent_id and (parent is None or not parent.active):
            raise RuleError("node.parent", _("上级应是这棵树里在用的条目。"), field="parent")
        level = parent.level + 1 if parent else 1
        if level > shipped.DEPTHS[tree]:
            raise RuleError("node.depth", _("这棵树最多 %d 层。") % shipped.DEPTHS[tree], field="parent")
        if parent is not None and not (code.startswith(parent.code) and code != parent.code):
            raise RuleError("node.prefix", _("代码要以上级的代码“%s”开头。") % parent.code, field="code")
        row = Node(tree=tree, code=code, parent=parent, level=level)
        _set_node(row, fields)
        row.save()
        row.path = [*(parent.path if parent else []), row.pk]
        row.save(update_fields=["path"])
    return row


def edit_node(node_id: int, fields: Mapping[str, Any], by: int | None) -> Node:
    """Change an entry's name, defaults and keywords; code and place stay, because complaints are booked under them."""
    with edited_by(by):
        row = _node(node_id)
        _set_node(row, fields)
        row.save()
    return row


def switch_node(node_id: int, active: bool, by: int | None) -> Node:
    """Retire an entry (nobody can choose it any more) or bring it back."""
    with edited_by(by):
        row = _node(node_id)
        if active and row.parent is not None and not row.parent.active:
            raise Conflict("node.parent_closed", _("上级条目已停用，请先启用上级。"))
        if not active and Node.objects.filter(parent=row, active=True).exists():
            raise Conflict("node.has_nodes", _("下面还有在用的条目，请先停用它们。"))
        row.active = active
        row.save(update_fields=["active"])
    return row


def next_code(tree: str, parent: Node | None) -> str:
    """A free code below a parent: hers with the next number, as wide as her other children's."""
    codes = list(Node.objects.filter(tree=tree, parent=parent).values_list("code", flat=True))
    start = parent.code if parent else ""
    tails = [code[len(start) :] for code in codes if code.startswith(start) and code[len(start) :].isdigit()]
    width = max((len(tail) for tail in tails), default=2)
    number = max((int(tail) for tail in tails), default=0) + 1
    return f"{start}{number:0{width}d}"


def add_reason(kind: str, code: str, fields: Mapping[str, Any], by: int | None) -> Reason:
    """A reason more for staff to choose from."""
    code = code.strip()
    if kind not in Reason.Kind.values:
        raise RuleError("reason.kind", _("请选择原因用在哪里。"), field="kind")
    if not _CODE.fullmatch(code):
        raise RuleError("reason.code", _("代码用字母、数字和下划线，最多 24 个。"), field="code")
    with edited_by(by):
        if Reason.objects.filter(kind=kind, code=code).exists():
            raise Conflict("reason.exists", _("已有代码为“%s”的原因。") % code, field="code")
        row = Reason(kind=kind, code=code)
        _set_reason(row, fields)
        row.save()
    return row


def edit_reason(reason_id: int, fields: Mapping[str, Any], by: int | None) -> Reason:
    """Change its words, what the customer is told, and whether clocks pause."""
    with edited_by(by):
        row = _found(Reason.objects.select_for_update().filter(pk=reason_id).first(), "reason")
        _set_reason(row, fields)
        row.save()
    return row


def switch_reason(reason_id: int, active: bool, by: int | None) -> Reason:
    """Offer a reason or offer it no more; of each kind one stays."""
    with edited_by(by):
        row = _found(Reason.objects.select_for_update().filter(pk=reason_id).first(), "reason")
        if not active and not Reason.objects.filter(kind=row.kind, active=True).exclude(pk=row.pk).exists():
            raise Conflict("reason.last", _("这是该类最后一个在用的原因，不能停用。"))
        row.active = active
        row.save(update_fields=["active"])
    return row


def set_parameter(code: str, value: Any, by: int | None) -> Parameter:
    """A new value of the same kind: yes or no, a whole number not below nothing, or a text."""
    with edited_by(by):
        row = _found(Parameter.objects.select_for_update().filter(code=code).first(), "parameter")
        if isinstance(row.value, bool):
            fits = isinstance(value, bool)
        elif isinstance(row.value, int):
            fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000
        else:
            fits = isinstance(value, str)
        if not fits:
            raise RuleError("parameter.value", _("请填写 0 到 100000 的整数。"), field="value")
        row.value = value
        row.save(update_fields=["value"])
    return row


def set_subscribers(rows: Iterable[tuple[int, int | None, date, int | None]], by: int | None) -> int:
    """Counts by (area id, product id or None for all, month's first day, count); None takes a count away.

    Only what differs is written; answers how many rows that were.
    """
    told = {(area, product, month): count for area, product, month, count in rows}
    if any(count is not None and not 0 <= count <= 2_000_000_000 for count in told.values()):
        raise RuleError("subscribers.count", _("用户数应是 0 到 20 亿的整数。"), field="count")
    if any(month.day != 1 for _area_id, _product, month in told):
        raise RuleError("subscribers.month", _("月份应是某月 1 日。"), field="month")
    with edited_by(by):
        months = {month for _area_id, _product, month in told}
        held = {
            (row.area_id, row.product_id, row.month): row
            for row in Subscribers.objects.select_for_update(of=("self",)).filter(month__in=months)
        }
        changed = 0
        for key, count in told.items():
            row = held.get(key)
            if count is None and row is not None:
                row.delete()
            elif count is not None and row is None:
                Subscribers.objects.create(area_id=key[0], product_id=key[1], month=key[2], count=count)
            elif count is not None and row is not None and row.count != count:
                row.count = count
                row.save(update_fields=["count"])
            else:
                continue
            changed += 1
    return changed


def _found(row: Any, what: str) -> Any:
    if row is None:
        raise NotFound(what)
    return row


def _area(area_id: int) -> Area:
    found: Area = _found(Area.objects.select_for_update(of=("self",)).filter(pk=area_id).first(), "area")
    return found


def _node(node_id: int) -> Node:
    found: Node = _found(Node.objects.select_for_update(of=("self",)).filter(pk=node_id).first(), "node")
    return found


def _named(name: str) -> None:
    if not name.strip():
        raise RuleError("name.empty", _("请填写名称。"), field="name")


def _set_node(row: Node, fields: Mapping[str, Any]) -> None:
    for name in set(fields) & set(NODE_FIELDS):
        value = fields[name]
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _named(row.name)
    row.initials = initials(row.name)
    row.keywords = list(dict.fromkeys(word.strip() for word in row.keywords if word.strip()))
    if len(row.keywords) > _MOST_KEYWORDS:
        raise RuleError("node.keywords", _("一个条目最多 %d 个关键词。") % _MOST_KEYWORDS, field="keywords")
    if row.dispute and not Node.objects.filter(tree=Node.Tree.DISPUTE, code=row.dispute, active=True).exists():
        raise RuleError("node.dispute", _("没有这个争议类型，请从列表中选择。"), field="dispute")
    for name, most in (("urgency", 4), ("impact", 4), ("complexity", 3)):
        value = getattr(row, name)
        if value is not None and not 1 <= value <= most:
            raise RuleError("node.scale", _("请从列表中选择。"), field=name)


def _set_reason(row: Reason, fields: Mapping[str, Any]) -> None:
    for name in set(fields) & set(REASON_FIELDS):
        value = fields[name]
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _named(row.name)
    if row.kind == Reason.Kind.DECLINE and not row.told_customer:
        raise RuleError("reason.told", _("不予受理的原因必须写明告知客户的话。"), field="told_customer")
    if row.pauses and row.kind != Reason.Kind.WAITING:
        raise RuleError("reason.pauses", _("只有挂起的原因可以暂停计时。"), field="pauses")
