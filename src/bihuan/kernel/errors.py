"""What a rule says when it refuses. Each entrance maps these once: 422 fragment, problem+json, log and retry."""

from collections.abc import Mapping
from typing import Any


class RuleError(Exception):
    """A rule refused. `code` is stable (`reply.empty`), `message` is for people and says what to do.

    `field` names the input at fault where one is; `status` is the HTTP status an entrance answers with;
    `data` holds further plain values for the caller (never personal data).
    """

    status = 422

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str = "",
        status: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.field = field
        self.data = dict(data or {})
        if status is not None:
            self.status = status


class NotFound(RuleError):
    """The thing does not exist, or does not exist for this viewer: the two are never told apart."""

    status = 404

    def __init__(self, what: str = "page") -> None:
        super().__init__(f"{what}.not_found", "没有找到，或者您无权查看。请核对编号。")


class Forbidden(RuleError):
    """The viewer may see the thing but not do this with it."""

    status = 403

    def __init__(self, verb: str, message: str = "您的角色没有这项权限。如需办理，请联系班组长或安全管理员。") -> None:
        super().__init__(f"{verb}.forbidden", message)


class Conflict(RuleError):
    """Someone else changed it meanwhile, or its state does not allow the step."""

    status = 409
