"""A layout: which heading is which field, what cells mean, which moments look how. Pure; read from and kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bihuan.channels.file.dates import ORDERS
from bihuan.channels.file.fields import FIELDS
from bihuan.channels.file.headings import folded
from bihuan.kernel.errors import RuleError

ZONE = "Asia/Shanghai"
MOST_EXTRA = 50


@dataclass(frozen=True)
class Layout:
    """`columns`: field → headings (several are joined by `/`); `extra`: heading → key it is kept under;
    `constants`: field → value for every row; `values`: field → {cell text → value}; `moments`: forms of dates beside
    those that are read anyway; `day_order`: in which order dates of numbers alone are written (`dates.ORDERS`; empty: the
    year of four digits first); `recognise`: headings by which a file of this layout is known."""

    columns: Mapping[str, tuple[str, ...]]
    name: str = ""
    recognise: tuple[str, ...] = ()
    constants: Mapping[str, str | int] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str | int]] = field(default_factory=dict)
    moments: tuple[str, ...] = ()
    day_order: str = ""
    zone: str = ZONE
    path_separator: str = "/"

    def fits(self, headings: Sequence[str]) -> int:
        """How many of the headings it knows; 0 when one of those it is recognised by is missing."""
        there = {folded(heading) for heading in headings}
        if not self.recognise or not all(folded(heading) in there for heading in self.recognise):
            return 0
        named = [folded(heading) for wanted in self.columns.values() for heading in wanted] + [*map(folded, self.extra)]
        return sum(heading in there for heading in named) or 1

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "name": self.name,
            "recognise": list(self.recognise),
            "timezone": self.zone,
            "moments": list(self.moments),
            "day_order": self.day_order,
            "path_separator": self.path_separator,
            "constants": dict(self.constants),
            "columns": {code: list(named) if len(named) > 1 else named[0] for code, named in self.columns.items()},
            "extra": dict(self.extra),
            "values": {code: dict(known) for code, known in self.values.items()},
        }


def from_plain(data: Mapping[str, Any]) -> Layout:
    """The layout JSON describes; raises RuleError `mapping.*` naming what is wrong with it."""
    columns = {
        code: (named,) if isinstance(named, str) else tuple(named)
        for code, named in dict(data.get("columns", {})).items()
        if named
    }
    layout = Layout(
        columns=columns,
        name=str(data.get("name", "")),
        recognise=tuple(data.get("recognise", ())),
        constants=dict(data.get("constants", {})),
        extra=dict(data.get("extra", {})),
        values={code: {str(key): value for key, value in known.items()} for code, known in data.get("values", {}).items()},
        moments=tuple(data.get("moments", ())),
        day_order=str(data.get("day_order", "")),
        zone=str(data.get("timezone", ZONE)),
        path_separator=str(data.get("path_separator", "/")),
    )  # fmt: skip
    check(layout)
    return layout


def check(layout: Layout) -> None:
    """Refuse what is no layout: unknown fields, too many further columns."""
    for code in (*layout.columns, *layout.constants, *layout.values):
        if code not in FIELDS:
            raise RuleError(
                "mapping.field", _("没有“%(field)s”这个字段，请从列表中选择。") % {"field": code}, field=code
            )
    if layout.day_order not in ("", *ORDERS):
        raise RuleError("mapping.day_order", _("日期写法只能是 dmy、mdy 或 ymd。"), field="day_order")
    if len(layout.extra) > MOST_EXTRA - 10:
        raise RuleError("mapping.extra", _("附加列太多，最多保留 40 列，请去掉一些。"), field="extra")


def check_complete(layout: Layout) -> None:
    """Refuse a layout that no row can be read with: the time of registration is a must."""
    if "registered_at" not in layout.columns:
        raise RuleError(
            "mapping.registered_at", _("请指出哪一列是登记时间：没有它无法重建工单经过。"), field="registered_at"
        )


def need_headings(layout: Layout, headings: Sequence[str]) -> None:
    """Refuse a file that lacks a column the layout reads a moment or the number from."""
    there = {folded(heading) for heading in headings}
    for code in ("registered_at", "source_number"):
        for heading in layout.columns.get(code, ()):
            if folded(heading) not in there:
                raise RuleError(
                    "mapping.heading_missing",
                    _("文件里没有“%(heading)s”这一列，请换用别的映射或重新对应。") % {"heading": heading},
                    field=code,
                )
