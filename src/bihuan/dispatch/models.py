"""Routing rules as versioned data, every dispatch with its fate, and how work is shared out, disputed and done together."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    urgency_at_least, flags: […], text: [words], hours: ["18:00-08:00"], weekdays: [1 … 7]}"""
    target = models.JSONField()
    """{unit: code} or {kind: unit kind, by_area: bool}; optional {staff: username}, and {routed: word},
    by which limits may be conditional."""
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


class Mode(models.TextChoices):
    """How work finds its person within a unit."""

    POOL = "pool", _("人员自取")
    AUTO = "auto", _("自动分派")
    LEAD = "lead", _("班组长分派")


class UnitWork(models.Model):
    """How one unit shares its work out; a unit without a row is a pool without a term."""

    unit_id = models.BigIntegerField(unique=True)
    mode = models.TextField(choices=Mode.choices, default=Mode.POOL)
    pickup_term = models.TextField(default="")
    """Within what a dispatched case is to be received (`30m`, `2h`); empty: no term."""
    late_to = models.TextField(default="lead")
    """Where a case goes that nobody received in time: `pool` or `lead`."""
    most_open = models.IntegerField(default=0)
    """Open cases (weighted) from which on a person is passed over while others are below; 0: no such bound."""
    share_days = models.IntegerField(default=14)
    """Fair shares are counted over so many days back."""


class Skill(models.Model):
    """One thing a person can work on: a part of the phenomenon or product tree, or customers from a level up."""

    class Kind(models.TextChoices):
        CATEGORY = "category", _("现象分类")
        PRODUCT = "product", _("产品")
        LEVEL = "level", _("客户星级")

    staff_id = models.BigIntegerField()
    kind = models.TextField(choices=Kind.choices)
    code = models.TextField()
    """A node's code (it and all below), or the level as a number."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff_id", "kind", "code"], name="dispatch_skill_once")]


class Assignment(models.Model):
    """One case given to one person within a unit, and what became of it. What people took themselves counts too."""

    case_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    staff_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    how = models.TextField()
    """`auto`, `lead`, `take`, `deputy`, `back`, `late`."""
    for_staff_id = models.BigIntegerField(null=True)
    """Whose work it is while she is away."""
    offered_at = models.DateTimeField(null=True)
    """When it was offered back to her."""
    received_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    """`late`, `moved`, `back`, `replied`, `returned`, `recalled`, `withdrawn`, `merged`; empty while it stands."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(ended_at__isnull=True), name="dispatch_one_assignment"
            )
        ]
        indexes = [
            models.Index(fields=["unit_id", "at", "staff_id"], name="dispatch_shares"),
            models.Index(fields=["case_id", "-id"], name="dispatch_assigned"),
            models.Index(
                fields=["for_staff_id"],
                name="dispatch_deputised",
                condition=models.Q(ended_at__isnull=True, for_staff_id__isnull=False),
            ),
        ]


class Dispute(models.Model):
    """Whose is it (改判): two units, their reasons, and the ruling that names the final owner."""

    case_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    """Empty when it opened by itself after the second return."""
    unit_id = models.BigIntegerField()
    """Who says it is not theirs."""
    reason = models.TextField()
    other_unit_id = models.BigIntegerField()
    """Whom they take for the owner."""
    other_reason = models.TextField(default="")
    other_by_id = models.BigIntegerField(null=True)
    other_at = models.DateTimeField(null=True)
    first_unit_id = models.BigIntegerField()
    """The first unit that received it: answerable until the ruling."""
    ruled_at = models.DateTimeField(null=True)
    ruled_by_id = models.BigIntegerField(null=True)
    owner_unit_id = models.BigIntegerField(null=True)
    """The final owner, who may not return it again."""
    ruling = models.TextField(default="")
    overturned = models.BooleanField(default=False)
    """The ruling named another unit than the one that was answerable until then."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(ruled_at__isnull=True), name="dispatch_one_dispute"
            )
        ]
        indexes = [
            models.Index(fields=["case_id", "-id"], name="dispatch_dispute_case"),
            models.Index(fields=["ruled_at", "-id"], name="dispatch_dispute_ruled"),
        ]


class CoHandling(models.Model):
    """The part of one unit beside the lead unit of a case: what it is asked, what it reports, when it is done."""

    case_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    lead_unit_id = models.BigIntegerField(null=True)
    ask = models.TextField()
    report = models.TextField(default="")
    reported_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    """`done`, `called_off`; empty while open."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "unit_id"], condition=models.Q(ended_at__isnull=True), name="dispatch_one_part"
            )
        ]
        indexes = [
            models.Index(
                fields=["unit_id", "case_id"], name="dispatch_parts_open", condition=models.Q(ended_at__isnull=True)
            ),
            models.Index(fields=["case_id"], name="dispatch_parts"),
        ]


class Bulk(models.Model):
    """One deed on many cases: who, what, how far, and the deed it undoes."""

    deed = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    told = models.JSONField(default=dict)
    """What the deed was told: unit, person, reason …"""
    language = models.TextField(default="zh-hans")
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    """Rows tried so far."""
    good = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    undoes_id = models.BigIntegerField(null=True)
    undone_by_id = models.BigIntegerField(null=True)
    """The bulk deed that undid this one."""

    class Meta:
        indexes = [models.Index(fields=["by_id", "-id"], name="dispatch_bulk_by")]


class BulkRow(models.Model):
    """One case of a bulk deed: what became of it, and how it stood before and after, for the undoing."""

    bulk_id = models.BigIntegerField()
    place = models.IntegerField()
    number = models.TextField()
    ok = models.BooleanField(null=True)
    """Empty: not tried yet."""
    text = models.TextField(default="")
    before = models.JSONField(default=dict)
    """{unit, handler, status} as it was."""
    version = models.IntegerField(null=True)
    """The case's version as the deed left it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk_id", "place"], name="dispatch_bulk_row")]
