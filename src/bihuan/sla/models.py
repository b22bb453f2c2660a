"""Calendars, days off, policies and clocks as rows. Settings are versions: an edit adds a row, running clocks keep theirs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.kernel.bulk import BulkTable


class Calendar(models.Model):
    """One version of one kind of open time."""

    class Kind(models.TextChoices):
        ALWAYS = "always", _("全天候（7×24）")
        WEEKLY = "weekly", _("按周作息，不随节假日变化")
        OFFICIAL = "official", _("按周作息，节假日和调休按官方安排")

    code = models.TextField()
    version = models.IntegerField(default=1)
    name = models.TextField()
    name_en = models.TextField(default="")
    kind = models.TextField(choices=Kind.choices)
    zone = models.TextField(default="Asia/Shanghai")
    """IANA name; local days and hours are taken there."""
    week = models.JSONField(default=dict)
    """`{"mon": [["09:00", "12:00"], …], …}`; absent days are closed."""
    makeup = models.JSONField(default=list)
    """Hours of make-up days; empty: as on the first working day of the week."""
    region = models.TextField(default="cn")
    """Whose days off an official calendar follows."""
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="sla_calendar_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(active=True), name="sla_calendar_one_active"),
        ]
        ordering = ["code", "-version"]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class CalendarDay(models.Model):
    """A day off, or a make-up day that is worked though it falls on a weekend (调休). A year with no row is unknown."""

    region = models.TextField(default="cn")
    day = models.DateField()
    worked = models.BooleanField()
    name = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="sla_calendar_day_once")]
        ordering = ["region", "day"]


class Policy(models.Model):
    """One version of one promise; fields as `policies.Policy` describes them."""

    class Owner(models.TextChoices):
        CUSTOMER = "customer", _("对客户")
        UNIT = "unit", _("部门内部")
        OPERATOR = "operator", _("公司内部")
        REGULATOR = "regulator", _("对监管机构")
        ASSESSMENT = "assessment", _("考核")

    code = models.TextField()
    version = models.IntegerField(default=1)
    name = models.TextField()
    name_en = models.TextField(default="")
    owner = models.TextField(choices=Owner.choices)
    duration = models.TextField()
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT)
    family = models.TextField(default="", blank=True)
    rank = models.SmallIntegerField(default=0)
    applies = models.JSONField(default=list, blank=True)
    variants = models.JSONField(default=list, blank=True)
    start_on = ArrayField(models.TextField())
    stop_on = ArrayField(models.TextField())
    cancel_on = ArrayField(models.TextField(), default=list, blank=True)
    reopen_on = ArrayField(models.TextField(), default=list, blank=True)
    pausable = models.BooleanField(default=False)
    repeats = models.BooleanField(default=False)
    warn = models.JSONField(default=list, blank=True)
    escalate = models.JSONField(default=list, blank=True)
    tell = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)
    active = models.BooleanField(default=False)
    """Only active versions start clocks; a version without `latest` never comes back."""
    latest = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="sla_policy_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(latest=True), name="sla_policy_one_latest"),
        ]
        ordering = ["code", "-version"]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class Clock(models.Model):
    """One promise running on one case; see `clocks.ClockState`. Durations are microseconds of open time.

    No database constraint towards the case or the policy: intake writes rows of many cases in one statement.
    """

    case_id = models.BigIntegerField()
    area_id = models.BigIntegerField(null=True)
    policy_id = models.BigIntegerField()
    variant = models.SmallIntegerField(default=0)
    round = models.SmallIntegerField(default=1)
    """1 for the first time this promise ran on the case, 2 after a re-dispatch …"""
    state = models.SmallIntegerField()
    """`clocks.State`."""
    started_at = models.DateTimeField()
    counted_from = models.DateTimeField()
    allowance = models.BigIntegerField()
    worked = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    """When the watch has to look again; empty when nothing more can happen by itself."""
    level = models.SmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused = models.BigIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="sla_clock_case"),
            models.Index(fields=["next_at"], name="sla_clock_next", condition=Q(next_at__isnull=False)),
        ]


CLOCKS = BulkTable(
    "sla_clock",
    (
        ("case_id", "bigint"),
        ("area_id", "bigint"),
        ("policy_id", "bigint"),
        ("variant", "smallint"),
        ("round", "smallint"),
        ("state", "smallint"),
        ("started_at", "timestamptz"),
        ("counted_from", "timestamptz"),
        ("allowance", "bigint"),
        ("worked", "bigint"),
        ("due_at", "timestamptz"),
        ("next_at", "timestamptz"),
        ("level", "smallint"),
        ("paused_at", "timestamptz"),
        ("paused", "bigint"),
        ("stopped_at", "timestamptz"),
    ),
)
"""For writing clocks in bulk: rows are `NewClock.row(case_id, area_id)`."""


class Deadline(models.Model):
    """A term set for one piece of work beside a case's own clocks: an assistance, an approval, a ruling, a call-back.

    The room that owns the work keeps its row (`kind`, `subject_id`) and ends the deadline; see `deadlines`.
    """

    kind = models.TextField()
    subject_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    """Empty for work on no single case."""
    unit_id = models.BigIntegerField(null=True)
    staff_id = models.BigIntegerField(null=True)
    deputy_id = models.BigIntegerField(null=True)
    """Who has to act, and who in her absence."""
    calendar = models.TextField(default="7x24")
    duration = models.TextField(default="")
    """As it was told; empty when a moment was set by hand."""
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    moments = ArrayField(models.DateTimeField())
    """When the levels fire, in order: before due (warned), due (breached), after due (escalated)."""
    level = models.SmallIntegerField(default=0)
    """How many of `moments` have fired."""
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(ended_at__isnull=True), name="sla_deadline_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["case_id"], name="sla_deadline_case"),
            models.Index(fields=["next_at"], name="sla_deadline_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["kind", "subject_id"], name="sla_deadline_subject"),
        ]
