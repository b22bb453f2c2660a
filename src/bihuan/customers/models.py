"""One sealed record of personal data a case, found again by keyed hashes, shown as masks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.Model):
    """Who complains, as told with one complaint.

    `sealed` is AES-GCM over all personal fields together (one encryption a complaint), bound to the row's id.
    The `*_index` columns are keyed hashes for exact search and for linking repeats; `masks` is what screens show.
    The id comes from a sequence that hands out blocks, so that a batch knows its ids before it is written.
    """

    id = models.BigIntegerField(primary_key=True)
    key_id = models.TextField()
    sealed = models.BinaryField(null=True)
    """Empty once shredded."""
    masks = models.JSONField(default=dict)
    """{name, identity_number, phone, other_contact, address, complained_number, calling_number, called_number, P1…}"""
    level = models.SmallIntegerField(default=0)
    """Member level, 0–7 stars."""
    phone_index = models.BinaryField(null=True)
    other_index = models.BinaryField(null=True)
    identity_index = models.BinaryField(null=True)
    line_index = models.BinaryField(null=True)
    """Of the number complained about; of the phone when none was given."""
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_index"], name="party_phone", condition=models.Q(phone_index__isnull=False)),
            models.Index(fields=["other_index"], name="party_other", condition=models.Q(other_index__isnull=False)),
            models.Index(
                fields=["identity_index", "-id"],
                name="party_identity_newest",
                condition=models.Q(identity_index__isnull=False),
            ),
            # both with the id: the newest of a line or a person are looked for at every registration, and whatever the
            # statistics say, going through all parties from the newest on must never look cheaper
            models.Index(
                fields=["line_index", "-id"], name="party_line_newest", condition=models.Q(line_index__isnull=False)
            ),
        ]


class Use(models.Model):
    """The use register (使用登记): who saw which sealed field of whom, when, for which stated purpose. Only ever added."""

    at = models.DateTimeField()
    staff_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    fields = models.JSONField()
    purpose = models.TextField()
    subject = models.TextField(default="")
    """The case number it was opened for."""

    class Meta:
        indexes = [
            models.Index(fields=["party_id", "-at"], name="customers_use_party"),
            models.Index(fields=["staff_id", "-at"], name="customers_use_staff"),
        ]


class Code(models.Model):
    """A one-time look-up code sent to a customer's own number. Only a keyed hash is kept; three wrong tries void it."""

    party_id = models.BigIntegerField()
    digest = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["party_id", "-id"], name="customers_code_party")]


class Mark(models.Model):
    """A customer known to complain by trade or in bad faith, found again by keyed hashes of her line and identity.

    For staff's eyes only; it moves nothing by itself and is over on its review date unless somebody renews it.
    """

    class Kind(models.TextChoices):
        """What she is known for."""

        PROFESSIONAL = "professional", _("职业投诉人")
        NOTORIOUS = "notorious", _("多次无理投诉")

    kind = models.TextField(choices=Kind.choices)
    party_id = models.BigIntegerField()
    """The record she was marked on."""
    line_index = models.BinaryField(null=True)
    identity_index = models.BinaryField(null=True)
    reason = models.TextField()
    evidence = models.TextField()
    """What shows it: numbers of cases, files, verdicts."""
    unit_id = models.BigIntegerField()
    marked_at = models.DateTimeField()
    marked_by_id = models.BigIntegerField()
    review_on = models.DateField()
    renewed_at = models.DateTimeField(null=True)
    renewed_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    reminded_on = models.DateField(null=True)
    """The review date that was reminded of."""

    class Meta:
        indexes = [
            models.Index(fields=["line_index"], name="customers_mark_line", condition=models.Q(ended_at=None)),
            models.Index(fields=["identity_index"], name="customers_mark_identity", condition=models.Q(ended_at=None)),
            models.Index(fields=["review_on"], name="customers_mark_review", condition=models.Q(ended_at=None)),
        ]
        ordering = ["review_on", "-id"]
