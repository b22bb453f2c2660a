"""How many customers stand behind a group: the denominator of complaints per 10,000 customers and month (万投比)."""

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.cases.days import local_day
from bihuan.cases.facets import NONE, Time
from bihuan.cases.filters import Filter
from bihuan.cases.lexicon import Lexicon
from bihuan.catalog.models import Subscribers
from bihuan.catalog.snapshot import Snapshot
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.insight.dimensions import Dimension
from bihuan.insight.periods import Stretch

Counts = dict[tuple[int, int | None], int]
"""Customers of one month by (area, product); product None counts all products."""


@dataclass(frozen=True)
class Denominators:
    """Customers by month, as kept in the settings, and the areas and products they lie under."""

    months: dict[date, Counts]
    catalog: Snapshot

    def customer_months(self, area: int | None, product: int | None, first: date, after: date) -> float | None:
        """Customers × months from `first` up to `after`; a month begun counts by its days.

        None when for one of the months nothing is known, because a figure over a part would be wrong.
        """
        total = 0.0
        month = first.replace(day=1)
        while month < after:
            length = calendar.monthrange(month.year, month.month)[1]
            following = month + timedelta(days=length)
            covered = (min(after, following) - max(first, month)).days
            customers = self._customers(self.months.get(month, {}), area, product)
            if customers is None:
                return None
            total += customers * covered / length
            month = following
        return total or None

    def _customers(self, counts: Counts, area: int | None, product: int | None) -> int | None:
        """The row for just this area, else what is kept for the areas below it (each only once)."""
        areas = {row[0] for row in counts if row[0] in self.catalog.areas and self._under(row[0], area)}
        tops = [one for one in areas if not any(other != one and self._under(one, other) for other in areas)]
        parts = [self._of_product({p: n for (a, p), n in counts.items() if a == top}, product) for top in tops]
        return sum(part for part in parts if part) if parts and all(part is not None for part in parts) else None

    def _of_product(self, counts: dict[int | None, int], product: int | None) -> int | None:
        if product in counts:
            return counts[product]
        below = {p: n for p, n in counts.items() if p is not None and self._of(p, product)}
        tops = [n for p, n in below.items() if not any(other != p and self._of(p, other) for other in below)]
        return sum(tops) if tops else None

    def _of(self, product: int, above: int | None) -> bool:
        node = self.catalog.nodes.get(product)
        return above is None or (node is not None and above in node.path)

    def _under(self, area: int, above: int | None) -> bool:
        if above is None or area == above:
            return True
        return above in self.catalog.areas[area].levels


def load(catalog: Snapshot, stretches: Sequence[Stretch]) -> Denominators:
    """The customers of every month the stretches touch: one statement."""
    months: dict[date, Counts] = defaultdict(dict)
    days = [day for one in stretches if one.start and one.end for day in (local_day(one.start), local_day(one.end))]
    if days:
        kept = Subscribers.objects.filter(month__gte=min(days).replace(day=1), month__lte=max(days))
        for area, product, month, count in kept.values_list("area_id", "product_id", "month", "count"):
            months[month][(area, product)] = count
    return Denominators(dict(months), catalog)


_AREAS = ("district", "city", "province")
_PRODUCTS = ("product2", "product")


@dataclass(frozen=True)
class Behind:
    """The customers behind each group of one table. `home` is the area the viewer sees all of: ids, None for everywhere;
    `sees_all` is false for who sees single cases only, of whom nothing can be said per customer."""

    denominators: Denominators
    by: Sequence[Dimension]
    chosen: Filter
    stretches: Sequence[Stretch]
    lexicon: Lexicon
    home: int | None
    sees_all: bool

    def customer_months(self, key: Sequence[str], number: int) -> float | None:
        """Customers × months of the group with this key in the stretch with this number."""
        days = self._days(key, self.stretches[number])
        if days is None or not self.sees_all:
            return None
        told = {dimension.code: one for dimension, one in zip(self.by, key, strict=False)}
        if NONE in {told.get(name) for name in (*_AREAS, *_PRODUCTS)}:
            return None
        parts = [
            self.denominators.customer_months(area, product, *days)
            for area in self._areas(told)
            for product in self._products(told)
        ]
        return sum(part for part in parts if part) if parts and None not in parts else None

    def _areas(self, told: dict[str, str]) -> list[int | None]:
        for name in _AREAS:
            keys = [told[name]] if name in told else self.chosen.all(name)
            if keys:
                return self._within([int(key) for key in keys if key != NONE])
        return self._within([int(key) for key in self.chosen.all("area")]) or [self.home]

    def _within(self, areas: list[int]) -> list[int | None]:
        """Only areas the viewer sees all of."""
        known = self.lexicon.catalog.areas
        return [one for one in areas if self.home is None or one == self.home or self.home in known[one].levels]

    def _products(self, told: dict[str, str]) -> list[int | None]:
        for name in _PRODUCTS:
            keys = [told[name]] if name in told else self.chosen.all(name)
            if keys:
                nodes = [self.lexicon.catalog.node("product", key) for key in keys]
                return [node.id for node in nodes if node is not None]
        return [None]

    def _days(self, key: Sequence[str], stretch: Stretch) -> tuple[date, date] | None:
        """First day and the day after the last, as far as the stretch has run."""
        if stretch.start is None or stretch.end is None:
            return None
        end = min(stretch.end, stretch.as_of) if isinstance(stretch.as_of, datetime) else stretch.end
        first, after = local_day(stretch.start), local_day(end - timedelta(microseconds=1)) + timedelta(days=1)
        for dimension, one in zip(self.by, key, strict=False):
            if isinstance(dimension.facet, Time):
                begins, ends = dimension.facet.days(one)
                first, after = max(first, begins), min(after, ends)
        return (first, after) if first < after else None


def behind(
    viewer: Viewer, chosen: Filter, by: Sequence[Dimension], stretches: Sequence[Stretch], lexicon: Lexicon
) -> Behind:
    """Load what `Behind` needs for a table."""
    everywhere = roles.EVERYWHERE in viewer.reach or (roles.AREA in viewer.reach and viewer.area is None)
    home = viewer.area[1] if viewer.area and not everywhere else None
    sees_all = everywhere or roles.AREA in viewer.reach
    return Behind(load(lexicon.catalog, stretches), by, chosen, stretches, lexicon, home, sees_all)
