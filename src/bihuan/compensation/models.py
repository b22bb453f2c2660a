"""Limits and budgets as settings; proposals with their chain of approvals."""

from django.db import models
from django.db.models import F, Q

from bihuan.compensation.rules import KINDS, STATUSES


class Limit(models.Model):
    """How much a role may grant alone, in yuan. Edits are kept in the settings' history."""

    role = models.TextField(unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["amount", "role"]


class Budget(models.Model):
    """What a unit (and those below it without one of their own) may give in a month. The row is locked by who takes from it."""

    unit_id = models.BigIntegerField()
    month = models.DateField()
    """The first day of the month."""
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reserved = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    used = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "month"], name="compensation_budget_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, used__gte=0, amount__gte=F("reserved") + F("used")),
                name="compensation_budget_kept",
            ),
        ]
        ordering = ["-month", "unit_id"]


class Proposal(models.Model):
    """One sum for one case."""

    case_id = models.BigIntegerField()
    kind = models.TextField(choices=list(KINDS.items()))
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.TextField()
    feasibility = models.TextField(default="", blank=True)
    """Why this can be done and will settle it."""
    status = models.TextField(choices=list(STATUSES.items()), default="pending")
    unit_id = models.BigIntegerField()
    """Whose staff proposed it."""
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField()
    decided_at = models.DateTimeField(null=True)
    """When it was granted or rejected for good."""
    paid_at = models.DateTimeField(null=True)
    paid_by_id = models.BigIntegerField(null=True)
    reference = models.TextField(default="", blank=True)
    """Of the payment: a voucher or order number."""
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="compensation_case"),
            models.Index(fields=["proposed_at", "id"], name="compensation_time"),
            models.Index(fields=["unit_id", "-id"], name="compensation_unit"),
        ]
        ordering = ["id"]


class Approval(models.Model):
    """One rung: whom it asks, until when, and what she decided."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="approvals")
    place = models.SmallIntegerField()
    role = models.TextField()
    staff_id = models.BigIntegerField()
    asked_at = models.DateTimeField(null=True)
    """Empty until it is this rung's turn."""
    due_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    why = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "place"], name="compensation_rung_once")]
        indexes = [
            models.Index(
                fields=["staff_id", "due_at"],
                name="compensation_waiting",
                condition=Q(asked_at__isnull=False, decided_at__isnull=True),
            )
        ]
        ordering = ["proposal_id", "place"]
