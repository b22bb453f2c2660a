"""Tables any room may use: messages waiting to leave (outbox) and the history of settings."""

from django.db import models


class Message(models.Model):
    """Something to be told to someone outside: written in the business transaction, sent afterwards.

    The body is sealed by the customers room (it may hold a code or a name); `recipient_id` is that room's opaque id.
    """

    created_at = models.DateTimeField()
    medium = models.TextField()
    """`sms`, `email` or `notice` (a line on a colleague's desk)."""
    purpose = models.TextField()
    """Why it was written, e.g. `receipt`, `code`, `decline`, `reply`, `clock`."""
    subject_id = models.BigIntegerField(null=True)
    """The case it is about."""
    recipient_id = models.BigIntegerField(null=True)
    recipient_field = models.TextField(default="")
    """Which of the recipient's sealed numbers it goes to: `phone` or `other_contact`."""
    staff_id = models.BigIntegerField(null=True)
    key_id = models.TextField(default="")
    body = models.BinaryField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(sent_at=None), name="kernel_message_waiting"),
            models.Index(fields=["staff_id", "-id"], condition=models.Q(medium="notice"), name="kernel_message_notice"),
            models.Index(fields=["subject_id"], name="kernel_message_subject"),
        ]


class SettingChange(models.Model):
    """One edit of one settings row, written by a trigger so that no edit escapes it."""

    table = models.TextField()
    row_id = models.BigIntegerField()
    version = models.IntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    """Staff who edited; empty for the system itself (migrations, shipped seeds)."""
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "row_id", "version"], name="kernel_change_row")]


class SettingsVersion(models.Model):
    """The last edit of each table of settings: what was read from some tables is fresh while their numbers stand."""

    table = models.TextField(primary_key=True)
    number = models.BigIntegerField()
    """From one sequence for all tables, so that no number ever comes twice."""
