"""Crews, what customers wish and agree on, and the visits that come of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.fieldwork.orders_rules import BLOCKS, CLEANUP, HIGHEST, LOWEST, OPEN
from bihuan.fieldwork.orders_rules import STATUSES as ORDER_STATUSES
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


class Order(models.Model):
    """A repair order (维修单) from a case to a crew. Its words stand here; personal numbers and the fault's address are
    vault tokens of the case."""

    case_id = models.BigIntegerField()
    crew_id = models.BigIntegerField()
    worker_id = models.BigIntegerField(null=True)
    tier = models.TextField(choices=list(TIERS.items()), default="on_site")
    status = models.TextField(choices=list(ORDER_STATUSES.items()), default="sent")
    fault = models.TextField()
    product = models.TextField(default="", blank=True)
    """Product and line, in words."""
    place = models.TextField(default="", blank=True)
    """A vault token of the fault's address; empty: the customer's own."""
    area_id = models.BigIntegerField(null=True)
    visit_id = models.BigIntegerField(null=True)
    """The appointment it belongs to."""
    sent_at = models.DateTimeField()
    sent_by_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    on_way_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(default="", blank=True)
    before_dbm = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    after_dbm = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="fieldwork_order_case"),
            models.Index(fields=["crew_id", "-id"], name="fieldwork_order_crew"),
            models.Index(fields=["worker_id", "due_at"], name="fieldwork_order_own", condition=Q(status__in=OPEN)),
            models.Index(fields=["sent_at", "id"], name="fieldwork_order_sent"),
        ]
        ordering = ["-id"]


class Deed(models.Model):
    """One step of an order. `key` comes with the press of a button: however often it is sent, it counts once."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deeds")
    noun = models.TextField()
    key = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], condition=~Q(key=""), name="fieldwork_deed_once")
        ]
        ordering = ["id"]


class Block(models.Model):
    """What stands in the way of an order: an obstacle (阻碍) or a resource that is not there (无资源), until it is freed."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="blocks")
    case_id = models.BigIntegerField()
    crew_id = models.BigIntegerField()
    area_id = models.BigIntegerField(null=True)
    kind = models.TextField(choices=list(BLOCKS.items()))
    reason = models.TextField()
    note = models.TextField(default="", blank=True)
    expected = models.DateField()
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "expected"], name="fieldwork_block_open", condition=Q(ended_at=None))]
        ordering = ["expected", "id"]


class WeakLine(models.Model):
    """A line whose light is outside the limits (光衰整治清单), until it is put right."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="weak")
    case_id = models.BigIntegerField()
    crew_id = models.BigIntegerField()
    area_id = models.BigIntegerField(null=True)
    status = models.TextField(choices=list(CLEANUP.items()), default="open")
    found_dbm = models.DecimalField(max_digits=5, decimal_places=2)
    found_at = models.DateTimeField()
    now_dbm = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    planned = models.DateField(null=True)
    note = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["crew_id", "status"], name="fieldwork_weak_crew")]
        ordering = ["-id"]


class Limits(models.Model):
    """Between which received powers (dBm) a line is good; one row, a setting."""

    lowest = models.DecimalField(max_digits=5, decimal_places=2, default=LOWEST)
    highest = models.DecimalField(max_digits=5, decimal_places=2, default=HIGHEST)
