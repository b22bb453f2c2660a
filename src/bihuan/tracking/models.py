"""One row for each case under special tracking, and the entries of its history."""

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CAUSES: dict[str, str | Promise] = {
    "dissatisfied": _("再次不满意"),
    "reopened": _("结单后重新处理"),
    "unresolved": _("长期未解决"),
    "hot": _("热点"),
    "difficult": _("疑难"),
}
OUTCOMES: dict[str, str | Promise] = {
    "satisfied": _("客户满意"),
    "explained": _("已解释到位"),
    "withdrawn": _("客户撤诉"),
    "merged": _("并入其他工单"),
}


class Track(models.Model):
    """Begun for `cause`; ends with `outcome`. One is open for a case at most."""

    case_id = models.BigIntegerField()
    cause = models.TextField(choices=list(CAUSES.items()))
    hot = models.BooleanField(default=False)
    difficult = models.BooleanField(default=False)
    owner_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    next_step = models.TextField(default="", blank=True)
    next_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(choices=list(OUTCOMES.items()), default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id"], condition=Q(ended_at=None), name="tracking_one_open")
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], name="tracking_next", condition=Q(ended_at=None)),
            models.Index(fields=["owner_id", "next_at"], name="tracking_owner", condition=Q(ended_at=None)),
        ]
        ordering = ["-id"]


class Entry(models.Model):
    """What was done or found, and what was decided to do next."""

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    text = models.TextField()
    next_step = models.TextField(default="", blank=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
