"""Who has which case open at this moment: a courtesy among colleagues, no record of anything."""

from django.db import models


class Presence(models.Model):
    """Someone's open page told a moment ago that it shows this case; rows older than an hour are swept by the next."""

    case_id = models.BigIntegerField()
    staff_id = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "staff_id"], name="desk_presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="desk_presence_seen")]
