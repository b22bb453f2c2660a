"""The three separate administrators of an installation without a demo: they let everyone else in."""

import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import override

from bihuan.identity.models import Staff, Unit
from bihuan.identity.roles import ADMINISTRATORS, ROLES
from bihuan.kernel import clock

_UNIT = "HQ"


@transaction.atomic
def administrators() -> list[dict[str, str]]:
    """Give each of the three a new password, making accounts and their unit where missing.

    Returns role, username, password and name of each; the passwords are kept nowhere else and must be changed.
    """
    unit, made = Unit.objects.get_or_create(
        code=_UNIT, defaults={"name": "公司领导", "name_en": "Headquarters", "kind": Unit.Kind.HEADQUARTERS}
    )
    if made:
        unit.path = [unit.pk]
        unit.save(update_fields=["path"])
    return [_administrator(role, unit) for role in sorted(ADMINISTRATORS)]


def _administrator(role: str, unit: Unit) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    defaults: dict[str, Any] = {"unit": unit, "roles": [role], "created_at": clock.now(), **_names(role)}
    staff, _ = Staff.objects.get_or_create(username=role, defaults=defaults)
    staff.set_password(password)
    staff.must_change_password, staff.is_active = True, True
    staff.failed_logins, staff.locked_until = 0, None
    staff.save()
    return {"role": role, "username": role, "password": password, "name": staff.name}


def _names(role: str) -> dict[str, str]:
    with override("zh-hans"):
        chinese = str(ROLES[role].name)
    with override("en"):
        return {"name": chinese, "name_en": str(ROLES[role].name)}
