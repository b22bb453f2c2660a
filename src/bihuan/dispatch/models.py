"""Routing rules as versioned data, and every dispatch with its fate."""

from django.db import models


class RuleSet(models.Model):
    """A named, ordered set of routing rules; exactly one is active. Editing makes a new version and keeps the old."""

    code = models.TextField()
    version = models.IntegerField()
    name = models.TextField()
    name_en = models.TextField(default="")
    active = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="dispatch_ruleset_version")]


class Rule(models.Model):
    """If all conditions hold, the case belongs to this unit. `conditions` and `target` as `dispatch.rules` reads them."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    position = models.IntegerField()
    code = models.TextField()
    conditions = models.JSONField(default=dict)
    """{category: [codes], service_type: […], product: […], channel: […], area: [ids], level_at_least,
    urgency_at_least, flags: […]}"""
    target = models.JSONField()
    """{unit: code} or {kind: unit kind, by_area: bool}; optional {staff: username}."""
    priority = models.SmallIntegerField(null=True)
    demands = models.TextField(default="")
    """What the receiving unit is asked to do."""
    demands_en = models.TextField(default="")
    reason = models.TextField(default="")
    reason_en = models.TextField(default="")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "code"], name="dispatch_rule_code")]


class Dispatch(models.Model):
    """One passing-on of one case to one unit, until it is received and ends in a reply, a return or a recall."""

    case_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    handler_id = models.BigIntegerField(null=True)
    """The responsible person named by rule or dispatcher; whoever receives it takes the place."""
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    """Empty when a rule did it."""
    demands = models.TextField(default="")
    rule_id = models.BigIntegerField(null=True)
    rule_set_code = models.TextField(default="")
    rule_set_version = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by_id = models.BigIntegerField(null=True)
    assessment = models.TextField(default="")
    """How the receiver means to solve it (DI5): `self`, `team` or `verify`."""
    verify_with = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    """`replied`, `returned`, `recalled`, `withdrawn`, `merged`."""
    reason_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "-id"], name="dispatch_case"),
            models.Index(fields=["unit_id", "-at"], name="dispatch_unit"),
        ]
