"""`Idempotency-Key`: the first request under a key does the work, every later one gets the same answer."""

import hashlib

from django.db import connection
from django.utils.translation import gettext as _

from bihuan.api.models import KeptAnswer
from bihuan.api.v1.problem import Refused
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict

MOST_KEY = 200


def key_of(header: str) -> str:
    """The key as given; refused when it is too long or not printable ASCII."""
    if len(header) > MOST_KEY:
        raise Refused(422, "idempotency.key_long", _("Idempotency-Key 最长 200 个字符。"), "Idempotency-Key")
    if header and not (header.isascii() and header.isprintable()):
        raise Refused(
            422, "idempotency.key_malformed", _("Idempotency-Key 只能用可见的 ASCII 字符。"), "Idempotency-Key"
        )
    return header.strip()


def digest_of(method: str, path: str, body: bytes) -> bytes:
    """What is compared when a key comes again."""
    return hashlib.sha256(f"{method} {path}\n".encode() + body).digest()


def claim(token_id: int, key: str, digest: bytes) -> KeptAnswer | None:
    """Claim a key inside the step's transaction; the kept answer when it was used before for the same request.

    A second request under the key waits here until the first has committed or failed. `Conflict` for another request.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_keptanswer (token_id, key, digest, status, body, at) VALUES (%s, %s, %s, 0, '', %s)"
            " ON CONFLICT DO NOTHING",
            [token_id, key, digest, clock.now()],
        )
        if cursor.rowcount:
            return None
    found = KeptAnswer.objects.get(token_id=token_id, key=key)
    if bytes(found.digest) != digest:
        raise Conflict(
            "idempotency.key_reused",
            _("这个 Idempotency-Key 已用于另一份内容；请为新的请求换一个键。"),
            field="Idempotency-Key",
        )
    return found if found.status else None


def keep(token_id: int, key: str, status: int, body: bytes) -> None:
    """Keep the answer under the key claimed before, in the same transaction."""
    KeptAnswer.objects.filter(token_id=token_id, key=key).update(status=status, body=body)
