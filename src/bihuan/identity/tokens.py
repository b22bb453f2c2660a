"""Bearer tokens of the API: made once, shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.identity import audit, roles
from bihuan.identity.models import Staff, Token
from bihuan.identity.scopes import SCOPES
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, RuleError
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


def issue(
    owner_id: int,
    name: str,
    scopes: Sequence[str],
    by: Viewer,
    *,
    source_system: str = "",
    expires_at: datetime | None = None,
) -> str:
    """A token asked for on a page: for oneself, or for the account of another system. It never opens more than its
    owner may, and nobody gets hold of a colleague's. Returns it, the only time it is seen."""
    if not by.can(roles.SETUP):
        raise Forbidden("token", _("令牌由业务管理员发放。"))
    owner = Staff.objects.filter(pk=owner_id, is_active=True).first()
    if owner is None or (not owner.is_system and owner.pk != by.staff_id):
        raise RuleError("token.owner", _("令牌只能发给自己，或发给对接系统的账号。"), field="owner")
    if not name.strip():
        raise RuleError("token.name", _("请写明令牌用在哪里，如“掌厅 H5”。"), field="name")
    beyond = [scope for scope in scopes if not owner.can(scope)]
    if beyond:
        names = _("、").join(str(SCOPES.get(scope, scope)) for scope in beyond)
        raise RuleError("token.beyond", _("权限范围超出了所属账号的权限：%s。") % names, field="scopes")
    if expires_at is not None and expires_at <= clock.now():
        raise RuleError("token.expired", _("到期日应在今天之后。"), field="expires_at")
    token = create(
        owner, name.strip(), scopes, by_id=by.staff_id, source_system=source_system.strip(), expires_at=expires_at
    )
    _note(by, owner, action="issue", name=name.strip(), hint=token[-4:], scopes=list(scopes))
    return token


def withdraw(token_id: int, by: Viewer) -> None:
    """Revoke a token: by who issues them, or by the security administrator."""
    if not (by.can(roles.SETUP) or by.can(roles.GRANTS)):
        raise Forbidden("token", _("令牌由业务管理员或安全管理员吊销。"))
    token = Token.objects.select_related("owner").get(pk=token_id)
    revoke(token_id, by.staff_id)
    _note(by, token.owner, action="revoke", name=token.name, hint=token.hint)


def _note(by: Viewer, owner: Staff, **detail: object) -> None:
    audit.record("token", actor_id=by.staff_id, actor_name=by.name, subject=owner.username, detail=detail)
