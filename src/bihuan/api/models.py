"""What the API itself remembers: answers given under an `Idempotency-Key`."""

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a step posted with a key, written in the step's own transaction: the same key gets it again.

    Answers that hold personal data are never kept: those requests change no case and simply run again.
    """

    token_id = models.BigIntegerField()
    key = models.TextField()
    digest = models.BinaryField()
    """SHA-256 over method, path and body: the same key for anything else is refused."""
    status = models.SmallIntegerField(default=0)
    """0 for requests that run again."""
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_id", "key"], name="api_kept_once")]
