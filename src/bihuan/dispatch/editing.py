"""Changing routing rules. Every edit makes a new version of the whole set and keeps the old: a dispatch names its version.

A new version waits: it can be tried against the last weeks' cases before it is switched on.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.cases.models import Channel
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.models import Node
from bihuan.dispatch.models import Rule, RuleSet
from bihuan.dispatch.rules import CONDITIONS
from bihuan.identity import book as units
from bihuan.identity.models import Staff, Unit
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.kernel.history import edited_by

FIELDS = ("code", "conditions", "target", "priority", "demands", "demands_en", "reason", "reason_en", "active")
"""What a rule is, apart from its place."""
Rules = list[dict[str, Any]]
_BOUNDS = {"level_at_least": (0, 7), "urgency_at_least": (1, 4), "area_level_at_least": (1, 4)}
_TREES = {"category": "phenomenon", "product": "product"}


def latest(code: str) -> RuleSet:
    """The newest version of a set; `NotFound` for a set nobody knows."""
    found = RuleSet.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise NotFound("rule_set")
    return found


def put_rule(code: str, fields: Mapping[str, Any], seen: int, by: int | None) -> RuleSet:
    """Change the rule with this `code` in `fields`, or add it before the last one. `seen`: the version looked at."""
    rule = {name: fields[name] for name in FIELDS if name in fields}
    check(rule)

    def changed(rules: Rules) -> Rules:
        if any(one["code"] == rule["code"] for one in rules):
            return [{**one, **rule} if one["code"] == rule["code"] else one for one in rules]
        # the last rule is the one for everything else: behind it a new one would never be asked
        return [*rules[:-1], {**_EMPTY, **rule}, *rules[-1:]]

    return _next(code, seen, changed, by)


def drop_rule(code: str, rule_code: str, seen: int, by: int | None) -> RuleSet:
    """Leave a rule out of the next version."""
    return _next(code, seen, lambda rules: [one for one in rules if one["code"] != rule_code], by)


def move_rule(code: str, rule_code: str, up: bool, seen: int, by: int | None) -> RuleSet:
    """Ask a rule one place earlier or later."""

    def moved(rules: Rules) -> Rules:
        place = next((n for n, one in enumerate(rules) if one["code"] == rule_code), -1)
        other = place + (-1 if up else 1)
        if place < 0 or not 0 <= other < len(rules):
            return rules
        order = list(rules)
        order[place], order[other] = order[other], order[place]
        return order

    return _next(code, seen, moved, by)


def go_back(code: str, version: int, seen: int, by: int | None) -> RuleSet:
    """A new version with the rules of an old one."""
    old = RuleSet.objects.filter(code=code, version=version).first()
    if old is None:
        raise NotFound("rule_set")
    rules = plain_rules(old)
    for rule in rules:
        check(rule)
    return _next(code, seen, lambda _present: rules, by)


def switch(code: str, by: int | None) -> RuleSet:
    """Dispatch by this set from now on; exactly one is active."""
    with edited_by(by):
        chosen = RuleSet.objects.select_for_update().get(pk=latest(code).pk)
        if not chosen.rules.filter(active=True).exists():
            raise Conflict("rule_set.empty", _("这个规则集没有启用的规则，不能使用。"))
        RuleSet.objects.filter(active=True).exclude(pk=chosen.pk).update(active=False)
        chosen.active = True
        chosen.save(update_fields=["active"])
    return chosen


def in_force(code: str) -> RuleSet | None:
    """The version of this set that dispatches at present; None when another set does."""
    return RuleSet.objects.filter(code=code, active=True).first()


def plain_rules(rule_set: RuleSet) -> Rules:
    """The rules of a set in order, as plain values of `FIELDS`."""
    return [{name: getattr(rule, name) for name in FIELDS} for rule in rule_set.rules.order_by("position")]


_EMPTY: dict[str, Any] = {
    "conditions": {}, "priority": None, "demands": "", "demands_en": "", "reason": "", "reason_en": "", "active": True,
}  # fmt: skip


def _next(code: str, seen: int, change: Callable[[Rules], Rules], by: int | None) -> RuleSet:
    with edited_by(by):
        versions = list(RuleSet.objects.select_for_update().filter(code=code))
        old = max(versions, key=lambda one: one.version, default=None)
        if old is None:
            raise NotFound("rule_set")
        if old.version != seen:
            raise Conflict("rule_set.outdated", _("规则集已有更新的版本，请刷新后再改。"))
        rules, before = change(plain_rules(old)), plain_rules(old)
        if rules == before:
            return old
        if not rules:
            raise RuleError("rule_set.empty", _("规则集至少要有一条规则。"))
        number = RuleSet.objects.filter(code=code).aggregate(top=Max("version"))["top"] + 1
        # what dispatches goes on dispatching until the new version is switched on
        made = RuleSet.objects.create(code=code, version=number, name=old.name, name_en=old.name_en)
        Rule.objects.bulk_create(
            [Rule(rule_set=made, position=place * 10, **rule) for place, rule in enumerate(rules, 1)]
        )
    return made


def check(rule: Mapping[str, Any]) -> None:
    """Refuses a rule that could never fit or would send complaints nowhere; the messages name the field."""
    if not str(rule.get("code", "")).strip():
        raise RuleError("rule.code", _("请填写规则的代码。"), field="code")
    for key, wanted in dict(rule.get("conditions") or {}).items():
        if key not in CONDITIONS:
            raise RuleError("rule.condition", _("没有“%s”这种条件。") % key, field="conditions")
        _check_condition(key, wanted)
    priority = rule.get("priority")
    if priority is not None and not 1 <= priority <= 5:
        raise RuleError("rule.priority", _("优先级为 1（最高）到 5。"), field="priority")
    _check_target(rule.get("target") or {})


def _check_condition(key: str, wanted: Any) -> None:
    if key in _BOUNDS:
        low, high = _BOUNDS[key]
        if isinstance(wanted, bool) or not isinstance(wanted, int) or not low <= wanted <= high:
            raise RuleError("rule.bound", _("请填 %(low)d 到 %(high)d 的数。") % {"low": low, "high": high}, field=key)
        return
    if key == "hours":
        _check_hours(wanted)
        return
    if not isinstance(wanted, list) or not wanted:
        raise RuleError("rule.empty", _("条件至少要有一个值。"), field=key)
    unknown = [one for one in wanted if not _known(key, one)]
    if unknown:
        raise RuleError("rule.unknown", _("没有找到“%s”，请从列表中选择。") % unknown[0], field=key)


def _check_hours(wanted: Any) -> None:
    for span in wanted if isinstance(wanted, list) and wanted else [""]:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", str(span)):
            raise RuleError("rule.hours", _("时段写成 18:00-08:00，多个用空格隔开。"), field="hours")


def _known(key: str, value: Any) -> bool:
    if key in _TREES:
        book = catalog.current()
        found = book.nodes.get(book.codes.get((_TREES[key], str(value)), 0))
        return found is not None and found.code == value
    if key == "area":
        return value in catalog.current().areas
    if key == "weekdays":
        return value in range(1, 8)
    if key == "channel":
        return value in Channel.values
    return value in Node.ServiceType.values if key == "service_type" else bool(str(value).strip())


def _check_target(target: Mapping[str, Any]) -> None:
    if target.get("staff"):
        unit = units.units().by_code.get(str(target.get("unit", "")))
        if unit is None or not Staff.objects.filter(username=target["staff"], unit_id=unit.id, is_active=True).exists():
            raise RuleError("rule.staff", _("指定责任人时要派给她所在的那个部门。"), field="staff")
    if target.get("unit"):
        if str(target["unit"]) not in units.units().by_code:
            raise RuleError("rule.target", _("派往的部门不存在或已停用。"), field="target")
    elif target.get("kind") not in Unit.Kind.values:
        raise RuleError("rule.target", _("请选择派给哪个部门。"), field="target")
