"""The case as it stands now, and the chain of events it follows from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.states import AWAITING_REVISIT, OPEN_STATES, STATES

_OPEN = Q(status__in=OPEN_STATES)
_ANSWERED = Q(status__in=AWAITING_REVISIT)
_DUE = ("next_due_at", "id", "status")
VIP_LEAST = 5
"""The lowest customer level a VIP queue can begin at; the parameter `vip_level` says at which it does."""


class Channel(models.TextChoices):
    """Through what the complaint came (渠道)."""

    HOTLINE = "hotline", _("热线")
    WEB = "web", _("网站")
    WECHAT = "wechat", _("微信")
    WEIBO = "weibo", _("微博")
    APP = "app", _("手机应用")
    SMS = "sms", _("短信")
    TERMINAL = "terminal", _("自助终端")
    EMAIL = "email", _("邮件")
    ON_SITE = "on_site", _("现场")
    HALL = "hall", _("营业厅")
    SYSTEM = "system", _("系统工单")
    URGENT = "urgent", _("交办急单")
    REGULATOR = "regulator", _("监管转办")


class Urgency(models.IntegerChoices):
    """How pressing (紧急程度)."""

    NORMAL = 1, _("一般")
    HIGH = 2, _("重要")
    MAJOR = 3, _("重大")
    URGENT = 4, _("紧急")


class Mode(models.TextChoices):
    """`live` runs clocks and sends messages; `history` was finished elsewhere and only counts."""

    LIVE = "live", _("在办")
    HISTORY = "history", _("历史")


class Case(models.Model):
    """One complaint's present state. Every column follows from its events; ids of other rooms are kept without database
    constraints, so that a batch is one statement and the table can be distributed; `bihuan verify` checks them."""

    id = models.BigIntegerField(primary_key=True)
    number = models.TextField(unique=True)
    mode = models.TextField(choices=Mode.choices, default=Mode.LIVE)
    status = models.TextField(choices=[(code, state.name) for code, state in STATES.items()])
    version = models.IntegerField(default=1)
    """Rises with every event; a form saved against an older version is answered 409 with what changed."""
    event_count = models.IntegerField(default=1)
    last_hash = models.BinaryField()

    channel = models.TextField(choices=Channel.choices)
    source_system = models.TextField(default="")
    source_number = models.TextField(default="")
    called_hotline = models.TextField(default="")

    party_id = models.BigIntegerField()
    """The vault's record; intake gives it the case's own id."""
    customer_level = models.SmallIntegerField(default=0)
    relation = models.TextField(default="self")
    """`self` or `on_behalf`."""
    content = models.TextField()
    """Personal numbers are replaced by vault tokens; the rest is plain."""
    demand = models.TextField(default="")
    occurred_at = models.DateTimeField(null=True)
    frequency = models.TextField(default="")
    terminal = models.TextField(default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    datum = models.TextField(default="")
    """`wgs84`, `gcj02` or `bd09`; empty without a position."""
    extra = models.JSONField(default=dict)

    area_id = models.BigIntegerField(null=True)
    province_id = models.BigIntegerField(null=True)
    city_id = models.BigIntegerField(null=True)
    district_id = models.BigIntegerField(null=True)
    service_type = models.TextField(default="complaint")
    category_id = models.BigIntegerField(null=True)
    """Leaf of the phenomenon tree."""
    category_path = ArrayField(models.BigIntegerField(), default=list)
    suggested_category_id = models.BigIntegerField(null=True)
    suggested_score = models.FloatField(null=True)
    product_id = models.BigIntegerField(null=True)
    dispute_id = models.BigIntegerField(null=True)
    cause_id = models.BigIntegerField(null=True)
    urgency = models.SmallIntegerField(choices=Urgency.choices, default=Urgency.NORMAL)
    impact = models.SmallIntegerField(default=1)
    complexity = models.SmallIntegerField(default=1)
    priority = models.SmallIntegerField(default=4)
    """1 highest … 5 lowest, from urgency × impact × complexity × customer level."""
    flags = ArrayField(models.TextField(), default=list)
    """`security`, `urgent`, `threatens_regulator`, `threatens_exposure`, `major`, `not_accepted` (the answer),
    `above_level` (climbed over a level), and `supervised` while a supervision is open."""

    registered_at = models.DateTimeField()
    """When it reached the operator."""
    registered_by_id = models.BigIntegerField(null=True)
    """First asker (首问): stays answerable. Empty when the customer registered it herself."""
    registered_unit_id = models.BigIntegerField(null=True)
    holder_unit_id = models.BigIntegerField(null=True)
    handler_id = models.BigIntegerField(null=True)
    accepted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    """The first time it was passed on."""
    received_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    """The latest reply."""
    revisited_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it was closed, declined, withdrawn or merged; empty while open."""
    promised_at = models.DateTimeField(null=True)
    """The answer date the customer was told."""
    limit_at = models.DateTimeField(null=True)
    """When it has to be ended (the overall clock's due moment as it stood last): late means ended after it."""
    satisfaction = models.SmallIntegerField(null=True)
    """1 dissatisfied, 2 neutral, 3 satisfied."""
    dispatch_count = models.SmallIntegerField(default=0)
    return_count = models.SmallIntegerField(default=0)
    reopen_count = models.SmallIntegerField(default=0)
    chaser_count = models.SmallIntegerField(default=0)
    reply_count = models.SmallIntegerField(default=0)
    repeat_of_id = models.BigIntegerField(null=True)
    merged_into_id = models.BigIntegerField(null=True)
    next_due_at = models.DateTimeField(null=True)
    next_due_policy = models.TextField(default="")
    next_due_owner = models.TextField(default="")
    paused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_system", "source_number"], name="case_source", condition=~Q(source_number="")
            ),
        ]
        indexes = [
            models.Index(fields=["registered_at", "id"], name="case_registered"),
            models.Index(fields=["city_id", "registered_at", "id"], name="case_city"),
            models.Index(fields=["district_id", "registered_at", "id"], name="case_district"),
            models.Index(
                fields=["registered_by_id", "-id"], name="case_taken", condition=Q(registered_by_id__isnull=False)
            ),
            # queues: what they ask beside the order stands behind it, so that passing over a case reads no row
            models.Index(fields=[*_DUE, "province_id", "area_id"], name="case_due_open", condition=_OPEN),
            models.Index(fields=["holder_unit_id", *_DUE], name="case_due_unit", condition=_OPEN),
            models.Index(fields=["handler_id", *_DUE], name="case_due_mine", condition=_OPEN),
            models.Index(fields=["city_id", *_DUE], name="case_due_city", condition=_OPEN),
            models.Index(fields=["district_id", *_DUE], name="case_due_district", condition=_OPEN),
            models.Index(fields=["city_id", "replied_at", "id"], name="case_revisit", condition=_ANSWERED),
            models.Index(
                fields=["replied_at", "id", "province_id", "district_id", "area_id"],
                name="case_revisit_all",
                condition=_ANSWERED,
            ),
            # few of the open ones: along these the whole queue is walked, whoever asks
            models.Index(
                fields=[*_DUE, "customer_level", "holder_unit_id", "city_id", "district_id"],
                name="case_due_vip",
                condition=_OPEN & Q(customer_level__gte=VIP_LEAST),
            ),
            models.Index(
                fields=[*_DUE, "holder_unit_id", "city_id", "district_id"],
                name="case_due_security",
                condition=_OPEN & Q(flags__contains=["security"]),
            ),
            models.Index(fields=["repeat_of_id"], name="case_repeats", condition=Q(repeat_of_id__isnull=False)),
        ]


