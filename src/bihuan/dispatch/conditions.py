"""What disputes over ownership let be said of a case. They tell how things stand now, as ratings do."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.conditions import Condition, add
from bihuan.dispatch.models import Dispute


def _dispute(**holds: object) -> Q:
    return Q(Exists(Dispute.objects.filter(case_id=OuterRef("pk"), **holds)))


def register() -> None:
    """Put them beside the others; once, when the room is loaded."""
    add(
        Condition("disputed", _("归属有争议"), lambda at: _dispute()),
        Condition("ruled", _("裁定过归属"), lambda at: _dispute(ruled_at__isnull=False)),
        Condition("overturned", _("裁定改判"), lambda at: _dispute(overturned=True)),
    )
