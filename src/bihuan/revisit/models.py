"""Every call-back with its result, every ending with its reason."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Revisit(models.Model):
    """One call-back (回访): reached or not, satisfied or not, solved at the root or not, anything left."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    means = models.TextField(default="call")
    reached = models.BooleanField()
    satisfaction = models.SmallIntegerField(null=True)
    """1 dissatisfied, 2 neutral, 3 satisfied."""
    root_solved = models.BooleanField(null=True)
    left_over = models.BooleanField(default=False)
    reply_id = models.BigIntegerField(null=True)
    """The reply it asked about: a later reply needs its own revisit."""
    answers = models.JSONField(default=list)
    """[[question, answer], …] of the call sheet's further questions, as they were asked."""
    rule_id = models.BigIntegerField(null=True)
    rule_version = models.IntegerField(null=True)
    """The call-back rule in force then."""

    class Meta:
        indexes = [models.Index(fields=["case_id", "-id"], name="revisit_case")]


class Closure(models.Model):
    """The closing review (审核结单): cause, evidence kinds, the three causes of loss, and the approved exception if any."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    cause_id = models.BigIntegerField(null=True)
    evidence_kinds = ArrayField(models.TextField(), default=list)
    value_cause = models.BooleanField(default=False)
    system_cause = models.BooleanField(default=False)
    people_cause = models.BooleanField(default=False)
    exception_id = models.BigIntegerField(null=True)
    """Reason it may close without a satisfied customer."""
    approved_by_id = models.BigIntegerField(null=True)
    rule_id = models.BigIntegerField(null=True)
    rule_version = models.IntegerField(null=True)
    """The rule whose required set was met, or whose exception was approved."""

    class Meta:
        indexes = [models.Index(fields=["case_id", "-id"], name="revisit_closure_case")]


class Reopening(models.Model):
    """Back to handling: by a dissatisfied customer, a rejected answer, or a supervisor."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    """`dissatisfied`, `rejected`, `supervision`, `recurred`."""
    round = models.SmallIntegerField(default=1)
    """Which time it went back, from 1."""

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="revisit_reopening_case")]


class Withdrawal(models.Model):
    """Ended by the customer. Taken over the public page it is proven by the code, by staff it needs the contact it rests on."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    proven_by = models.TextField()
    """`code`, `call`, `letter`."""

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="revisit_withdrawal_case")]


class Merge(models.Model):
    """One complaint folded into another of the same customer or line; `state_before` lets it be undone."""

    case_id = models.BigIntegerField()
    into_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    state_before = models.TextField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="revisit_merge_case"),
            models.Index(fields=["into_id"], name="revisit_merge_into"),
        ]


class Rule(models.Model):
    """How cases of a category are called back, reviewed, asked and cared for; the empty category is for all others.

    Every edit raises `version`; what rests on a rule keeps its id and version, the history keeps the words.
    """

    class Bad(models.TextChoices):
        NOTHING = "nothing", _("只记录")
        REOPEN = "reopen", _("转回重新处理")
        COMPLAINT = "complaint", _("另立一张关联投诉")

    category = models.TextField(default="", blank=True)
    """Code in the phenomenon tree; what lies below it follows too."""
    version = models.IntegerField(default=1)
    active = models.BooleanField(default=True)
    days = ArrayField(models.SmallIntegerField(), default=list)
    """Weekdays on which is called, Monday 1; on holidays too."""
    hour_from = models.SmallIntegerField(default=9)
    hour_to = models.SmallIntegerField(default=20)
    """Local hours between which is called."""
    gap_minutes = models.IntegerField(default=120)
    """How long a customer who did not answer is left alone."""
    attempts = models.SmallIntegerField(default=3)
    spread_days = models.SmallIntegerField(default=1)
    media = ArrayField(models.TextField(), default=list)
    """Unreachable only after so many attempts, on so many days, with each of these media tried."""
    approver = models.TextField(default="", blank=True)
    """Role of who approves closing then; empty: any supervisor."""
    approval_term = models.TextField(default="8h")
    required = ArrayField(models.TextField(), default=list, blank=True)
    """What the closing review must have; codes of `review.REQUIREMENTS`."""
    follows = models.BooleanField(default=False, db_default=False)
    """Only `required` is its own; in all else it follows the rule above it."""
    script = models.TextField(default="", blank=True)
    script_en = models.TextField(default="", blank=True)
    questions = ArrayField(models.TextField(), default=list, blank=True)
    survey = models.BooleanField(default=True)
    survey_days = models.SmallIntegerField(default=7)
    """How long the link of a survey is good."""
    bad_score = models.SmallIntegerField(default=2)
    """A score up to this, or "not solved", is a bad rating."""
    bad_rating = models.TextField(choices=Bad.choices, default=Bad.REOPEN)
    bad_days = models.SmallIntegerField(default=7)
    """Only within so many days after closing it goes back; later it becomes a linked complaint."""
    care_days = models.SmallIntegerField(default=0)
    """A care call so many days after closing; 0: none."""
    care_within = models.SmallIntegerField(default=3)
    """Days from then within which it has to be made."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category"], name="revisit_rule_category")]
        ordering = ["category"]


class CallPlan(models.Model):
    """When a case that could not be called back is to be tried next; the case's id is its own."""

    case_id = models.BigIntegerField(primary_key=True)
    next_at = models.DateTimeField()
    promised = models.BooleanField(default=False)
    """The customer named the time."""

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="revisit_callplan_next")]


