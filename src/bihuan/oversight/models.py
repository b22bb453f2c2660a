"""Patrols and evaluations with what was looked at, demands to rectify, leaks, and the record of every step."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.oversight.words import ANSWERABLE, FOUND, SEVERITIES, SITES, STATES


class Checklist(models.Model):
    """What is looked at on one kind of visit, one point a line; edits are kept in the history of settings."""

    site = models.TextField(unique=True)
    """A key of `words.SITES`, or `evaluation`."""
    items = ArrayField(models.TextField(), default=list)


class _Inspection(models.Model):
    """What a visit and an evaluation have alike."""

    unit_id = models.BigIntegerField()
    """Whose place or work was looked at, and who rectifies."""
    area_id = models.BigIntegerField(null=True)
    summary = models.TextField(default="")
    case_ids = ArrayField(models.BigIntegerField(), default=list)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()
    """The inspector."""
    made_unit_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class Patrol(_Inspection):
    """One visit: when, where, of which unit, by whom."""

    day = models.DateField()
    site = models.TextField(choices=list(SITES.items()))
    place = models.TextField()
    company = models.TextField(default="")
    """Who came along."""

    class Meta:
        indexes = [
            models.Index(fields=["-day", "-id"], name="oversight_patrol_day"),
            models.Index(fields=["unit_id", "-day", "-id"], name="oversight_patrol_unit"),
        ]


class Evaluation(_Inspection):
    """What somebody outside found: which body, over which time, of which unit, with its report."""

    class Scan(models.TextChoices):
        """What a virus scanner said of the report."""

        UNSCANNED = "unscanned", _("未查毒")
        CLEAN = "clean", _("已查毒")
        INFECTED = "infected", _("带病毒，已隔离")

    body = models.TextField()
    title = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField()
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    """Of a hundred, over all criteria; empty without scores."""
    file_name = models.TextField(default="")
    media_type = models.TextField(default="")
    size = models.IntegerField(default=0)
    digest = models.BinaryField(default=b"")
    """SHA-256 of the report as it was attached; empty without one."""
    scan = models.TextField(choices=Scan.choices, default=Scan.UNSCANNED, db_default=Scan.UNSCANNED)
    found = models.TextField(default="", db_default="")
    """What the scanner found."""
    scanned_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    """When the schedule last tried to have it scanned."""

    class Meta:
        indexes = [
            models.Index(fields=["-last_day", "-id"], name="oversight_evaluation_day"),
            models.Index(fields=["unit_id", "-last_day", "-id"], name="oversight_evaluation_unit"),
        ]


class Point(models.Model):
    """One line of a patrol (right or not) or of an evaluation (score of at most), with what was found."""

    patrol = models.ForeignKey(Patrol, null=True, on_delete=models.PROTECT, related_name="points")
    evaluation = models.ForeignKey(Evaluation, null=True, on_delete=models.PROTECT, related_name="points")
    place = models.SmallIntegerField()
    name = models.TextField()
    ok = models.BooleanField(null=True)
    """Empty: not looked at, or scored."""
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    most = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    finding = models.TextField(default="")
    severity = models.TextField(default="", choices=list(SEVERITIES.items()))

    class Meta:
        ordering = ["place", "id"]


class Demand(models.Model):
    """What a unit has to put right, until when; from a patrol or an evaluation."""

    patrol = models.ForeignKey(Patrol, null=True, on_delete=models.PROTECT, related_name="demands")
    evaluation = models.ForeignKey(Evaluation, null=True, on_delete=models.PROTECT, related_name="demands")
    unit_id = models.BigIntegerField()
    text = models.TextField()
    severity = models.TextField(choices=list(SEVERITIES.items()))
    due_on = models.DateField()
    due_at = models.DateTimeField()
    """The end of that day."""
    state = models.TextField(choices=list(STATES.items()), default="open")
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    asked_unit_id = models.BigIntegerField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by_id = models.BigIntegerField(null=True)
    report = models.TextField(default="")
    refusals = models.SmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    accepted_by_id = models.BigIntegerField(null=True)
    late_told_at = models.DateTimeField(null=True)
    """When the unit and who asked were told that it is late."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(patrol__isnull=False, evaluation__isnull=True)
                | Q(patrol__isnull=True, evaluation__isnull=False),
                name="oversight_demand_source",
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="oversight_demand_due", condition=~Q(state="accepted")),
            models.Index(fields=["unit_id", "due_at", "id"], name="oversight_demand_unit"),
            models.Index(fields=["-accepted_at", "-id"], name="oversight_demand_done", condition=Q(state="accepted")),
        ]


class Leak(models.Model):
    """Data that got out through somebody of ours or of a partner: which kinds, how it was found, who answers, the sanction.

    Never the data itself. Read by few, each reading in the audit log.
    """

    found_on = models.DateField()
    found_by = models.TextField(choices=list(FOUND.items()))
    kinds = ArrayField(models.TextField())
    """Keys of `words.DATA_KINDS`."""
    people = models.IntegerField(null=True)
    """About how many customers it concerns; empty when nobody knows yet."""
    answerable = models.TextField(choices=list(ANSWERABLE.items()))
    unit_id = models.BigIntegerField()
    """The unit, or the partner, that answers for it."""
    staff_id = models.BigIntegerField(null=True)
    name = models.TextField(default="")
    """An agent's or a person's name without an account here."""
    account = models.TextField()
    """What happened."""
    measures = models.TextField(default="")
    case_ids = ArrayField(models.BigIntegerField(), default=list)
    sanctions = ArrayField(models.TextField(), default=list)
    """Keys of `words.SANCTIONS`; empty until decided."""
    sanction_note = models.TextField(default="")
    decided_by = models.TextField(default="")
    """The person or body that decided."""
    decided_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    """When the decision was recorded."""
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["-found_on", "-id"], name="oversight_leak_day"),
            GinIndex(fields=["case_ids"], name="oversight_leak_cases"),
        ]


class Entry(models.Model):
    """One step: who, when, what, why. Only ever added."""

    class About(models.TextChoices):
        """Whose step it is."""

        PATROL = "patrol"
        EVALUATION = "evaluation"
        DEMAND = "demand"
        LEAK = "leak"

    about = models.TextField(choices=About.choices)
    subject_id = models.BigIntegerField()
    kind = models.TextField()
    """A key of `words.STEPS`."""
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    """Empty: the platform."""
    unit_id = models.BigIntegerField(null=True)
    text = models.TextField(default="")
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["about", "subject_id", "id"], name="oversight_entry_of")]
