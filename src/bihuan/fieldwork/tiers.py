"""The three tiers of support (三级支撑). Pure."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TIERS: Mapping[str, str | Promise] = {
    "on_site": _("现场"),
    "centre": _("调度中心远程"),
    "network": _("网络中心疑难"),
}
"""From the bottom up: on site, the dispatch centre remotely, the network centre for hard cases."""


def is_up(before: str, after: str) -> bool:
    """True when the work goes up."""
    order = list(TIERS)
    return order.index(after) > order.index(before)
