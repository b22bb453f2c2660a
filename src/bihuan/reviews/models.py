"""Verdicts on cases that were passed on: one a case, the latest word counts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Lack(models.TextChoices):
    """What the first asker would have needed to solve it herself."""

    KNOWLEDGE = "knowledge", _("知识或话术")
    AUTHORITY = "authority", _("权限")
    SYSTEM = "system", _("系统功能")
    DATA = "data", _("数据查询")
    TIME = "time", _("时间")
    TRAINING = "training", _("培训")
    PROCESS = "process", _("流程规定")
    OTHER = "other", _("其他")


class PassedOn(models.Model):
    """One reviewed case. `agent_id` and `category_id` are kept as they were then, so that findings stay what they were."""

    case_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    solvable = models.BooleanField()
    """Whether it could have been solved at first contact."""
    lacks = ArrayField(models.TextField(), default=list)
    note = models.TextField(default="")
    agent_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    category_id = models.BigIntegerField(null=True)
    article_id = models.BigIntegerField(null=True)
    """The knowledge script drafted from it."""
    times = models.SmallIntegerField(default=1)
    """How often it was judged anew."""

    class Meta:
        indexes = [
            models.Index(fields=["agent_id"], name="reviews_agent"),
            models.Index(fields=["at"], name="reviews_at"),
        ]
