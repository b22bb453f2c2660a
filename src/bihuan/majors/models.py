"""Interface persons and the template as settings; reports with their versions."""

from django.db import models
from django.db.models import Q


class Interface(models.Model):
    """The named interface person of a unit (and of those below it without one of their own)."""

    unit_id = models.BigIntegerField(unique=True)
    staff_id = models.BigIntegerField()

    class Meta:
        ordering = ["unit_id"]


class Template(models.Model):
    """The report's title and text with placeholders (`rules.PLACEHOLDERS`); one row, edits kept in the history."""

    title = models.TextField()
    text = models.TextField()


class Report(models.Model):
    """The report on one case: who leads, until when, to whom and when it was handed in."""

    case_id = models.BigIntegerField(unique=True)
    lead_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    """The lead's unit."""
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField(null=True)
    handed_at = models.DateTimeField(null=True)
    handed_by_id = models.BigIntegerField(null=True)
    to_unit_id = models.BigIntegerField(null=True)
    version = models.SmallIntegerField(null=True)
    """The version that was handed in."""
    word_id = models.BigIntegerField(null=True)
    pdf_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at", "id"], name="majors_open", condition=Q(handed_at=None))]
        ordering = ["-id"]


class Version(models.Model):
    """One writing of the report; personal numbers are vault tokens of the case."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    version = models.SmallIntegerField()
    title = models.TextField()
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="majors_version_once")]
        ordering = ["-version"]
