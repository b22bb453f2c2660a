"""Crews, what customers wish and agree on, and the visits that come of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.fieldwork.rules import AGREED_BY, AGREED_MEANS, AHEAD, STATUSES
from bihuan.fieldwork.tiers import TIERS


class Crew(models.Model):
    """A team that goes out (班组) with the areas contracted to it (分片承包). A setting: every edit is kept."""

    unit_id = models.BigIntegerField()
    name = models.TextField()
    name_en = models.TextField(default="", blank=True)
    tier = models.TextField(choices=list(TIERS.items()), default="on_site")
    member_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    area_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    """Areas of any level; empty: those of its unit."""
    calendar = models.TextField(default="7x24")
    """Code of a calendar of `sla`; on its closed days nobody goes out."""
    week = models.JSONField(default=dict, blank=True)
    """`{"mon": [["08:30", "10:30", 2], …], …}`: from, to, how many visits at once."""
    phone = models.TextField(default="", blank=True)
    """The crew's work telephone, which colleagues may call."""
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["unit_id", "id"]


class Wish(models.Model):
    """When the customer would rather be visited; kept on the case for every later visit."""

    case_id = models.BigIntegerField(unique=True)
    days = ArrayField(models.TextField(), default=list, blank=True)
    """Codes of `rules.DAYS`."""
    hour_from = models.TextField(default="", blank=True)
    hour_to = models.TextField(default="", blank=True)
    """`HH:MM`, empty: whenever."""
    note = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)


class Appointment(models.Model):
    """A visit agreed with the customer. Its words stand here; personal numbers are vault tokens of the case."""

    case_id = models.BigIntegerField()
    crew_id = models.BigIntegerField()
    staff_id = models.BigIntegerField(null=True)
    """Who of the crew goes, once that is said."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.TextField(choices=list(STATUSES.items()), default="agreed")
    agreed_by = models.TextField(choices=list(AGREED_BY.items()))
    agreed_means = models.TextField(choices=list(AGREED_MEANS.items()))
    note = models.TextField(default="", blank=True)
    waits = models.BooleanField(default=False)
    """The case waits until it begins."""
    moves = models.SmallIntegerField(default=0)
    booked_at = models.DateTimeField()
    booked_by_id = models.BigIntegerField(null=True)
    remind_at = models.DateTimeField(null=True)
    """When the customer is reminded; empty when she has been, or when it is too near."""
    reminded_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="fieldwork_visit_case"),
            models.Index(fields=["crew_id", "starts_at"], name="fieldwork_visit_crew"),
            models.Index(fields=["remind_at"], name="fieldwork_visit_remind", condition=Q(remind_at__isnull=False)),
            models.Index(fields=["staff_id", "starts_at"], name="fieldwork_visit_own", condition=Q(status__in=AHEAD)),
        ]
        ordering = ["starts_at", "id"]
