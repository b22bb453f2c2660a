"""Areas, trees and denominators. Every edit is kept by the history triggers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """Province, city, district or grid. The id of the first three is their official six-digit code."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("省")
        CITY = 2, _("市")
        DISTRICT = 3, _("区县")
        GRID = 4, _("网格")

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    name_en = models.TextField(default="")
    initials = models.TextField(default="")
    """Pinyin initials, for pickers: 武进区 → wjq."""
    level = models.SmallIntegerField(choices=Level.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["initials"], name="catalog_area_initials")]

    def __str__(self) -> str:
        return self.name


class Node(models.Model):
    """One entry of one of the trees. `code` is stable and unique within its tree; a retired node is inactive, never gone."""

    class Tree(models.TextChoices):
        PHENOMENON = "phenomenon", _("现象树")
        PRODUCT = "product", _("产品树")
        CAUSE = "cause", _("原因树")
        DISPUTE = "dispute", _("争议类型")

    class ServiceType(models.TextChoices):
        FAULT = "fault", _("故障")
        COMPLAINT = "complaint", _("投诉")
        ENQUIRY = "enquiry", _("咨询")
        REQUEST = "request", _("业务请求")

    tree = models.TextField(choices=Tree.choices)
    code = models.TextField()
    name = models.TextField()
    name_en = models.TextField(default="")
    initials = models.TextField(default="")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list)
    """Ids from the top down to itself."""
    level = models.SmallIntegerField(default=1)
    position = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    service_type = models.TextField(choices=ServiceType.choices, default="", blank=True)
    urgency = models.SmallIntegerField(null=True)
    impact = models.SmallIntegerField(null=True)
    complexity = models.SmallIntegerField(null=True)
    dispute = models.TextField(default="", blank=True)
    """Phenomenon tree: code of the dispute it counts under unless the case says otherwise."""
    keywords = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        ordering = ["tree", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["tree", "code"], name="catalog_node_code")]

    def __str__(self) -> str:
        return self.name


class Reason(models.Model):
    """A reason staff choose from: why declined, returned, waiting, unreachable… `pauses` says whether clocks stand still."""

    class Kind(models.TextChoices):
        DECLINE = "decline", _("不予受理")
        RETURN = "return", _("退单")
        WAITING = "waiting", _("挂起")
        REOPEN = "reopen", _("重新处理")
        EXCEPTION = "exception", _("未回访满意而结单")

    kind = models.TextField(choices=Kind.choices)
    code = models.TextField()
    name = models.TextField()
    name_en = models.TextField(default="")
    told_customer = models.TextField(default="")
    """What the customer is told, for reasons that reach her."""
    told_customer_en = models.TextField(default="")
    pauses = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="catalog_reason_code")]
        ordering = ["kind", "code"]


class Subscribers(models.Model):
    """How many customers an area has with a product in a month: the denominator of complaints per 10,000."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    product = models.ForeignKey(Node, null=True, on_delete=models.PROTECT)
    month = models.DateField()
    """The first day of the month."""
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "product", "month"], name="catalog_subscribers_one", nulls_distinct=False
            )
        ]


class Parameter(models.Model):
    """A single number or word a manager may change, such as within how many days a repeat is linked."""

    code = models.TextField(unique=True)
    value = models.JSONField()
    name = models.TextField()
    name_en = models.TextField(default="")

    class Meta:
        ordering = ["code"]
