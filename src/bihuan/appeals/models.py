"""Bodies with their conditions and limits as settings; appeals and their answer letters."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.appeals.rules import DISPUTES, ELSEWHERE, OUTCOMES, STATUSES


class Body(models.Model):
    """A public body that passes complaints on to the operator. Every edit is kept in the settings' history."""

    code = models.TextField(unique=True)
    """`miit`, `12300`, `12345` or `12315`: says which intake form is used."""
    name = models.TextField()
    name_en = models.TextField(default="")
    checks = ArrayField(models.TextField(), default=list, blank=True)
    """Codes of `rules.CHECKS` that decide whether it had to take the appeal."""
    fee_months = models.SmallIntegerField(default=5)
    other_months = models.SmallIntegerField(default=24)
    """A dispute older than so many months is barred; 0: never (for fees: as for others)."""
    unanswered_days = models.SmallIntegerField(default=15)
    letter = models.TextField(default="")
    """The answer letter with its placeholders (`papers.PLACEHOLDERS`)."""
    masked = models.BooleanField(default=True)
    """Whether letters show the customer's data as masks, or in plain (each sending then stands in the use register)."""
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """How long a body gives, for one province or (without) for all others. Days and calendar are those of the time
    limit with this code: one truth, edited from here."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="terms")
    province_id = models.BigIntegerField(null=True)
    policy_code = models.TextField(unique=True)
    conditions = models.TextField(default="", blank=True)
    """What this body asks for at intake there, in words, shown beside the form."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "province_id"], name="appeals_term_once", nulls_distinct=False)
        ]
        ordering = ["body_id", models.F("province_id").asc(nulls_first=True)]


class Appellant(models.TextChoices):
    """Who appeals: the customer, or someone for her (代客投诉)."""

    CUSTOMER = "customer", _("客户本人")
    AGENT = "agent", _("代理人")


class Appeal(models.Model):
    """One complaint a body passed on. The person, her address and numbers lie in the case's vault record; claim and
    facts are the case's `demand` and `content`."""

    case_id = models.BigIntegerField(unique=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    number = models.TextField()
    """The body's own number."""
    received_at = models.DateTimeField()
    """When the body took it from the appellant: its conditions are judged as of this day."""
    transferred_at = models.DateTimeField()
    """When the body passed it on: the operator's time runs from here."""
    appellant = models.TextField(choices=Appellant.choices, default=Appellant.CUSTOMER)
    templated = models.BooleanField(default=False)
    """The claim follows a template, as professional complainants send them (模板化诉求)."""
    postcode = models.TextField(default="")
    reason = models.TextField(default="")
    """Personal numbers are replaced by vault tokens of the case."""
    dispute = models.TextField(choices=list(DISPUTES.items()), default="other")
    arose_on = models.DateField(null=True)
    complained_on = models.DateField(null=True)
    outcome = models.TextField(choices=list(OUTCOMES.items()), default="dissatisfied")
    earlier_case_id = models.BigIntegerField(null=True)
    """The customer's own complaint to the operator that came before."""
    interested = models.BooleanField(default=True)
    named = models.BooleanField(default=True)
    settled = models.BooleanField(default=False)
    elsewhere = models.TextField(choices=list(ELSEWHERE.items()), default="", blank=True)
    own = models.JSONField(default=dict)
    """The body's own fields (`own.FIELDS`)."""
    failing = ArrayField(models.TextField(), default=list)
    """Codes of the conditions it does not meet, by the body's rules when it was last checked."""

    status = models.TextField(choices=[(code, one.name) for code, one in STATUSES.items()], default="in_hand")
    merged_into_id = models.BigIntegerField(null=True)
    """The appeal it was folded into."""
    answered_at = models.DateTimeField(null=True)
    """When the latest letter left; empty again after the body sent it back."""
    ended_at = models.DateTimeField(null=True)
    liable = models.BooleanField(null=True)
    reasonable = models.BooleanField(null=True)
    raised = models.BooleanField(default=False)
    """Settled only by giving more than due (升格处理办结)."""
    penalty = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    """Yuan charged to `penalty_unit_id` for it (考核)."""
    penalty_unit_id = models.BigIntegerField(null=True)
    taken_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="appeals_number_once")]
        indexes = [
            models.Index(fields=["body", "status", "-id"], name="appeals_body_status"),
            models.Index(fields=["earlier_case_id"], name="appeals_earlier"),
        ]


class Letter(models.Model):
    """One version of the answer letter. What was sent never changes; another version may follow."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="letters")
    version = models.SmallIntegerField()
    title = models.TextField()
    text = models.TextField()
    """Personal numbers as vault tokens, the customer's name and contacts as placeholders: filled in on paper only."""
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by_id = models.BigIntegerField(null=True)
    word_id = models.BigIntegerField(null=True)
    """The copy that was sent, kept as evidence of the case."""
    pdf_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "version"], name="appeals_letter_version")]
        ordering = ["-version"]
