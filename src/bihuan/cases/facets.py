"""By what cases are told apart: month, channel, area, cause, unit… each with its key in URLs, its words, its condition.

A key is stable text (`2016-04`, `hotline`, `320412`, a tree code, a unit code, an account name); `-` stands for "not
filled in". Lists filter by facets, figures group by them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.days import BadDay, day_of, midnight
from bihuan.cases.lexicon import Lexicon, either
from bihuan.cases.models import Channel, Mode, Urgency
from bihuan.cases.states import STATES
from bihuan.catalog.models import Node

NONE = "-"
Choices = list[tuple[str, str]]


class BadKey(ValueError):
    """The key names nothing of this facet."""


@dataclass(frozen=True)
class Facet:
    """`column` is the case's column it stands on. Its kinds follow below."""

    code: str
    name: Promise
    column: str

    def q(self, keys: Sequence[str], lexicon: Lexicon) -> Q:
        """Cases with any of these keys; `BadKey` for one that names nothing."""
        values = [self.value(key, lexicon) for key in keys if key != NONE]
        found = Q(**{f"{self.column}__in": values}) if values else Q(pk__in=[])
        return found | self.missing() if NONE in keys else found

    def missing(self) -> Q:
        """Cases where it is not filled in."""
        return Q(**{f"{self.column}__isnull": True})

    def value(self, key: str, lexicon: Lexicon) -> Any:
        """The column's value a key stands for."""
        raise NotImplementedError

    def key(self, value: Any, lexicon: Lexicon) -> str:
        """The key of what a group by this facet yields."""
        return NONE if value is None else str(value)

    def label(self, key: str, lexicon: Lexicon) -> str:
        """The key in the reader's language."""
        return self.word(key, lexicon) or key if key != NONE else str(_("（未填）"))

    def word(self, key: str, lexicon: Lexicon) -> str:
        """The same for a key that is filled in; empty when it names nothing any more."""
        return key

    def choices(self, lexicon: Lexicon) -> Choices:
        """What a select offers, as (key, word); empty where there is too much or it is free."""
        return []


@dataclass(frozen=True)
class Time(Facet):
    """A stretch of registration time. `unit` is `month` (key `YYYY-MM`), `week` (its Monday) or `day`."""

    unit: str = "day"

    def q(self, keys: Sequence[str], lexicon: Lexicon) -> Q:
        found = Q(pk__in=[])
        for key in keys:
            first, after = self.days(key)
            found |= Q(registered_at__gte=midnight(first), registered_at__lt=midnight(after))
        return found

    def days(self, key: str) -> tuple[date, date]:
        """Its first day and the first day after it."""
        try:
            first = day_of(f"{key}-01" if self.unit == "month" else key)
        except BadDay:
            raise BadKey(key) from None
        if self.unit == "month":
            return first, (first + timedelta(days=31)).replace(day=1)
        if self.unit == "week" and first.weekday() != 0:
            raise BadKey(key)
        return first, first + timedelta(days=7 if self.unit == "week" else 1)

    def key(self, value: date, lexicon: Lexicon) -> str:
        return self.holding(value)

    def holding(self, day: date) -> str:
        """The key of the stretch a day lies in."""
        if self.unit == "month":
            return f"{day:%Y-%m}"
        return f"{day - timedelta(days=day.weekday()) if self.unit == 'week' else day:%Y-%m-%d}"

    def word(self, key: str, lexicon: Lexicon) -> str:
        return f"{key} – {day_of(key) + timedelta(days=6):%m-%d}" if self.unit == "week" else key


@dataclass(frozen=True)
class Word(Facet):
    """A text column, with its words where they are a fixed list."""

    words: Mapping[str, Any] | None = None
    empty: Promise | None = None

    def missing(self) -> Q:
        return Q(**{self.column: ""})

    def value(self, key: str, lexicon: Lexicon) -> str:
        if self.words is not None and key not in self.words:
            raise BadKey(key)
        return key

    def key(self, value: str, lexicon: Lexicon) -> str:
        return value or NONE

    def label(self, key: str, lexicon: Lexicon) -> str:
        return str(self.empty) if key == NONE and self.empty is not None else super().label(key, lexicon)

    def word(self, key: str, lexicon: Lexicon) -> str:
        return str((self.words or {}).get(key, key))

    def choices(self, lexicon: Lexicon) -> Choices:
        return [(key, str(word)) for key, word in (self.words or {}).items()]


@dataclass(frozen=True)
class Scale(Facet):
    """A small number with words."""

    words: Mapping[int, Any] | None = None

    def value(self, key: str, lexicon: Lexicon) -> int:
        if not key.isascii() or not key.isdigit() or int(key) not in (self.words or {}):
            raise BadKey(key)
        return int(key)

    def word(self, key: str, lexicon: Lexicon) -> str:
        return str((self.words or {}).get(int(key), key)) if key.isdigit() else key

    def choices(self, lexicon: Lexicon) -> Choices:
        return [(str(key), str(word)) for key, word in (self.words or {}).items()]


@dataclass(frozen=True)
class Place(Facet):
    """An area of one level; keys are official codes."""

    level: int = 1

    def value(self, key: str, lexicon: Lexicon) -> int:
        area = lexicon.catalog.areas.get(int(key)) if key.isascii() and key.isdigit() else None
        if area is None or area.level != self.level:
            raise BadKey(key)
        return area.id

    def word(self, key: str, lexicon: Lexicon) -> str:
        area = lexicon.catalog.areas.get(int(key)) if key.isdigit() else None
        return either(area.name, area.name_en) if area else ""


