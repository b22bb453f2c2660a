"""Roles and locks: the security administrator's part. She grants to others, never to herself."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bihuan.identity import audit, roles
from bihuan.identity.accounts import last_of_kind
from bihuan.identity.models import Staff
from bihuan.identity.permits import must
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden, RuleError
from bihuan.kernel.history import edited_by


def grant(staff_id: int, codes: Iterable[str], by: Viewer) -> Staff:
    """Her roles are exactly `codes` from now on. An administrator's role stands alone, and one of each kind remains."""
    must(by, roles.GRANTS)
    if staff_id == by.staff_id:
        raise Forbidden("grant.self", _("不能给自己授权，请由另一位安全管理员办理。"))
    wanted = set(codes)
    if wanted - set(roles.ROLES):
        raise RuleError("grant.unknown", _("没有这个角色，请从列表中选择。"), field="roles")
    alone = roles.conflict(wanted)
    if alone:
        raise RuleError(
            "grant.conflict", _("“%s”不能与其他角色兼任（三员分立）。") % roles.ROLES[alone].name, field="roles"
        )
    with edited_by(by.staff_id):
        staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
        last_of_kind(staff, wanted)
        before, staff.roles = sorted(staff.roles), [code for code in roles.ROLES if code in wanted]
        staff.save(update_fields=["roles"])
        _note(by, staff, action="roles", before=before, after=sorted(wanted))
    return staff


def unlock(staff_id: int, by: Viewer) -> Staff:
    """Let an account that failed too often try again at once."""
    must(by, roles.GRANTS)
    if staff_id == by.staff_id:
        raise Forbidden("grant.self", _("不能解锁自己的账号。"))
    with edited_by(by.staff_id):
        staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
        staff.failed_logins, staff.locked_until = 0, None
        staff.save(update_fields=["failed_logins", "locked_until"])
        _note(by, staff, action="unlock")
    return staff


def _note(by: Viewer, staff: Staff, **detail: object) -> None:
    audit.record("grant", actor_id=by.staff_id, actor_name=by.name, subject=staff.username, detail=detail)
