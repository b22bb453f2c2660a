"""The two pages of those above, with what waits on each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.asking import queries as asking
from bihuan.identity.viewer import Viewer
from bihuan.supervision import queries as supervision


def tabs(viewer: Viewer, current: str) -> list[dict[str, Any]]:
    """Supervision (how many are late) and questions (how many wait for her)."""
    return [
        {
            "name": _("督办工单"), "url": reverse("leading:supervision"), "current": current == "supervision",
            "count": supervision.listing(viewer, "late")[:99].count(),
        },
        {
            "name": _("答疑和请示"), "url": reverse("leading:questions"), "current": current == "questions",
            "count": asking.waiting(viewer)[:99].count(),
        },
    ]  # fmt: skip
