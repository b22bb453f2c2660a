"""One language for choosing cases, the same in every URL: lists, exports, searches, figures and the API read it.

`from`, `to` (local days of registration, both included), every facet's code (several keys of one facet: any of them),
`area` (an area of any level), `cell` (a square of the map), `unit_below` (a unit and all below it), `is` (conditions, all of
them), `as_of` (a moment, or `month_end`). Different names narrow each other. Names that are none of these belong to the
page and are passed over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.cases import cells
from bihuan.cases.access import AREA_COLUMNS
from bihuan.cases.conditions import CONDITIONS, MONTH_END, AsOf, moment_of
from bihuan.cases.days import LOCAL, BadDay, day_of, local_day, midnight
from bihuan.cases.facets import FACETS, NONE, BadKey
from bihuan.cases.lexicon import Lexicon, current, either
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError

NAMES = ("from", "to", "area", "cell", "unit_below", "is", "as_of", *FACETS)
SINGLE = frozenset({"from", "to", "as_of"})
MOST = 200
"""Characters of a key."""


@dataclass(frozen=True)
class Filter:
    """Chosen cases as (name, key) pairs, in URL order; made by `parse`, so every pair is known to be good."""

    pairs: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> list[str]:
        """The keys given under this name."""
        return [key for own, key in self.pairs if own == name]

    def one(self, name: str) -> str:
        """The last key given under this name; empty when there is none."""
        return next((key for own, key in reversed(self.pairs) if own == name), "")

    def having(self, name: str, *keys: str) -> "Filter":
        """The same with these keys instead of those under `name` (none: without it)."""
        kept = [pair for pair in self.pairs if pair[0] != name]
        return Filter((*kept, *((name, key) for key in keys)))

    def narrowed(self, name: str, keys: Iterable[str]) -> "Filter":
        """The same with further keys under `name`; only for `is`, whose keys all have to hold."""
        fresh = [key for key in keys if key not in self.all(name)]
        return Filter((*self.pairs, *((name, key) for key in fresh)))

    def query(self) -> str:
        """As it stands behind the `?` of a URL."""
        return urlencode(self.pairs)

    @property
    def first_day(self) -> date | None:
        """First local day of registration, when limited."""
        return day_of(self.one("from")) if self.one("from") else None

    @property
    def last_day(self) -> date | None:
        """Last local day of registration, when limited."""
        return day_of(self.one("to")) if self.one("to") else None

    @property
    def as_of(self) -> AsOf | None:
        """The moment asked for, `MONTH_END`, or None for now."""
        key = self.one("as_of")
        return as_of_key(key) if key else None

    def q(self, *, period: bool = True) -> Q:
        """The condition. Cases registered after the moment asked for are not there yet.

        `period` False leaves `from`, `to` and `as_of` out, for who sets the stretch of time himself.
        """
        found = Q()
        lexicon = current()
        for name, keys in self._by_name():
            if name in FACETS:
                found &= FACETS[name].q(keys, lexicon)
            elif name == "area":
                found &= _areas(keys, lexicon)
            elif name == "cell":
                found &= cells.q(keys)
            elif name == "unit_below":
                found &= Q(holder_unit_id__in=_below(keys, lexicon))
        return found & self._period() if period else found

    def _period(self) -> Q:
        found = Q()
        if self.first_day is not None:
            found &= Q(registered_at__gte=midnight(self.first_day))
        if self.last_day is not None:
            found &= Q(registered_at__lt=midnight(self.last_day + timedelta(days=1)))
        as_of = self.as_of
        if isinstance(as_of, datetime):
            found &= Q(registered_at__lte=as_of)
        moment = moment_of(as_of or clock.now())
        for code in self.all("is"):
            found &= CONDITIONS[code].q(moment)
        return found

    def _by_name(self) -> Iterator[tuple[str, list[str]]]:
        for name in dict.fromkeys(own for own, _key in self.pairs):
            yield name, self.all(name)

    def words(self) -> list[tuple[str, str]]:
        """The filter in the reader's language, as (name, what was chosen)."""
        lexicon = current()
        return [
            (name_of(name), "、".join(label_of(name, key, lexicon) for key in keys)) for name, keys in self._by_name()
        ]


def parse(given: Any, *, strict: bool = False) -> Filter:
    """Read a `QueryDict`, a mapping of name → key or keys, or pairs. `RuleError` names the field at fault.

    Empty keys are passed over (an unfilled form field). `strict`: a name that is no filter is refused as well.
    """
    lexicon = current()
    pairs: list[tuple[str, str]] = []
    for name, key in _given(given):
        if name not in NAMES:
            if strict:
                raise _unknown(name)
        elif key and (name, key) not in pairs:
            _check(name, key, lexicon)
            pairs = [pair for pair in pairs if pair[0] != name] if name in SINGLE else pairs
            pairs.append((name, key))
    found = Filter(tuple(pairs))
    if found.first_day and found.last_day and found.first_day > found.last_day:
        raise RuleError("filter.period", _("开始日期晚于结束日期，请调整。"), field="to")
    return found