class CaseEvent(models.Model):
    """One fact about one case: who, when, what, why, from where. Only ever added.

    `id` is the global sequence. `hash` is SHA-256 over the hash of the case's event before it and this event's
    canonical form (`cases.chain`).
    """

    case_id = models.BigIntegerField()
    seq = models.IntegerField()
    """1, 2, 3… within the case."""
    kind = models.TextField()
    at = models.DateTimeField()
    """When it happened."""
    recorded_at = models.DateTimeField()
    """When it was written; later than `at` for imports and for clocks missed while stopped."""
    actor_id = models.BigIntegerField(null=True)
    """Staff; empty for the customer or the system."""
    unit_id = models.BigIntegerField(null=True)
    source = models.TextField()
    """`desk`, `public`, `api`, `import`, `clock`, `flow`, `demo`."""
    why = models.TextField(default="")
    payload = models.JSONField(default=dict)
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "seq"], name="case_event_seq")]


class CaseUnit(models.Model):
    """A unit that holds or once held a case: it may go on reading it after it handed it back. Rows are only ever added, each
    together with an event of the case."""

    unit_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    since = models.DateTimeField()
    helping = models.BooleanField(default=False, db_default=False)
    """It works on the case beside the lead unit at present: it may add contacts and evidence, and no more."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "case_id"], name="case_unit_once")]
        indexes = [
            models.Index(fields=["case_id"], name="case_unit_case"),
            models.Index(fields=["unit_id", "case_id"], name="case_unit_helping", condition=Q(helping=True)),
        ]


class Anchor(models.Model):
    """A seal over a stretch of the global sequence: what stood there at that minute, signed with a key the database
    does not hold. An event edited, removed, slipped in or swapped afterwards no longer matches."""

    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    count = models.BigIntegerField()
    digest = models.BinaryField()
    """SHA-256 over the anchor before it and all event hashes of the stretch in order."""
    signature = models.BinaryField()
    made_at = models.DateTimeField()


class AnchorHorizon(models.Model):
    """The stretch that will be sealed next: events up to `event_id` are settled once no transaction older than `xid` runs."""

    event_id = models.BigIntegerField()
    xid = models.TextField()
    seen_at = models.DateTimeField()
