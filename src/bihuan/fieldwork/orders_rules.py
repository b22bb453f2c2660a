"""States of repair orders, why work is hindered, and when light is too weak. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.errors import RuleError

Word = str | Promise
STATUSES: Mapping[str, Word] = {
    "sent": gettext_lazy("待接单"),
    "accepted": gettext_lazy("已接单"),
    "on_way": gettext_lazy("在路上"),
    "on_site": gettext_lazy("已到现场"),
    "done": gettext_lazy("已修复"),
    "unable": gettext_lazy("未能修复"),
    "cancelled": gettext_lazy("已撤销"),
}
OPEN = ("sent", "accepted", "on_way", "on_site")


@dataclass(frozen=True)
class Step:
    """`kind` is the event it leaves; `sources` the states it is taken from."""

    kind: str
    sources: tuple[str, ...]
    target: str
    name: Word


STEPS: Mapping[str, Step] = {
    "acceptance": Step("repair_accepted", ("sent",), "accepted", gettext_lazy("接单")),
    "departure": Step("repair_on_way", ("sent", "accepted"), "on_way", gettext_lazy("出发")),
    "arrival": Step("repair_on_site", ("sent", "accepted", "on_way"), "on_site", gettext_lazy("到达现场")),
    "completion": Step("repair_done", OPEN, "done", gettext_lazy("修复完成")),
    "failure": Step("repair_unable", OPEN, "unable", gettext_lazy("未能修复")),
    "cancellation": Step("repair_cancelled", OPEN, "cancelled", gettext_lazy("撤销维修单")),
}
"""By the noun in the address."""
BLOCKS: Mapping[str, Word] = {"obstacle": gettext_lazy("阻碍"), "no_resource": gettext_lazy("无资源")}
"""The two control lists."""
REASONS: Mapping[str, Mapping[str, Word]] = {
    "obstacle": {
        "property": gettext_lazy("物业不让进场"), "customer": gettext_lazy("客户原因不能施工"),
        "duct": gettext_lazy("管道堵塞或损坏"), "permit": gettext_lazy("等待开挖或施工许可"),
        "weather": gettext_lazy("天气不能作业"), "power": gettext_lazy("机房或小区停电"),
    },
    "no_resource": {
        "port": gettext_lazy("没有空闲端口"), "splitter": gettext_lazy("分光器满"), "fibre": gettext_lazy("没有可用光缆纤芯"),
        "duct_none": gettext_lazy("没有管道或杆路"), "device": gettext_lazy("缺设备或备件"),
    },
}  # fmt: skip
"""Why, by list."""
CLEANUP: Mapping[str, Word] = {
    "open": gettext_lazy("待整治"),
    "planned": gettext_lazy("已排期"),
    "done": gettext_lazy("已整治"),
    "dropped": gettext_lazy("不整治"),
}
"""States of a line with too weak light."""
LOWEST, HIGHEST = Decimal("-27.0"), Decimal("-8.0")
"""Shipped limits of received power in dBm: weaker than the first or stronger than the second is to be put right."""
_READ = (Decimal("-60"), Decimal("10"))


def dbm(told: str, field: str) -> Decimal | None:
    """A measured power; None for nothing. `RuleError` for what no meter shows."""
    text = told.strip().replace("−", "-").replace("－", "-").lower().removesuffix("dbm").strip()
    if not text:
        return None
    try:
        value = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        value = _READ[1] + 1
    if not value.is_finite() or not _READ[0] <= value <= _READ[1]:
        raise RuleError("repair.dbm", _("光功率请写成 -21.5，单位 dBm，在 -60 到 10 之间。"), field=field)
    return value


def weak(value: Decimal | None, lowest: Decimal, highest: Decimal) -> bool:
    """True when a measured power lies outside the limits."""
    return value is not None and not lowest <= value <= highest
