"""Who asks and what may be asked: the operator's own view, and reading comparisons from text."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.insight.periods import AGAINST, Against
from bihuan.kernel.errors import RuleError

OPERATOR = Viewer(
    staff_id=0,
    name="operator",
    unit_id=0,
    tree_ids=(),
    area=None,
    rights=frozenset({roles.READ, roles.FIGURES}),
    reach=frozenset({roles.EVERYWHERE}),
    source="cli",
)
"""Whoever runs commands on the installation itself sees all cases."""


def against(codes: Iterable[str]) -> list[Against]:
    """The comparisons these codes name; `RuleError` on field `compare` for another word."""
    found: list[Against] = []
    for code in codes:
        if code == "previous":
            found.append("previous")
        elif code == "last_year":
            found.append("last_year")
        elif code:
            raise RuleError(
                "figures.compare",
                _("没有“%(code)s”这种对比，可用：%(codes)s。") % {"code": code[:40], "codes": "、".join(AGAINST)},
                field="compare",
            )
    return found
