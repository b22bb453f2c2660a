"""Milestones as settings, what each customer wishes, what was told, and how far the follower has read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Milestone(models.Model):
    """An event of which the customer is told, how, and in which words (`rules.PLACEHOLDERS`)."""

    class Medium(models.TextChoices):
        PHONE = "phone", _("短信")
        OTHER = "other_contact", _("邮件或其他联系方式")

    kind = models.TextField(unique=True)
    """The kind of event."""
    medium = models.TextField(choices=Medium.choices, default=Medium.PHONE)
    text = models.TextField()
    news = models.BooleanField(default=False)
    """Whether this message is the first news that the customer waits for."""
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]


class Wish(models.Model):
    """A customer who does not want messages about this complaint (or wants them again)."""

    case_id = models.BigIntegerField(unique=True)
    told = models.BooleanField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)


class Reader(models.Model):
    """How far the follower has read in the global sequence of events; one row."""

    event_id = models.BigIntegerField()
