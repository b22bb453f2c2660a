"""Who decided what about scope and class, when, and what had been suggested."""

from django.db import models


class ScopeReview(models.Model):
    """Accepted or declined (初步审核), by whom; a decline carries its reason."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    accepted = models.BooleanField()
    reason_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="triage_scope_case")]


class Classification(models.Model):
    """One decision on category, type, urgency, impact and complexity, beside the suggestion it was made with."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    category_id = models.BigIntegerField(null=True)
    service_type = models.TextField()
    urgency = models.SmallIntegerField()
    impact = models.SmallIntegerField()
    complexity = models.SmallIntegerField()
    suggested_category_id = models.BigIntegerField(null=True)
    suggested_score = models.FloatField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="triage_class_case")]
