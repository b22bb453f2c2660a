"""Questions put to somebody above, and what she said."""

from django.db import models
from django.db.models import Q


class Question(models.Model):
    """One question on one case. `hard`: how to go on (现场答疑). `plea`: may we do this for the customer (代客请示)."""

    class Kind(models.TextChoices):
        """What is wanted."""

        HARD = "hard"
        PLEA = "plea"

    case_id = models.BigIntegerField()
    kind = models.TextField(choices=Kind.choices)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_unit_id = models.BigIntegerField(null=True)
    asked_of_id = models.BigIntegerField()
    """Whom: the duty manager then on duty, or the superior chosen."""
    deputy_id = models.BigIntegerField(null=True)
    """Who stood in for her at that moment."""
    text = models.TextField()
    due_at = models.DateTimeField()
    """Its own term; `sla.deadlines` of kind `question` or `plea` watches it."""
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answer = models.TextField(default="")
    granted = models.BooleanField(null=True)
    """Of a plea: yes or no."""

    class Meta:
        indexes = [
            models.Index(fields=["asked_of_id", "due_at"], name="asking_of", condition=Q(answered_at__isnull=True)),
            models.Index(fields=["deputy_id", "due_at"], name="asking_deputy", condition=Q(answered_at__isnull=True)),
            models.Index(fields=["asked_by_id", "-id"], name="asking_by"),
            models.Index(fields=["case_id", "-id"], name="asking_case"),
        ]
