"""The body's own clock as a chip of the house."""

from bihuan.kernel import clock
from bihuan.sla import queries as sla
from bihuan.sla.book import Clock
from bihuan.web import chips
from bihuan.web.chips import TimeChip
from bihuan.web.desk.names import either


def chip_of(held: Clock | None) -> TimeChip | None:
    """How long the body still waits, or whether it was answered in time; None without a clock."""
    if held is None:
        return None
    policy = sla.book().policy(held.policy_id)
    name, now = either(policy.name, policy.name_en), clock.now()
    tone = sla.tone(held, now)
    if held.state.stopped_at is not None:
        return chips.time_chip(held.state.due_at, name=name, met=tone == "met")
    if tone == "unknown":
        return chips.time_chip(None, name=name, paused=True)
    return chips.time_chip(held.state.due_at, name=name, warn_at=now if tone == "soon" else None)
