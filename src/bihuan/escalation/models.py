"""The procedure as versioned rows: the highest version is in force, older ones are kept because cases name them."""

from django.db import models


class Procedure(models.Model):
    """One version of the whole procedure."""

    version = models.IntegerField(unique=True)
    note = models.TextField(default="")
    """Why it was changed, in the words of who changed it."""

    class Meta:
        ordering = ["-version"]


class Level(models.Model):
    """If a limit reaches this moment and all conditions hold, these things are done. The first line that fits decides."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="levels")
    position = models.IntegerField()
    code = models.TextField()
    """Stays the same over versions."""
    name = models.TextField()
    name_en = models.TextField(default="")
    grade = models.SmallIntegerField()
    """1 … 9, as people call it: level 2."""
    moment = models.TextField()
    """`warned`, `breached` or `escalated`."""
    number = models.SmallIntegerField(default=0)
    """Which warning or escalation of a limit, from 1; 0: each."""
    conditions = models.JSONField(default=dict)
    """As `escalation.rules.CONDITIONS` lists them."""
    actions = models.JSONField(default=dict)
    """{tell: [targets], raise: bool, reassign: "" | pool | lead | deputy, supervise: "" | duration}"""
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["procedure", "code"], name="escalation_level_code")]
