"""From what came in to what will be written: check, clean, take out personal data, classify, set clocks. Pure but for ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases.priority import with_major
from bihuan.cases.scales import CODES, COMPLEXITIES, IMPACTS, URGENCIES
from bihuan.catalog.snapshot import AreaInfo, NodeInfo
from bihuan.intake.context import Context
from bihuan.intake.schema import CHANNELS, MAX_CONTENT, ComplaintIn, Past
from bihuan.kernel.errors import RuleError
from bihuan.text import personal
from bihuan.text.classify import urgency_hint
from bihuan.text.clean import clean

_EARLIEST_YEAR = 1990
_SKEW = timedelta(minutes=5)


@dataclass(slots=True)
class Checked:
    """One complaint after all checks: plain columns, what goes into the vault, and what its clocks ask about."""

    complaint: ComplaintIn
    columns: dict[str, Any]
    fields: dict[str, str]
    tokens: dict[str, tuple[str, str]]
    area: AreaInfo | None
    category: NodeInfo | None
    flags: list[str]
    level: int
    reasons: dict[str, Any] = field(default_factory=dict)
    reply: str = ""
    """The answer an order with a past was given, personal numbers taken out."""

    @property
    def areas(self) -> tuple[int | None, int | None, int | None]:
        """(province, city, district), as far as known."""
        return self.area.levels if self.area else (None, None, None)


def check(complaint: ComplaintIn, context: Context, now: datetime, past: Past | None = None) -> Checked:
    """Everything that can be refused is refused here, with field, reason and remedy; nothing is written.

    An order that `past` says is finished needs no contact: nobody has to be called any more.
    """
    tokens: dict[str, tuple[str, str]] = {}
    columns = _texts(complaint, tokens)
    columns["extra"] = _extra(complaint.extra, tokens)
    columns["channel"] = _choice("channel", complaint.channel, CHANNELS)
    columns["occurred_at"] = _occurred(complaint.occurred_at, now)
    fields = _personal(complaint)
    finished = past is not None and past.finished
    if not finished and not fields["phone"] and not fields["other_contact"]:
        raise RuleError(
            "customer.unreachable", _("请至少填写一个联系方式：手机号或其他联系方式。"), field="customer.phone"
        )
    area = _area(complaint.area, context)
    category = _node("phenomenon", "category", complaint.category, context)
    flags, reasons = _flags(columns["content"])
    checked = Checked(complaint, columns, fields, tokens, area, category, flags, complaint.customer.level, reasons)
    if past is not None and past.reply:
        checked.reply = without_numbers(clean(past.reply, MAX_CONTENT, "reply", multiline=True), tokens)
    _classify(checked, context, suggest=not (finished and category))
    _place(checked)
    checked.flags = with_major(checked.flags, columns["urgency"], columns["impact"])
    return checked


_LINES = (("source_system", 64), ("source_number", 64), ("called_hotline", 32), ("frequency", 200), ("terminal", 200))


def _texts(complaint: ComplaintIn, tokens: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Plain columns; numbers of persons found in free text are taken out into `tokens`."""
    columns: dict[str, Any] = {
        name: clean(value, limit, name) if (value := getattr(complaint, name)) else "" for name, limit in _LINES
    }
    content = clean(complaint.content, MAX_CONTENT, "content", multiline=True)
    if not content:
        raise RuleError("content.empty", _("请写明投诉内容：发生了什么、在哪里、什么时候。"), field="content")
    columns["content"] = without_numbers(content, tokens)
    demand = clean(complaint.demand, 4000, "demand", multiline=True) if complaint.demand else ""
    columns["demand"] = without_numbers(demand, tokens) if demand else ""
    columns["relation"] = complaint.relation
    if bool(columns["source_number"]) and not columns["source_system"]:
        raise RuleError("source_system.missing", _("给出来源单号时也要给出来源系统的名称。"), field="source_system")
    return columns


def without_numbers(text: str, tokens: dict[str, tuple[str, str]]) -> str:
    """The text with personal numbers replaced by vault tokens, which are added to `tokens` as {token: (kind, value)}."""
    if personal.harmless(text):
        return text
    cleaned, found = personal.replace(text, personal.numbering(tokens))
    for token, kind, value in found:
        tokens[token] = (kind, value)
    return cleaned


@lru_cache(maxsize=2048)
def _key(told: str) -> str:
    """The name of a further field; the same few stand in every row of a file."""
    return clean(told, 64, "extra")


def _extra(extra: Mapping[str, Any], tokens: dict[str, tuple[str, str]]) -> dict[str, Any]:
    if not extra:
        return {}
    if len(extra) > 50:
        raise RuleError("extra.too_many", _("附加字段最多 50 个，请减少。"), field="extra")
    kept: dict[str, Any] = {}
    for key, value in extra.items():
        name = _key(key)
        if isinstance(value, str) and not (len(value) < 5 and value.isalnum()):  # too short for a number of anyone
            value = without_numbers(clean(value, 2000, f"extra.{name}", multiline=True), tokens)
        kept[name] = value
    return kept


_OF_CUSTOMER = (
    ("name", 100, "customer.name"),
    ("identity_number", 40, "customer.identity_number"),
    ("phone", 32, "customer.phone"),
    ("other_contact", 100, "customer.other_contact"),
)
_OF_COMPLAINT = (
    ("address", 500, "address"),
    ("complained_number", 64, "complained_number"),
    ("calling_number", 32, "calling_number"),
    ("called_number", 32, "called_number"),
)


