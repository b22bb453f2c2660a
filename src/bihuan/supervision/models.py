"""Supervised cases and the progress reported on them."""

from django.db import models
from django.db.models import Q


class Supervision(models.Model):
    """One demand on one case, from the order to the verdict; a case has one open supervision at most."""

    class Verdict(models.TextChoices):
        """How it ended."""

        MET = "met"
        PARTLY = "partly"
        NOT_MET = "not_met"
        WITH_CASE = "with_case"
        """The case ended; of what the escalation procedure ordered only."""

    case_id = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    ordered_by_id = models.BigIntegerField(null=True)
    """Empty: the escalation procedure ordered it."""
    ordered_unit_id = models.BigIntegerField(null=True)
    """Whose people end it besides who ordered it."""
    unit_id = models.BigIntegerField(null=True)
    """Who held the case then and has to report."""
    demand = models.TextField()
    due_at = models.DateTimeField()
    """Its own term; `sla.deadlines` of kind `supervision` watches it."""
    reported_at = models.DateTimeField(null=True)
    reports = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    verdict = models.TextField(default="", choices=Verdict.choices)
    verdict_note = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id"], condition=Q(ended_at__isnull=True), name="supervision_one_open")
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="supervision_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["-ended_at", "-id"], name="supervision_past", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["case_id"], name="supervision_case"),
        ]


class Progress(models.Model):
    """What the holder's unit reported."""

    supervision = models.ForeignKey(Supervision, on_delete=models.CASCADE, related_name="progress")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    text = models.TextField()

    class Meta:
        ordering = ["at", "id"]
