"""One row for each unit that is asked for help."""

from django.db import models
from django.db.models import Q

from bihuan.assistance.rules import OPEN, STATUSES


class Task(models.Model):
    """A sub-task of a case for another unit. Its words stand here; personal numbers are vault tokens of the case."""

    case_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    """Who is asked."""
    status = models.TextField(choices=list(STATUSES.items()), default="asked")
    question = models.TextField()
    needed = models.TextField(default="", blank=True)
    """What has to be handed in: a log, a measurement, a statement."""
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_unit_id = models.BigIntegerField(null=True)
    """For which unit it was asked."""
    due_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    received_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was answered, sent back or called off."""
    ended_by_id = models.BigIntegerField(null=True)
    answer = models.TextField(default="", blank=True)
    """What was answered; of a task sent back or called off the reason."""
    evidence_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="assistance_case"),
            models.Index(fields=["unit_id", "due_at", "id"], name="assistance_open", condition=Q(status__in=OPEN)),
            models.Index(fields=["asked_at", "id"], name="assistance_asked"),
        ]
        ordering = ["id"]
