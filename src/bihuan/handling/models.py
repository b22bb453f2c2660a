"""Contacts made, waits agreed, evidence kept, replies given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Means(models.TextChoices):
    """How the customer was spoken to."""

    CALL = "call", _("电话")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    CHAT = "chat", _("在线")
    VISIT = "visit", _("上门")


class Contact(models.Model):
    """One contact with the customer; its words are in the event."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    means = models.TextField(choices=Means.choices)
    reached = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="handling_contact_case")]


class Waiting(models.Model):
    """A stretch in which the case waits for an agreed reason; whether clocks pause follows from the reason."""

    case_id = models.BigIntegerField()
    reason_id = models.BigIntegerField()
    pauses = models.BooleanField()
    started_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    until = models.DateTimeField(null=True)
    """When it resumes by itself."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="handling_waiting_case"),
            models.Index(fields=["until"], name="handling_waiting_until", condition=models.Q(ended_at=None)),
        ]


class Evidence(models.Model):
    """A file (or a note of one kept elsewhere) with its SHA-256, who added it and when."""

    class Scan(models.TextChoices):
        """What a virus scanner said of it."""

        UNSCANNED = "unscanned", _("未查毒")
        CLEAN = "clean", _("已查毒")
        INFECTED = "infected", _("带病毒，已隔离")
        REMOVED = "removed", _("已依法删除")

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    kind = models.TextField()
    """`call_record`, `network_log`, `recording`, `photo`, `document`, `kpi`, `alarm`, `field_test`, `interference` or
    `signalling`."""
    name = models.TextField()
    media_type = models.TextField(default="application/octet-stream")
    size = models.BigIntegerField()
    digest = models.BinaryField()
    """SHA-256 of the content; also its name on disk, sealed."""
    from_customer = models.BooleanField(default=False)
    scan = models.TextField(choices=Scan.choices, default=Scan.UNSCANNED, db_default="unscanned")
    found = models.TextField(default="", db_default="")
    """What the scanner found."""
    scanned_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    """When the schedule last tried to have it scanned: others go first."""

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="handling_evidence_case"),
            models.Index(fields=["id"], name="handling_evidence_unscanned", condition=models.Q(scan="unscanned")),
        ]


class Reply(models.Model):
    """One answer to the customer. `final` is false for the interim answer that the first-reply limit may need."""

    class Settled(models.TextChoices):
        """How the waiting for a written answer's confirmation ended."""

        CUSTOMER = "customer", _("客户本人确认")
        STAFF = "staff", _("联系客户确认")
        REVISIT = "revisit", _("回访到客户")
        OVER = "over", _("未确认")

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    means = models.TextField(choices=Means.choices)
    text = models.TextField()
    """What the customer was told, personal numbers as vault tokens."""
    solution = models.TextField(default="")
    final = models.BooleanField(default=True)
    accepted = models.BooleanField(null=True)
    """Whether the customer accepts it, as far as known at once; a refusal is reported upward."""
    confirm_by = models.DateTimeField(null=True)
    """By when a written answer has to be confirmed; empty for one that waits for nothing."""
    settled_at = models.DateTimeField(null=True)
    settled = models.TextField(choices=Settled.choices, default="", db_default="")
    settled_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id", "-id"], name="handling_reply_case")]


class Pack(models.Model):
    """One evidence pack of a case: a signed ZIP, kept sealed until `expires_at`; the row stays."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("正在生成")
        READY = "ready", _("可下载")
        FAILED = "failed", _("生成失败")
        GONE = "gone", _("已过期")

    case_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    purpose = models.TextField()
    plain = models.BooleanField(default=False)
    """Personal data in plain words; else as masks."""
    originals = models.BooleanField(default=False)
    """The files themselves are in it; else only their digests."""
    state = models.TextField(choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(null=True)
    digest = models.BinaryField(null=True)
    """SHA-256 of the whole file."""
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="handling_pack_case"),
            models.Index(fields=["expires_at"], name="handling_pack_kept", condition=models.Q(state="ready")),
        ]
        ordering = ["-id"]


class SigningText(models.Model):
    """The words a customer signs, with placeholders (`signing.SPOTS`); one row a kind, edits kept in the history."""

    kind = models.TextField(unique=True)
    text = models.TextField()


class Signature(models.Model):
    """A customer's signature: the words as shown above it, its picture as evidence, and one digest of both, time and place."""

    class Kind(models.TextChoices):
        """What is signed."""

        WORK = "work", _("服务完成确认")
        SETTLEMENT = "settlement", _("处理协议")

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    """Whose device it was signed on."""
    kind = models.TextField(choices=Kind.choices)
    text = models.TextField()
    """As shown; personal numbers as vault tokens."""
    signer = models.TextField(default="")
    """`customer`, or `relative` who signed for her."""
    place = models.TextField(default="")
    """Latitude, longitude and metres of accuracy, WGS 84, where it was given."""
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="handling_signature_case")]
        ordering = ["-id"]


class CallerCheck(models.Model):
    """One check of whoever complains for somebody else: who she is, what was checked, and whether it held. Only added."""

    class Means(models.TextChoices):
        """How it was checked."""

        CODE = "code", _("验证码发到机主号码，由来电人读回")
        ANSWERS = "answers", _("回答核对问题")
        DOCUMENT = "document", _("查看委托书或关系证明")

    class Relation(models.TextChoices):
        """What she is to the customer."""

        FAMILY = "family", _("家属")
        FRIEND = "friend", _("朋友或邻居")
        COLLEAGUE = "colleague", _("单位经办人")
        LAWYER = "lawyer", _("律师或受托人")
        OTHER = "other", _("其他")

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    who = models.TextField()
    """Her name as a vault token of the case."""
    relation = models.TextField(choices=Relation.choices)
    means = models.TextField(choices=Means.choices)
    answered = models.JSONField(default=list)
    """Codes of the questions she answered rightly."""
    note = models.TextField(default="")
    passed = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="handling_callercheck_case")]
        ordering = ["-id"]


class RecordingHost(models.Model):
    """A host that call recordings may be linked to; `id_address` says where one lies of which only the id is known."""

    host = models.TextField(unique=True)
    id_address = models.TextField(default="")
    """`https://…{id}…` on the same host, or empty."""

    class Meta:
        ordering = ["host"]


class Recording(models.Model):
    """The recording of one contact, as its address on an allowed host; the sound itself stays where it is."""

    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    address = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="handling_recording_case")]
        ordering = ["-id"]