def _personal(complaint: ComplaintIn) -> dict[str, str]:
    fields: dict[str, str] = {}
    for owner, group in ((complaint.customer, _OF_CUSTOMER), (complaint, _OF_COMPLAINT)):
        for key, limit, name in group:
            value = getattr(owner, key)
            fields[key] = clean(value, limit, name) if value else ""
    _check_phone(fields["phone"], "customer.phone")
    _check_phone(fields["calling_number"], "calling_number")
    _check_phone(fields["called_number"], "called_number")
    return fields


def _check_phone(value: str, name: str) -> None:
    if not value or (value.isdigit() and value.isascii() and 3 <= len(value) <= 20):
        return
    digits = sum(mark.isdigit() for mark in value)
    if not 3 <= digits <= 20 or any(not (mark.isdigit() or mark in "+-() －*#转") for mark in value):
        raise RuleError("phone.malformed", _("这不像电话号码：请填 3 至 20 位数字，可带 +、-、空格。"), field=name)


def _choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value in choices:
        return value
    raise RuleError(
        f"{name}.unknown",
        _("没有“%(value)s”这个取值，可用：%(choices)s。") % {"value": value[:40], "choices": "、".join(choices)},
        field=name,
    )


def _occurred(moment: datetime | None, now: datetime) -> datetime | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise RuleError("occurred_at.zone", _("时间要带时区，例如 2026-03-02T09:00:00+08:00。"), field="occurred_at")
    if moment > now + _SKEW:
        raise RuleError("occurred_at.future", _("发生时间不能晚于现在，请核对日期。"), field="occurred_at")
    if moment.year < _EARLIEST_YEAR:
        raise RuleError("occurred_at.too_early", _("发生时间早于 1990 年，请核对年份。"), field="occurred_at")
    # A zone further off than PostgreSQL knows (+16:34) would be refused by the whole batch.
    return moment.astimezone(UTC)


def _area(told: str, context: Context) -> AreaInfo | None:
    if not told:
        return None
    found = context.catalog.area(told)
    if found is None:
        raise RuleError(
            "area.unknown",
            _("没有找到区域“%(area)s”：请给行政区划代码，或写全省市区名称，例如 江苏省常州市武进区。")
            % {"area": told[:40]},
            field="area",
        )
    return found


def _node(tree: str, name: str, told: str, context: Context) -> NodeInfo | None:
    if not told:
        return None
    found = context.catalog.node(tree, told)
    if found is None or not found.active:
        raise RuleError(
            f"{name}.unknown",
            _("没有找到“%(value)s”：请用目录中的代码或名称。") % {"value": told[:40]},
            field=name,
        )
    return found


def _flags(content: str) -> tuple[list[str], dict[str, Any]]:
    hints = urgency_hint(content)
    return [hint.flag for hint in hints], {hint.flag: hint.reason for hint in hints}


def _scale(name: str, value: str, scale: Mapping[str, int], default: int | None) -> int:
    if value:
        _choice(name, value, tuple(scale))
        return scale[value]
    return default or 1


def _classify(checked: Checked, context: Context, *, suggest: bool = True) -> None:
    """Category told or suggested; type, urgency, impact, complexity told or the category's own.

    What was classified and finished elsewhere never had a suggestion of ours, so none is made up for it (`suggest`).
    """
    complaint, columns = checked.complaint, checked.columns
    suggestion = context.suggester.suggest(columns["content"], top=1) if suggest else []
    suggested = context.catalog.node("phenomenon", suggestion[0][0]) if suggestion else None
    columns["suggested_category_id"] = suggested.id if suggested else None
    columns["suggested_score"] = round(suggestion[0][1], 4) if suggestion else None
    node = checked.category
    base = node or suggested
    columns["category_id"] = node.id if node else None
    columns["category_path"] = node.path if node else ()
    columns["service_type"] = (base.service_type if base else "") or "complaint"
    urgent = URGENCIES["urgent"] if "urgent" in checked.flags else None
    columns["urgency"] = _scale("urgency", complaint.urgency, URGENCIES, urgent or (base.urgency if base else None))
    columns["impact"] = _scale("impact", complaint.impact, IMPACTS, base.impact if base else None)
    columns["complexity"] = _scale("complexity", complaint.complexity, COMPLEXITIES, base.complexity if base else None)
    product = _node("product", "product", complaint.product, context)
    columns["product_id"] = product.id if product else None
    dispute = _node("dispute", "dispute", complaint.dispute, context)
    if dispute is None and base is not None and base.dispute:
        dispute = context.catalog.node("dispute", base.dispute)
    columns["dispute_id"] = dispute.id if dispute else None


def _place(checked: Checked) -> None:
    area, position, columns = checked.area, checked.complaint.location, checked.columns
    columns["area_id"] = area.id if area else None
    columns["province_id"], columns["city_id"], columns["district_id"] = checked.areas
    columns["lat"] = position.lat if position else None
    columns["lon"] = position.lon if position else None
    columns["datum"] = position.datum if position else ""


def facts(columns: Mapping[str, Any], category_code: str, flags: list[str], customer_level: int) -> dict[str, Any]:
    """What time limits and routing rules may ask about, as plain values."""
    return {
        "service_type": columns["service_type"],
        "urgency": CODES["urgency"][columns["urgency"]],
        "impact": CODES["impact"][columns["impact"]],
        "complexity": CODES["complexity"][columns["complexity"]],
        "category": category_code,
        "channel": columns["channel"],
        "source_system": columns["source_system"],
        "customer_level": customer_level,
        "flags": flags,
        "province": columns["province_id"],
    }
