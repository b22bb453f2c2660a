"""What the three administrators and duty managers may do, checked in the verbs themselves."""

from django.utils.translation import gettext as _

from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden


def must(by: Viewer, right: str) -> None:
    """Raises `Forbidden` unless she has the right."""
    if not by.can(right):
        raise Forbidden(
            right,
            _("您的角色没有这项权限：系统管理员管账号和部门，安全管理员管角色，审计管理员看日志，三者互不代办。"),
        )
