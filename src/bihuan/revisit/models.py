"""Every call-back with its result, every ending with its reason."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Revisit(models.Model):
    """One call-back (回访): reached or not, satisfied or not, solved at the root or not, anything left."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    means = models.TextField(default="call")
    reached = models.BooleanField()
    satisfaction = models.SmallIntegerField(null=True)
    """1 dissatisfied, 2 neutral, 3 satisfied."""
    root_solved = models.BooleanField(null=True)
    left_over = models.BooleanField(default=False)
    reply_id = models.BigIntegerField(null=True)
    """The reply it asked about: a later reply needs its own revisit."""

    class Meta:
        indexes = [models.Index(fields=["case_id", "-id"], name="revisit_case")]


class Closure(models.Model):
    """The closing review (审核结单): cause, evidence kinds, the three causes of loss, and the approved exception if any."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    cause_id = models.BigIntegerField(null=True)
    evidence_kinds = ArrayField(models.TextField(), default=list)
    value_cause = models.BooleanField(default=False)
    system_cause = models.BooleanField(default=False)
    people_cause = models.BooleanField(default=False)
    exception_id = models.BigIntegerField(null=True)
    """Reason it may close without a satisfied customer."""
    approved_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id", "-id"], name="revisit_closure_case")]


class Reopening(models.Model):
    """Back to handling: by a dissatisfied customer, a rejected answer, or a supervisor."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    """`dissatisfied`, `rejected`, `supervision`, `recurred`."""

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="revisit_reopening_case")]


class Withdrawal(models.Model):
    """Ended by the customer. Taken over the public page it is proven by the code, by staff it needs the contact it rests on."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    proven_by = models.TextField()
    """`code`, `call`, `letter`."""

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="revisit_withdrawal_case")]


class Merge(models.Model):
    """One complaint folded into another of the same customer or line; `state_before` lets it be undone."""

    case_id = models.BigIntegerField()
    into_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    state_before = models.TextField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="revisit_merge_case"),
            models.Index(fields=["into_id"], name="revisit_merge_into"),
        ]
