"""What may be granted by whom, and which ladder of approvals an amount climbs. Pure; amounts are `Decimal` yuan."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.kernel.errors import RuleError

KINDS: Mapping[str, str | Promise] = {
    "refund": _("退费"),
    "adjustment": _("账单调整"),
    "compensation": _("补偿"),
    "gift": _("服务补救小礼"),
}
STATUSES: Mapping[str, str | Promise] = {
    "pending": _("待审批"),
    "granted": _("已批准"),
    "rejected": _("未批准"),
    "paid": _("已兑付"),
    "reversed": _("已冲回"),
}
RESERVING = ("pending", "granted")
"""Their amount is held back in the budget; of `paid` it is used."""
LADDER = ("lead", "manager", "hq")
"""Roles that approve, from below; each is asked whose limit does not yet reach the amount, and the first whose does."""
SHIPPED = {
    "agent": 50, "dispatcher": 50, "handler": 100, "branch": 100, "liaison": 100, "lead": 500, "dutymanager": 500,
    "manager": 5000, "hq": 50_000,
}  # fmt: skip
MOST = Decimal("9999999.99")
_WRITTEN = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)


def money(told: str | int | Decimal, field: str = "amount", *, zero: bool = False) -> Decimal:
    """The amount in yuan with two places. `RuleError` on `field` for anything but a plain positive number."""
    if isinstance(told, bool | float) or _WRITTEN.fullmatch(str(told).strip()) is None:
        raise RuleError("money.form", _now("金额请写成 50 或 49.90，最多两位小数。"), field=field)
    amount = Decimal(str(told).strip()).quantize(Decimal("0.01"))
    if amount == 0 and not zero:
        raise RuleError("money.zero", _now("金额要大于 0。"), field=field)
    return amount


def limit_of(held: Iterable[str], limits: Mapping[str, Decimal]) -> Decimal:
    """How much somebody with these roles may grant alone."""
    return max((limits.get(code, Decimal(0)) for code in held), default=Decimal(0))


def ladder(amount: Decimal, own: Decimal, limits: Mapping[str, Decimal]) -> list[str]:
    """The roles asked one after the other; empty when it lies within her own limit.

    `RuleError` when nobody may approve so much.
    """
    if amount <= own:
        return []
    asked = []
    for role in LADDER:
        if limits.get(role, Decimal(0)) > own:
            asked.append(role)
            if amount <= limits[role]:
                return asked
    raise RuleError("money.too_much", _now("金额超过最高审批额度，请分开处理或线下报批。"), field="amount")


def left(amount: Decimal, reserved: Decimal, used: Decimal) -> Decimal:
    """What a budget still holds."""
    return amount - reserved - used
