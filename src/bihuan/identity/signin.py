"""Coming in and going out: five wrong passwords lock an account for a quarter of an hour, and everything is written down."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.identity import audit
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import edited_by

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


class Door(ModelBackend):
    """The only way in with a password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Staff | None:
        """The person when account and password fit and she is neither locked out nor gone."""
        if not username or password is None:
            return None
        return attempt(username, password, str(request.META.get("REMOTE_ADDR", "")) if request else "")


def attempt(username: str, password: str, address: str) -> Staff | None:
    """One try. Every failure is written down; a name nobody has is not, for it may be a password typed too early.

    The row is held while the password is checked, so that tries at once cannot outrun the lock.
    """
    with transaction.atomic():
        staff = Staff.objects.select_for_update(of=("self",)).filter(username=username.strip().lower()).first()
        if staff is None or staff.is_system or not staff.is_active:
            make_password(password)  # takes as long as a check, so that the time tells nothing
            _failed(staff, "inactive" if staff else "unknown", address)
            return None
        if staff.locked_until is not None and staff.locked_until > clock.now():
            make_password(password)
            _failed(staff, "locked", address)
            return None
        if staff.check_password(password):
            staff.failed_logins, staff.locked_until = 0, None
            staff.save(update_fields=["failed_logins", "locked_until"])
            return staff
        staff.failed_logins += 1
        if staff.failed_logins >= MOST_FAILURES:
            staff.failed_logins, staff.locked_until = 0, clock.now() + LOCKED_FOR
        staff.save(update_fields=["failed_logins", "locked_until"])
        _failed(staff, "locked_now" if staff.locked_until and not staff.failed_logins else "wrong", address)
    return None


def came_in(staff: Staff, address: str) -> None:
    """Someone signed in."""
    audit.record("login", actor_id=staff.pk, actor_name=staff.name, subject=staff.username, address=address)


def went_out(staff: Staff, address: str, why: str = "") -> None:
    """Someone signed out; `why` is `idle` when she was away too long."""
    audit.record(
        "logout", actor_id=staff.pk, actor_name=staff.name, subject=staff.username, address=address,
        detail={"why": why} if why else {},
    )  # fmt: skip


def must_change(staff: Staff) -> bool:
    """True when she has to choose a new password before anything else: it was given to her, or it is too old."""
    return staff.must_change_password or password_expires(staff) <= clock.now()


def password_expires(staff: Staff) -> datetime:
    """When her password will be too old (`BIHUAN_PASSWORD_DAYS`, 0: never)."""
    days = settings.PASSWORD_DAYS
    since = staff.password_changed_at or staff.created_at
    return since + timedelta(days=days) if days else datetime.max.replace(tzinfo=since.tzinfo)


def change_password(staff: Staff, old: str, new: str, address: str) -> None:
    """Her own new password; it must differ from the old one and be strong enough."""
    if not staff.check_password(old):
        raise RuleError("password.old", _("原密码不对。"), field="old")
    if staff.check_password(new):
        raise RuleError("password.same", _("新密码不能和原密码相同。"), field="new")
    try:
        validate_password(new, staff)
    except ValidationError as weak:
        raise RuleError("password.weak", " ".join(weak.messages), field="new") from None
    with edited_by(staff.pk):
        staff.set_password(new)
        staff.must_change_password, staff.password_changed_at = False, clock.now()
        staff.save(update_fields=["password", "must_change_password", "password_changed_at"])
        audit.record(
            "account", actor_id=staff.pk, actor_name=staff.name, subject=staff.username, address=address,
            detail={"action": "password_change"},
        )  # fmt: skip


def _failed(staff: Staff | None, result: str, address: str) -> None:
    audit.record(
        "login_failed",
        actor_id=staff.pk if staff else None,
        actor_name=staff.name if staff else "",
        subject=staff.username if staff else "",
        result=result,
        address=address,
    )