def _given(given: Any) -> Iterator[tuple[str, str]]:
    if hasattr(given, "lists"):
        given = given.lists()
    elif isinstance(given, Mapping):
        given = given.items()
    for name, keys in given:
        for key in [keys] if isinstance(keys, str | int) else keys:
            yield str(name), str(key).strip()


def _unknown(name: str) -> RuleError:
    return RuleError(
        "filter.unknown",
        _("没有“%(name)s”这个条件，可用：%(names)s。") % {"name": name[:40], "names": "、".join(NAMES)},
        field=name[:40],
    )


def _check(name: str, key: str, lexicon: Lexicon) -> None:
    try:
        if len(key) > MOST or not key.isprintable():
            raise BadKey(key)
        if name in FACETS:
            FACETS[name].q([key], lexicon)
        elif name in {"from", "to"}:
            day_of(key)
        elif name == "as_of":
            as_of_key(key)
        elif name == "area":
            _areas([key], lexicon)
        elif name == "cell":
            if key != NONE and cells.read(key) is None:
                raise BadKey(key)
        elif name == "unit_below":
            _below([key], lexicon)
        elif key not in CONDITIONS:
            raise BadKey(key)
    except (BadKey, BadDay):
        raise RuleError(
            "filter.value",
            _("“%(name)s”没有“%(key)s”这个取值，请核对。")
            % {"name": name_of(name), "key": ascii(key[:40])[1:-1] if not key.isprintable() else key[:40]},
            field=name,
        ) from None


def as_of_key(key: str) -> AsOf:
    """`month_end`, a local day (its first moment: as of 1 May), or an ISO moment; `BadKey` otherwise."""
    if key == MONTH_END:
        return MONTH_END
    if len(key) == 10:
        return midnight(day_of(key))
    try:
        # a "+" that was not escaped in a URL arrives as a blank
        moment = datetime.fromisoformat(key.replace(" ", "+") if "T" in key else key)
    except ValueError:
        raise BadKey(key) from None
    if not 1990 <= moment.year <= 2199:
        raise BadKey(key)
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


def key_of_moment(moment: AsOf) -> str:
    """How `as_of_key` reads it back."""
    if isinstance(moment, str):
        return moment
    local = moment.astimezone(LOCAL)
    return f"{local_day(moment)}" if local == midnight(local_day(moment)) else local.isoformat()


def _areas(keys: Sequence[str], lexicon: Lexicon) -> Q:
    found = Q(pk__in=[])
    for key in keys:
        area = lexicon.catalog.areas.get(int(key)) if key.isascii() and key.isdigit() else None
        if area is None:
            raise BadKey(key)
        found |= Q(**{AREA_COLUMNS[area.level]: area.id})
    return found


def _below(keys: Sequence[str], lexicon: Lexicon) -> list[int]:
    tops = {lexicon.unit_codes[key].id for key in keys if key in lexicon.unit_codes}
    if len(tops) < len(set(keys)):
        raise BadKey(keys[0])
    return [unit.id for unit in lexicon.units.values() if tops & set(unit.path)]


def name_of(name: str) -> str:
    """A filter's name in the reader's language."""
    if name in FACETS:
        return str(FACETS[name].name)
    named = {
        "from": _("受理自"),
        "to": _("受理至"),
        "area": _("地区"),
        "cell": _("地图格子"),
        "unit_below": _("责任部门及下属"),
        "is": _("情形"),
    }
    return named.get(name, _("统计时点"))


def label_of(name: str, key: str, lexicon: Lexicon) -> str:
    """A key in the reader's language."""
    if name in FACETS:
        return FACETS[name].label(key, lexicon)
    if name == "area":
        area = lexicon.catalog.areas.get(int(key))
        return either(area.name, area.name_en) if area else key
    if name == "cell":
        return cell.words if (cell := cells.read(key)) else _("没有坐标")
    if name == "unit_below":
        return either(lexicon.unit_codes[key].name, lexicon.unit_codes[key].name_en)
    if name == "is":
        return str(CONDITIONS[key].name)
    if key == MONTH_END:
        return _("各月月末")
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if isinstance(moment := _moment(name, key), datetime) else key


def _moment(name: str, key: str) -> AsOf:
    return as_of_key(key) if name == "as_of" else key
