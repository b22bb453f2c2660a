"""Service requests and leads: one row each, beside the case they came from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What it is."""

    SERVICE = "service", _("服务请求")
    LEAD = "lead", _("商机")


class State(models.TextChoices):
    """How far it is."""

    OPEN = "open", _("待接手")
    IN_WORK = "in_work", _("办理中")
    DONE = "done", _("已办好")
    WON = "won", _("已成交")
    LOST = "lost", _("未成交")
    CANCELLED = "cancelled", _("已取消")


class Request(models.Model):
    """One of them. Its wish is text of the case's customer: numbers of persons are tokens of the case's party."""

    number = models.TextField(unique=True)
    case_id = models.BigIntegerField(unique=True)
    party_id = models.BigIntegerField()
    kind = models.TextField(choices=Kind.choices)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    wish = models.TextField()
    unit_id = models.BigIntegerField()
    """Which unit owns it now."""
    owner_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    result = models.TextField(default="")
    worth = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    """Of a lead that was won: yuan."""

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "state", "-id"], name="requests_unit"),
            models.Index(fields=["-made_at"], name="requests_made"),
        ]
