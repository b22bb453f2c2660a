"""What an address asks for, and the fields that ask for something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.cases import filters, lexicon
from bihuan.cases.days import local_day
from bihuan.cases.facets import FACETS
from bihuan.cases.filters import Filter
from bihuan.insight.asking import against
from bihuan.insight.measures import MEASURES, USUAL
from bihuan.insight.periods import AGAINST, PRESETS, Against, preset
from bihuan.insight.sources import known_sources
from bihuan.kernel import clock

MOST_BY = 2
"""Selects for grouping on the page; an address may name more."""
SELECTS = ("channel", "service_type", "category", "dispute", "urgency", "source_system")
"""Facets offered as fields. Others come by links and stay in the address, shown as chips."""
USUAL_PERIOD, USUAL_BY = "quarter", "month"


@dataclass(frozen=True)
class Asked:
    """One address of the figures page, read."""

    measures: list[str]
    by: list[str]
    chosen: Filter
    against: list[Against]

    def query(self, chosen: Filter | None = None) -> str:
        """The same as an address, with another filter where one is given."""
        pairs = [("measure", ",".join(self.measures)), ("by", ",".join(self.by)), ("compare", ",".join(self.against))]
        return urlencode([pair for pair in [*pairs, *(chosen or self.chosen).pairs] if pair[1]])


def usual() -> str:
    """The address a reader without wishes is led to."""
    first, last = preset(USUAL_PERIOD, local_day(clock.now()))
    return urlencode({"by": USUAL_BY, "from": first, "to": last})


def read(request: HttpRequest) -> Asked:
    """Read an address; `RuleError` for what there is not."""
    return Asked(
        _codes(request, "measure") or list(USUAL),
        _codes(request, "by"),
        filters.parse(request.GET),
        against(_codes(request, "compare")),
    )


def _codes(request: HttpRequest, name: str) -> list[str]:
    told = [code.strip() for given in request.GET.getlist(name) for code in given.split(",")]
    return list(dict.fromkeys(code for code in told if code))


@dataclass(frozen=True)
class Select:
    """One select of the form."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    chosen: str


def form(asked: Asked) -> dict[str, Any]:
    """Everything the filter bar shows."""
    names = lexicon.current()
    today = local_day(clock.now())
    shown = {"from", "to", "area", "unit_below", "as_of", *SELECTS}
    units = FACETS["unit"].choices(names)
    selects = [_select(code, asked, names) for code in SELECTS]
    selects.append(Select("unit_below", filters.name_of("unit_below"), units, asked.chosen.one("unit_below")))
    as_of = asked.chosen.one("as_of")
    area = asked.chosen.one("area")
    return {
        "presets": [_preset(code, asked, today) for code in PRESETS],
        "first": asked.chosen.one("from"),
        "last": asked.chosen.one("to"),
        "area": area,
        "area_label": filters.label_of("area", area, names) if area else "",
        "selects": selects,
        "group_selects": _group_selects(asked),
        "further_by": asked.by[MOST_BY:],
        "measures": [(m, m.code in asked.measures) for m in MEASURES.values()],
        "measure_count": len(asked.measures),
        "comparisons": [(code, word, code in asked.against) for code, word in AGAINST.items()],
        "as_of": as_of,
        "as_of_label": filters.label_of("as_of", as_of, names) if as_of not in {"", "month_end"} else "",
        "chips": [_chip(asked, name, key, names) for name, key in _hidden(asked.chosen, shown)],
        "kept": _hidden(asked.chosen, shown),
        "set_count": len([pair for pair in asked.chosen.pairs if pair[0] in shown - {"from", "to"}]),
    }


def _hidden(chosen: Filter, shown: set[str]) -> list[tuple[str, str]]:
    """What no field shows: other names, and further keys of a field that takes one."""
    seen: set[str] = set()
    found = []
    for name, key in chosen.pairs:
        if name not in shown or name in seen:
            found.append((name, key))
        seen.add(name)
    return found


def _chip(asked: Asked, name: str, key: str, names: lexicon.Lexicon) -> dict[str, str]:
    rest = Filter(tuple(pair for pair in asked.chosen.pairs if pair != (name, key)))
    colon = ": " if lexicon.english() else "："
    label = filters.name_of(name) + colon + filters.label_of(name, key, names)
    return {"label": label, "without": "?" + asked.query(rest)}


def _select(code: str, asked: Asked, names: lexicon.Lexicon) -> Select:
    facet = FACETS[code]
    choices = facet.choices(names)
    if code == "source_system":
        choices = [(key, facet.label(key, names)) for key in ["-", *known_sources()]]
    return Select(code, str(facet.name), choices, next(iter(asked.chosen.all(code)), ""))


def _group_selects(asked: Asked) -> list[Select]:
    choices = [(code, str(facet.name)) for code, facet in FACETS.items()]
    labels = [_("分组"), _("再按")]
    return [
        Select("by", labels[place], choices, asked.by[place] if place < len(asked.by) else "")
        for place in range(MOST_BY)
    ]


def _preset(code: str, asked: Asked, today: Any) -> dict[str, Any]:
    first, last = preset(code, today)
    chosen = asked.chosen.having("from", str(first)).having("to", str(last))
    current = (asked.chosen.one("from"), asked.chosen.one("to")) == (str(first), str(last))
    return {"label": PRESETS[code], "url": "?" + asked.query(chosen), "current": current}
