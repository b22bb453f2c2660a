"""Bearer tokens of the API: made once, shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.identity import roles
from bihuan.identity.models import Staff, Token
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import edited_by

PREFIX = "bh_"


def digest_of(token: str) -> bytes:
    """What is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def create(
    owner: Staff,
    name: str,
    scopes: Sequence[str],
    *,
    by_id: int | None,
    source_system: str = "",
    expires_at: datetime | None = None,
) -> str:
    """Make a token and return it, the only time it is seen."""
    strange = set(scopes) - set(roles.ALL_RIGHTS)
    if strange or not scopes:
        raise RuleError("token.scopes", _("请选择令牌的权限范围。"), field="scopes")
    token = PREFIX + secrets.token_urlsafe(32)
    with edited_by(by_id):
        Token.objects.create(
            owner=owner,
            name=name,
            digest=digest_of(token),
            hint=token[-4:],
            scopes=list(scopes),
            source_system=source_system,
            created_at=clock.now(),
            expires_at=expires_at,
        )
    return token


def find(token: str) -> Token | None:
    """The token's row when it is valid now: known, not revoked, not expired, its owner active."""
    row = Token.objects.select_related("owner").filter(digest=digest_of(token)).first()
    if row is None or row.revoked_at is not None or not row.owner.is_active:
        return None
    if row.expires_at is not None and row.expires_at <= clock.now():
        return None
    return row


def revoke(token_id: int, by_id: int | None) -> None:
    """From now on it opens nothing."""
    with edited_by(by_id):
        Token.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=clock.now())
