"""What money lets be said of a case, and the sums themselves: lists filter by these, figures count and add up by them.

Counted is what was granted and not taken back, paid or not yet. They tell how things stand now, as ratings do.
"""

from collections.abc import Mapping

from django.db.models import Exists, Expression, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from bihuan.cases.conditions import Condition, add
from bihuan.compensation.models import Proposal

GIVEN = ("granted", "paid")
KIND_OF: Mapping[str, str] = {"refunded": "refund", "adjusted": "adjustment", "compensated": "compensation"}
"""Condition → the kind of money; `money_given` is any kind, small gifts too."""


def _given(kind: str) -> QuerySet[Proposal]:
    found = Proposal.objects.filter(case_id=OuterRef("pk"), status__in=GIVEN)
    return found.filter(kind=kind) if kind else found


def _has(kind: str) -> Q:
    return Q(Exists(_given(kind)))


def amount(condition: str) -> Expression:
    """Yuan given on a case under this condition, as the database adds it up; null without any."""
    found = _given(KIND_OF.get(condition, "")).order_by().values("case_id").annotate(total=Sum("amount"))
    return Cast(Subquery(found.values("total")), FloatField())


def register() -> None:
    """Put them beside the others; once, when the room is loaded."""
    add(
        Condition("money_given", _("给过钱或小礼"), lambda at: _has("")),
        Condition("refunded", _("退过费"), lambda at: _has("refund")),
        Condition("adjusted", _("调过账"), lambda at: _has("adjustment")),
        Condition("compensated", _("补偿过"), lambda at: _has("compensation")),
    )
