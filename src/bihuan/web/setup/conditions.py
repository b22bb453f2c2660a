"""Conditions of limits and routing rules in words, and the plain lines in which a manager writes those of limits."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.appeals.rules import STATUSES
from bihuan.cases.models import Channel
from bihuan.cases.scales import WORDS, words_by_code
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.models import Area, Node
from bihuan.identity.models import Unit
from bihuan.kernel.errors import RuleError
from bihuan.sla.deadlines import NAMES
from bihuan.sla.models import Policy
from bihuan.web.setup.names import listed, named

FACTS: Mapping[str, Promise] = {
    "service_type": gettext_lazy("服务类型"),
    "urgency": gettext_lazy("紧急程度"),
    "impact": gettext_lazy("影响范围"),
    "complexity": gettext_lazy("复杂程度"),
    "category": gettext_lazy("现象分类"),
    "product": gettext_lazy("产品"),
    "channel": gettext_lazy("渠道"),
    "source_system": gettext_lazy("来源系统"),
    "customer_level": gettext_lazy("客户星级"),
    "flags": gettext_lazy("标记"),
    "province": gettext_lazy("省份"),
    "area": gettext_lazy("地区"),
    "area_level": gettext_lazy("地区级别"),
    "level": gettext_lazy("客户星级"),
    "unit_kind": gettext_lazy("部门类型"),
    "rural": gettext_lazy("农村"),
    "routed": gettext_lazy("派单档次"),
    "appeal_body": gettext_lazy("转办单位"),
    "appeal_status": gettext_lazy("申诉状态"),
    "owner": gettext_lazy("时限对谁"),
    "policy": gettext_lazy("时限"),
    "family": gettext_lazy("时限族"),
    "work": gettext_lazy("子任务"),
}
ROUTING: Mapping[str, Promise] = {
    "text": gettext_lazy("内容含"),
    "hours": gettext_lazy("登记时段"),
    "weekdays": gettext_lazy("登记于"),
}
"""What only routing rules ask for."""
FLAGS: Mapping[str, Promise] = {
    "security": gettext_lazy("信息安全"),
    "threatens_regulator": gettext_lazy("扬言找监管"),
    "threatens_exposure": gettext_lazy("扬言曝光"),
    "above_level": gettext_lazy("越级投诉"),
    "major": gettext_lazy("重大"),
    "not_accepted": gettext_lazy("不认可答复"),
    "urgent": gettext_lazy("紧急"),
    "conflict": gettext_lazy("纠纷"),
    "supervised": gettext_lazy("在督办"),
}
WEEKDAYS: Mapping[int, Promise] = {
    1: gettext_lazy("周一"), 2: gettext_lazy("周二"), 3: gettext_lazy("周三"), 4: gettext_lazy("周四"),
    5: gettext_lazy("周五"), 6: gettext_lazy("周六"), 7: gettext_lazy("周日"),
}  # fmt: skip
URGENCY_NUMBERS = WORDS["urgency"]
_VALUES: Mapping[str, Mapping[Any, Any]] = {
    "service_type": dict(Node.ServiceType.choices),
    "urgency": {**words_by_code("urgency"), **WORDS["urgency"]},
    "impact": words_by_code("impact"),
    "complexity": words_by_code("complexity"),
    "channel": dict(Channel.choices),
    "flags": FLAGS,
    "area_level": dict(Area.Level.choices),
    "weekdays": WEEKDAYS,
    "unit_kind": dict(Unit.Kind.choices),
    "appeal_status": {code: status.name for code, status in STATUSES.items()},
    "owner": {**dict(Policy.Owner.choices), "work": gettext_lazy("子任务的期限")},
    "work": NAMES,
    "family": {"resolve": gettext_lazy("办结时限")},
}  # fmt: skip


_OF_LEVELS = frozenset({"owner", "policy", "family", "work"})
"""Facts only the escalation procedure knows, never a limit."""
_CODES = ("appeal_body", "category", "product", "policy", "family")
"""Facts whose values are codes, digits or not."""


def told(conditions: Mapping[str, Any]) -> list[str]:
    """One phrase a condition: `服务类型：故障、投诉`, `客户星级 ≥ 5`. Empty when there are none."""
    return [_phrase(key, value) for key, value in conditions.items()]


def _phrase(key: str, value: Any) -> str:
    fact, _bar, operator = key.partition("__")
    if fact.endswith("_at_least"):
        fact, operator = fact.removesuffix("_at_least"), "gte"
    values = value if isinstance(value, list | tuple) else [value]
    shown = listed(value_words(fact, one) for one in values)
    phrase = {"not": _("%(fact)s不是 %(values)s"), "gte": _("%(fact)s ≥ %(values)s"), "lte": _("%(fact)s ≤ %(values)s")}
    label = str(FACTS.get(fact) or ROUTING.get(fact) or fact)
    return phrase.get(operator, _("%(fact)s：%(values)s")) % {"fact": label, "values": shown}


def value_words(fact: str, value: Any) -> str:
    """One value of a fact as people read it."""
    if fact in {"category", "product"}:
        tree = "phenomenon" if fact == "category" else "product"
        node = catalog.current().node(tree, str(value))
        return f"{named(node)} {value}" if node else str(value)
    if fact in {"province", "area"}:
        area = catalog.current().areas.get(value)
        return named(area) if area else str(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(_VALUES.get(fact, {}).get(value, value))


def write_lines(sets: Iterable[Mapping[str, Any]]) -> str:
    """Condition sets as lines: `service_type=fault; urgency=major,urgent`, one set a line."""
    return "\n".join("; ".join(f"{key}={_joined(value)}" for key, value in one.items()) for one in sets)


def _joined(value: Any) -> str:
    values = value if isinstance(value, list | tuple) else [value]
    return ",".join(str(one).lower() if isinstance(one, bool) else str(one) for one in values)


def read_lines(text: str, field: str) -> list[dict[str, Any]]:
    """The inverse of `write_lines`; a fact nobody knows is refused, so that a typing error never means "never"."""
    sets = []
    for line in text.splitlines():
        if line.strip():
            sets.append(dict(_read(part, field) for part in re.split(r"[;；]", line) if part.strip()))
    return sets


def _read(part: str, field: str) -> tuple[str, Any]:
    key, equals, values = (piece.strip() for piece in part.partition("="))
    fact, _bar, operator = key.partition("__")
    if not equals or fact not in FACTS or fact in _OF_LEVELS or not values:
        raise RuleError(
            "condition.unreadable",
            _("条件“%s”无法识别，请写成 事实=值，如 service_type=fault。") % part.strip(),
            field=field,
        )
    plain = str if fact in _CODES else _value  # 12300 is the name of a body, not a number
    read = [plain(one.strip()) for one in re.split(r"[,，]", values) if one.strip()]
    return key, read[0] if operator in {"gte", "lte"} else read


def _value(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text
