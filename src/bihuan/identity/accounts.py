"""Accounts: the system administrator makes, changes and closes them; what they may do is granted elsewhere (`grants`)."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.identity import audit, roles
from bihuan.identity.models import Staff, Unit
from bihuan.identity.permits import must
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.kernel.history import edited_by

FIELDS = ("name", "name_en", "employee_number", "unit_id", "deputy_id", "skills")
"""What the system administrator may change; roles are not among them."""
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for one another when read from paper."""


def one_time_password() -> str:
    """Twelve letters and digits in three groups: about 70 bits, to be read out and changed at once."""
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(4)) for _group in range(3))


def create_account(username: str, fields: Mapping[str, Any], by: Viewer, *, system: bool = False) -> tuple[Staff, str]:
    """A new account without any role, and its one-time password (empty for another system's, which only uses tokens)."""
    must(by, roles.ACCOUNTS)
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise RuleError("account.username", _("账号用 2–32 个小写字母、数字、点或横线，以字母开头。"), field="username")
    password = "" if system else one_time_password()
    with edited_by(by.staff_id):
        if Staff.objects.filter(username=username).exists():
            raise Conflict("account.exists", _("账号“%s”已存在，请换一个。") % username, field="username")
        staff = Staff(username=username, is_system=system, created_at=clock.now(), must_change_password=not system)
        _set(staff, fields)
        staff.set_password(password or None)
        staff.save()
        _note(by, "create", staff)
    return staff, password


def edit_account(staff_id: int, fields: Mapping[str, Any], by: Viewer) -> Staff:
    """Change some of `FIELDS`."""
    must(by, roles.ACCOUNTS)
    with edited_by(by.staff_id):
        staff = _locked(staff_id)
        _set(staff, fields)
        staff.save()
        _note(by, "edit", staff, changed=sorted(fields))
    return staff


def reset_password(staff_id: int, by: Viewer) -> str:
    """A new one-time password, told once. The administrators' own are given anew on the server only
    (`bihuan administrators`): otherwise one of the three could sign in as another."""
    must(by, roles.ACCOUNTS)
    with edited_by(by.staff_id):
        staff = _locked(staff_id)
        if set(staff.roles) & roles.ADMINISTRATORS:
            raise Forbidden(
                "account.password",
                _("三员账号的密码不能由另一个管理员重置。请在服务器上运行 bihuan administrators。"),
            )
        if staff.is_system:
            raise RuleError("account.system", _("对接系统的账号不登录，没有密码；请使用令牌。"))
        password = one_time_password()
        staff.set_password(password)
        staff.must_change_password = True
        staff.password_changed_at = clock.now()
        staff.save()
        _note(by, "password_reset", staff)
    return password


def close_account(staff_id: int, by: Viewer) -> Staff:
    """Nobody signs in with it any more and its tokens open nothing; what she did stays under her name."""
    must(by, roles.ACCOUNTS)
    if staff_id == by.staff_id:
        raise Forbidden("account.self", _("不能停用自己的账号。"))
    with edited_by(by.staff_id):
        staff = _locked(staff_id)
        last_of_kind(staff, set())
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        _note(by, "close", staff)
    return staff


def reopen_account(staff_id: int, by: Viewer) -> Staff:
    """Back in use, in a unit that is in use."""
    must(by, roles.ACCOUNTS)
    with edited_by(by.staff_id):
        staff = _locked(staff_id)
        _check_unit(staff)
        staff.is_active = True
        staff.save(update_fields=["is_active"])
        _note(by, "reopen", staff)
    return staff


def last_of_kind(staff: Staff, kept: set[str]) -> None:
    """Refuses when, of some administrator's role she loses, nobody else in use would be left to hold it."""
    for code in (set(staff.roles) & roles.ADMINISTRATORS) - kept:
        others = Staff.objects.filter(roles__contains=[code], is_active=True).exclude(pk=staff.pk)
        if staff.is_active and not others.exists():
            raise Conflict(
                "account.last", _("这是最后一个“%s”，请先授予另一个账号。") % roles.ROLES[code].name, field="roles"
            )


def _locked(staff_id: int) -> Staff:
    return Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)


def _set(staff: Staff, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise RuleError("account.field", _("账号没有“%s”这一项。") % min(unknown), field=min(unknown))
    for name, value in fields.items():
        setattr(staff, name, value.strip() if isinstance(value, str) else value)
    if not staff.name:
        raise RuleError("account.name", _("请填写姓名。"), field="name")
    _check_unit(staff)
    if staff.deputy_id is not None:
        deputy = Staff.objects.filter(pk=staff.deputy_id, is_active=True, is_system=False).first()
        if deputy is None or deputy.pk == staff.pk:
            raise RuleError("account.deputy", _("代理人应是另一个在用的账号。"), field="deputy")


def _check_unit(staff: Staff) -> None:
    if not Unit.objects.filter(pk=staff.unit_id, active=True).exists():
        raise RuleError("account.unit", _("请选择一个在用的部门。"), field="unit")


def _note(by: Viewer, action: str, staff: Staff, **detail: Any) -> None:
    audit.record(
        "account", actor_id=by.staff_id, actor_name=by.name, subject=staff.username, detail={"action": action, **detail}
    )
