"""Bearer tokens at the entrance: the header read, and what is answered when it does not do."""

from django.utils.translation import gettext as _

from bihuan.api.v1.problem import Refused

_CHALLENGE = 'Bearer realm="bihuan"'


def bearer_of(header: str) -> str:
    """The token in an `Authorization` header; 401 when there is none."""
    kind, _space, token = header.strip().partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Refused(
            401,
            "token.missing",
            _("请在 Authorization 头中带上 Bearer 令牌。"),
            "Authorization",
            WWW_Authenticate=_CHALLENGE,
        )
    return token.strip()


def unknown_token() -> Refused:
    """401 for a token that opens nothing (any more)."""
    detail = _("令牌无效、已吊销或已过期，请联系管理员换发。")
    return Refused(401, "token.invalid", detail, "Authorization", WWW_Authenticate=_CHALLENGE)


def out_of_scope(rights: tuple[str, ...]) -> Refused:
    """403 for a token whose owner or scope lacks all of these rights."""
    detail = _("这个令牌没有这项权限（%(rights)s）。请换用有权限的令牌，或请安全管理员授权。")
    return Refused(403, "token.scope", detail % {"rights": " / ".join(rights)}, "Authorization")