class ClosingRequest(models.Model):
    """A closing without a satisfied customer, asked for by one and confirmed or refused by another."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    exception_id = models.BigIntegerField()
    approver_id = models.BigIntegerField()
    deputy_id = models.BigIntegerField(null=True)
    closing = models.JSONField()
    """What the closing review coded: keyword arguments of `closing.Review`."""
    note = models.TextField(default="")
    rule_id = models.BigIntegerField(null=True)
    rule_version = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    approved = models.BooleanField(null=True)
    why = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(decided_at__isnull=True), name="revisit_request_one_open"
            )
        ]
        indexes = [
            models.Index(
                fields=["approver_id", "at"],
                condition=models.Q(decided_at__isnull=True),
                name="revisit_request_waiting",
            ),
            models.Index(fields=["case_id", "-id"], name="revisit_request_case"),
        ]


class Survey(models.Model):
    """A few questions sent to the customer after closing; the link's token is kept as a digest only."""

    case_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    digest = models.BinaryField(unique=True)
    rule_id = models.BigIntegerField(null=True)
    rule_version = models.IntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    score = models.SmallIntegerField(null=True)
    """1 (bad) to 5 (good), as the three below."""
    solved = models.BooleanField(null=True)
    attitude = models.SmallIntegerField(null=True)
    speed = models.SmallIntegerField(null=True)
    communication = models.SmallIntegerField(null=True)
    words = models.TextField(default="")
    bad = models.BooleanField(default=False)
    led_to = models.TextField(default="")
    """`reopened`, the number of the linked complaint, or empty."""

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="revisit_survey_case"),
            models.Index(
                fields=["-answered_at"], condition=models.Q(answered_at__isnull=False), name="revisit_survey_answered"
            ),
        ]


class Care(models.Model):
    """A call some days after closing, so that a second complaint need not be (关怀回访); never reopens by itself."""

    class Outcome(models.TextChoices):
        FINE = "fine", _("使用正常")
        BACK = "back", _("问题又出现了")
        UNREACHED = "unreached", _("没有联系上")
        REFUSED = "refused", _("客户不愿多谈")

    case_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    """From when it is to be made."""
    until = models.DateTimeField()
    rule_id = models.BigIntegerField(null=True)
    rule_version = models.IntegerField(null=True)
    tries = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by_id = models.BigIntegerField(null=True)
    outcome = models.TextField(default="")
    satisfaction = models.SmallIntegerField(null=True)
    note = models.TextField(default="")
    led_to = models.TextField(default="")
    """`reopened`, the number of the linked complaint, or empty."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(done_at__isnull=True), name="revisit_care_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at__isnull=True), name="revisit_care_due"),
            models.Index(fields=["case_id", "-id"], name="revisit_care_case"),
        ]


class Sheet(models.Model):
    """An interview sheet: questions staff ask and fill in for a case. Every edit raises `version`."""

    code = models.TextField(unique=True)
    version = models.IntegerField(default=1)
    name = models.TextField()
    name_en = models.TextField(default="", blank=True)
    questions = models.JSONField(default=list)
    """[{"text", "kind": "score" | "yes_no" | "text" | "choice", "choices": […]}]"""
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]


class Interview(models.Model):
    """One sheet filled in for one case; keeps the questions as they were asked."""

    case_id = models.BigIntegerField()
    sheet_id = models.BigIntegerField()
    sheet_version = models.IntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    answers = models.JSONField()
    """[[question, kind, answer], …]"""

    class Meta:
        indexes = [models.Index(fields=["case_id", "-id"], name="revisit_interview_case")]