@dataclass(frozen=True)
class Tree(Facet):
    """An entry at one level of a tree. What lies higher than the level counts as itself, so that nothing is lost."""

    tree: str = ""
    level: int = 1

    def q(self, keys: Sequence[str], lexicon: Lexicon) -> Q:
        nodes = lexicon.catalog.nodes
        under: dict[str, list[int]] = {}
        for node in nodes.values():
            if node.tree == self.tree:
                top = nodes.get(self.at(node.path))
                under.setdefault(top.code if top else node.code, []).append(node.id)
        found = self.missing() if NONE in keys else Q(pk__in=[])
        for key in keys:
            if key != NONE and key not in under:
                raise BadKey(key)
            found |= Q(**{f"{self.column}__in": under.get(key, [])})
        return found

    def at(self, path: Sequence[int]) -> int:
        """The id under which an entry with this path counts."""
        return path[self.level - 1] if len(path) >= self.level else path[-1]

    def key(self, value: int | None, lexicon: Lexicon) -> str:
        node = lexicon.catalog.nodes.get(value) if value is not None else None
        return node.code if node else NONE

    def word(self, key: str, lexicon: Lexicon) -> str:
        node = lexicon.catalog.node(self.tree, key)
        return either(node.name, node.name_en) if node else ""

    def choices(self, lexicon: Lexicon) -> Choices:
        nodes = lexicon.catalog.nodes.values()
        found = [n for n in nodes if n.tree == self.tree and n.level == self.level and n.active]
        return [(n.code, either(n.name, n.name_en)) for n in found] if self.level == 1 else []


@dataclass(frozen=True)
class OfUnit(Facet):
    """A unit by its code."""

    def value(self, key: str, lexicon: Lexicon) -> int:
        if key not in lexicon.unit_codes:
            raise BadKey(key)
        return lexicon.unit_codes[key].id

    def key(self, value: int | None, lexicon: Lexicon) -> str:
        unit = lexicon.units.get(value) if value is not None else None
        return unit.code if unit else NONE

    def word(self, key: str, lexicon: Lexicon) -> str:
        unit = lexicon.unit_codes.get(key)
        return either(unit.name, unit.name_en) if unit else ""

    def choices(self, lexicon: Lexicon) -> Choices:
        return [(unit.code, either(unit.name, unit.name_en)) for unit in lexicon.units.values() if unit.active]


@dataclass(frozen=True)
class Person(Facet):
    """A member of staff by account name."""

    def value(self, key: str, lexicon: Lexicon) -> int:
        if key not in lexicon.usernames:
            raise BadKey(key)
        return lexicon.usernames[key].id

    def key(self, value: int | None, lexicon: Lexicon) -> str:
        person = lexicon.staff.get(value) if value is not None else None
        return person.username if person else NONE

    def word(self, key: str, lexicon: Lexicon) -> str:
        person = lexicon.usernames.get(key)
        return either(person.name, person.name_en) if person else ""


def _tree(code: str, name: Promise, tree: str, level: int) -> Tree:
    return Tree(code, name, "category_id" if tree == "phenomenon" else f"{tree}_id", tree, level)


_SERVICE_TYPES = {str(code): word for code, word in Node.ServiceType.choices}
FACETS: Mapping[str, Facet] = {
    facet.code: facet
    for facet in (
        Time("month", _("月份"), "registered_at", "month"),
        Time("week", _("周"), "registered_at", "week"),
        Time("day", _("日期"), "registered_at", "day"),
        Word("source_system", _("来源系统"), "source_system", None, _("本平台登记")),
        Word("channel", _("渠道"), "channel", dict(Channel.choices)),
        Word("status", _("状态"), "status", {code: state.name for code, state in STATES.items()}),
        Word("service_type", _("服务类型"), "service_type", _SERVICE_TYPES),
        Word("mode", _("办理方式"), "mode", dict(Mode.choices)),
        Scale("urgency", _("紧急程度"), "urgency", dict(Urgency.choices)),
        Scale("customer_level", _("客户星级"), "customer_level", {level: level for level in range(8)}),
        Place("province", _("省"), "province_id", 1),
        Place("city", _("市"), "city_id", 2),
        Place("district", _("区县"), "district_id", 3),
        OfUnit("unit", _("责任部门"), "holder_unit_id"),
        OfUnit("taken_unit", _("受理部门"), "registered_unit_id"),
        Person("handler", _("处理人"), "handler_id"),
        Person("taken_by", _("受理人"), "registered_by_id"),
        _tree("category", _("现象（一级）"), "phenomenon", 1),
        _tree("category2", _("现象（二级）"), "phenomenon", 2),
        _tree("category3", _("现象（三级）"), "phenomenon", 3),
        _tree("dispute", _("争议类型"), "dispute", 1),
        _tree("dispute2", _("争议类型（二级）"), "dispute", 2),
        _tree("product", _("产品（一级）"), "product", 1),
        _tree("product2", _("产品（二级）"), "product", 2),
        _tree("cause", _("原因（一级）"), "cause", 1),
        _tree("cause2", _("原因（二级）"), "cause", 2),
        _tree("cause3", _("原因（三级）"), "cause", 3),
        _tree("cause4", _("原因（四级）"), "cause", 4),
        _tree("cause5", _("原因（五级）"), "cause", 5),
    )
}
"""By code, as URLs name them."""
