"""What intake keeps beside the case: answered requests (so that a retry is not a second complaint), chasers, material."""

from django.db import models


class Answered(models.Model):
    """The answer given to a request that carried an `Idempotency-Key`: the same key gets the same answer again."""

    token_id = models.BigIntegerField()
    key = models.TextField()
    body_digest = models.BinaryField()
    """SHA-256 of the request body: the same key with another body is refused."""
    case_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_id", "key"], name="intake_answered_once")]


class Chaser(models.Model):
    """The customer asked again (催办): through what, by whom noted, with what priority before and after."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    channel = models.TextField()
    noted_by_id = models.BigIntegerField(null=True)
    priority_before = models.SmallIntegerField()
    priority_after = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="intake_chaser_case")]


class Material(models.Model):
    """Something the customer added afterwards: words (in the event), or a file kept as evidence."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    channel = models.TextField()
    noted_by_id = models.BigIntegerField(null=True)
    evidence_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="intake_material_case")]
