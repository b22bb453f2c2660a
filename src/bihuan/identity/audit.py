"""Writing the audit log: one row a matter, only ever added, never personal data."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from bihuan.identity.models import AuditEntry
from bihuan.kernel import clock


def record(
    kind: str,
    *,
    actor_id: int | None,
    actor_name: str,
    subject: str = "",
    result: str = "ok",
    address: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry in the caller's transaction. `kind` as `AuditEntry.kind` lists them; `address` may be empty."""
    AuditEntry.objects.create(
        at=clock.now(),
        actor_id=actor_id,
        actor_name=actor_name,
        kind=kind,
        subject=subject[:200],
        result=result,
        address=_address(address),
        detail=dict(detail or {}),
    )


def _address(told: str) -> str | None:
    try:
        return str(ip_address(told))
    except ValueError:
        return None
