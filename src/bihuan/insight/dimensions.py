"""By what figures are grouped: the facets of cases, each with the database expression its groups come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Expression, F, Func
from django.db.models.fields import DateField
from django.utils.translation import gettext as _

from bihuan.cases.days import ZONE
from bihuan.cases.facets import FACETS, Facet, Scale, Time, Tree
from bihuan.kernel.errors import RuleError

MOST_DIMENSIONS = 4


@dataclass(frozen=True)
class Dimension:
    """`facet` gives keys and labels; `expression` is read per case; a tree's level is taken afterwards, per group."""

    facet: Facet

    @property
    def code(self) -> str:
        """The facet's code."""
        return self.facet.code

    @property
    def time(self) -> str:
        """`month`, `week` or `day` for a stretch of time, else empty."""
        return self.facet.unit if isinstance(self.facet, Time) else ""

    @property
    def ordered(self) -> bool:
        """Groups have an order of their own; others are shown by size."""
        return isinstance(self.facet, Time | Scale)

    @property
    def level(self) -> int:
        """The level of a tree, 0 for anything else."""
        return self.facet.level if isinstance(self.facet, Tree) else 0

    def expression(self) -> Expression | F:
        """What a case's row yields."""
        if not self.time:
            return F(self.facet.column)
        return Func(
            F("registered_at"),
            template=f"(date_trunc('{self.time}', %(expressions)s AT TIME ZONE '{ZONE}'))::date",
            output_field=DateField(),
        )


def named(codes: Sequence[str]) -> list[Dimension]:
    """The dimensions of these codes in order, each once; `RuleError` on field `by` for one there is not."""
    chosen = list(dict.fromkeys(code for code in codes if code))
    for code in chosen:
        if code not in FACETS:
            raise RuleError(
                "figures.by",
                _("没有“%(code)s”这个维度，可用：%(codes)s。") % {"code": code[:40], "codes": "、".join(FACETS)},
                field="by",
            )
    if len(chosen) > MOST_DIMENSIONS:
        raise RuleError("figures.dimensions", _("一次最多按 4 个维度分组，请减少。"), field="by")
    return [Dimension(FACETS[code]) for code in chosen]
