"""What staff were told, and who wants which of it by mail or text message too."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.kernel.bulk import BulkTable


class Notice(models.Model):
    """One line in one person's inbox. `facts` are plain values (ids, codes, ISO moments), made words when read, so that
    each reader has them in her language."""

    staff_id = models.BigIntegerField()
    kind = models.TextField()
    """A key of `kinds.KINDS`."""
    case_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    """When she may be told; it is not there before."""
    read_at = models.DateTimeField(null=True)
    instead_of_id = models.BigIntegerField(null=True)
    """For whom she stands in; empty when it is her own."""

    class Meta:
        indexes = [
            models.Index(
                fields=["staff_id", "-made_at", "-id"], name="notices_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(fields=["staff_id", "-made_at", "-id"], name="notices_all"),
            models.Index(fields=["made_at"], name="notices_made"),
            models.Index(fields=["case_id"], name="notices_case", condition=Q(read_at__isnull=True)),
        ]


NOTICES = BulkTable(
    "notices_notice",
    (
        ("staff_id", "bigint"),
        ("kind", "text"),
        ("case_id", "bigint"),
        ("facts", "jsonb"),
        ("made_at", "timestamptz"),
        ("instead_of_id", "bigint"),
    ),
)
"""For writing notices in bulk."""


class Preference(models.Model):
    """Where one person may be reached outside, and for which kinds she wants to be."""

    staff_id = models.BigIntegerField(unique=True)
    mail_key_id = models.TextField(default="")
    mail_sealed = models.BinaryField(default=b"")
    """Her address, sealed; empty: none."""
    mail_kinds = ArrayField(models.TextField(), default=list)
    phone_key_id = models.TextField(default="")
    phone_sealed = models.BinaryField(default=b"")
    phone_kinds = ArrayField(models.TextField(), default=list)
