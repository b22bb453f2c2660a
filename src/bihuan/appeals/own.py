"""What each body's order says besides: fields of its own intake form. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.errors import RuleError
from bihuan.text.clean import clean


@dataclass(frozen=True)
class Own:
    """One field: `kind` is line, flag, day, moment, money or choice."""

    code: str
    name: Promise
    kind: str = "line"
    choices: Mapping[str, Promise] = field(default_factory=dict)


_ORDER_KINDS: Mapping[str, Promise] = {
    "complaint": gettext_lazy("投诉"),
    "help": gettext_lazy("求助"),
    "enquiry": gettext_lazy("咨询"),
    "report": gettext_lazy("举报"),
    "advice": gettext_lazy("建议"),
}
_PLATFORMS: Mapping[str, Promise] = {
    "platform": gettext_lazy("全国12315平台"),
    "call": gettext_lazy("12315 电话"),
    "letter": gettext_lazy("来函"),
    "visit": gettext_lazy("来访"),
}

FIELDS: Mapping[str, tuple[Own, ...]] = {
    "miit": (
        Own("office", gettext_lazy("转办机关")),
        Own("document", gettext_lazy("转办文号")),
        Own("asks_mediation", gettext_lazy("申诉人要求调解"), "flag"),
    ),
    "12300": (
        Own("called_at", gettext_lazy("来电时间"), "moment"),
        Own("asks_call", gettext_lazy("申诉人要求回电"), "flag"),
    ),
    "12345": (
        Own("order_kind", gettext_lazy("工单类型"), "choice", _ORDER_KINDS),
        Own("reply_by", gettext_lazy("要求反馈时间"), "moment"),
        Own("secret", gettext_lazy("要求保密"), "flag"),
        Own("asks_visit", gettext_lazy("热线将回访"), "flag"),
    ),
    "12315": (
        Own("platform", gettext_lazy("登记方式"), "choice", _PLATFORMS),
        Own("bought_on", gettext_lazy("消费日期"), "day"),
        Own("amount", gettext_lazy("争议金额（元）"), "money"),
        Own("agrees_mediation", gettext_lazy("同意调解"), "flag"),
    ),
}
"""By body; stored as plain values in `Appeal.own`."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "miit": ("name", "address", "phone", "postcode", "demand", "reason"),
    "12300": ("name", "phone", "demand"),
    "12345": ("phone",),
    "12315": ("name", "phone", "address", "demand"),
}
"""What a complete appeal names; what is missing fails the condition `details`, it does not stop the intake."""
NAMES: Mapping[str, Promise] = {
    "name": gettext_lazy("姓名"),
    "address": gettext_lazy("地址"),
    "phone": gettext_lazy("电话"),
    "postcode": gettext_lazy("邮编"),
    "demand": gettext_lazy("诉求"),
    "reason": gettext_lazy("理由"),
}


def missing(body: str, there: Mapping[str, Any]) -> tuple[Promise, ...]:
    """The names of the details this body asks for that were not given."""
    return tuple(NAMES[code] for code in REQUIRED.get(body, ()) if not there.get(code))


def checked(body: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The body's own fields as plain values; empty ones are left out. `RuleError` on `own.<code>`."""
    known = {one.code: one for one in FIELDS.get(body, ())}
    strange = sorted(set(told) - set(known))
    if strange:
        raise RuleError("own.unknown", _("这个转办单位的表单没有这一项，请核对。"), field=f"own.{strange[0][:40]}")
    values = {code: _plain(known[code], value) for code, value in told.items() if value not in (None, "", False)}
    return {code: value for code, value in values.items() if value not in (None, "")}


def _plain(one: Own, value: Any) -> Any:
    name = f"own.{one.code}"
    if one.kind == "flag":
        return _flag(value, name)
    if isinstance(value, date | datetime | Decimal | int | float) and not isinstance(value, bool):
        value = value.isoformat() if isinstance(value, date) else str(value)
    text = clean(value, 200, name)
    readers = {"day": _day, "moment": _moment, "money": _money}
    if one.kind == "choice" and text not in one.choices:
        raise RuleError("own.choice", _("请从列表中选择。"), field=name)
    return readers[one.kind](text, name) if one.kind in readers else text


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise RuleError("own.flag", _("这一项只能是“是”或“否”。"), field=name)
    return value


def _day(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RuleError("own.day", _("日期请写成 2026-03-02。"), field=name) from None


def _moment(text: str, name: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise RuleError("own.moment", _("时间请写成 2026-03-02T09:00:00+08:00。"), field=name)
    return found.isoformat()


def _money(text: str, name: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < 10**10 or amount != round(amount, 2):
        raise RuleError("own.money", _("金额请写成 128.50，不小于 0。"), field=name)
    return f"{amount:.2f}"
