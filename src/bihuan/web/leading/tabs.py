"""The pages of those above, with what waits on each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.asking import queries as asking
from bihuan.customers import marks
from bihuan.flow import marks as marking
from bihuan.identity.viewer import Viewer
from bihuan.supervision import queries as supervision


def tabs(viewer: Viewer, current: str) -> list[dict[str, Any]]:
    """Supervision (how many are late), questions (how many wait for her), marks on customers (how many are over)."""
    listed = [
        {
            "code": "supervision", "name": _("督办工单"), "url": reverse("leading:supervision"),
            "count": supervision.listing(viewer, "late")[:99].count(), "counts": _("超时"), "pressing": True,
        },
        {
            "code": "questions", "name": _("答疑和请示"), "url": reverse("leading:questions"),
            "count": asking.waiting(viewer)[:99].count(), "counts": _("待我答复"),
        },
    ]  # fmt: skip
    if marking.may_set(viewer):
        over = marks.to_review().filter(review_on__lt=marks.today())[:99].count()
        listed.append(
            {
                "code": "marks", "name": _("客户标记"), "url": reverse("proof:marks"), "count": over,
                "counts": _("已过期"), "pressing": True,
            }
        )  # fmt: skip
    return [{**one, "current": one["code"] == current} for one in listed]
