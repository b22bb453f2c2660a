"""Which step leads from which state to which. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPEN_STATES = ("open", "in_work")
SOURCES = ("registered", "accepted", "returned", "recalled")
"""States of a case that may still become one."""
ASKING = ("enquiry", "request")
"""Service types that are no complaint."""


@dataclass(frozen=True)
class Step:
    """One step; `kinds` says for which kind it is, empty `target` keeps the state."""

    code: str
    name: Promise
    sources: tuple[str, ...]
    target: str
    kinds: tuple[str, ...] = ("service", "lead")
    said: bool = True
    """Whether it needs words."""


STEPS: Mapping[str, Step] = {
    step.code: step
    for step in (
        Step("taking", _("接手"), ("open",), "in_work", said=False),
        Step("passing", _("转给其他部门"), OPEN_STATES, "open"),
        Step("completion", _("办好"), ("in_work",), "done", ("service",)),
        Step("win", _("成交"), ("in_work",), "won", ("lead",)),
        Step("loss", _("未成交"), ("in_work",), "lost", ("lead",)),
        Step("cancellation", _("取消"), OPEN_STATES, "cancelled"),
    )
}


def allowed(kind: str, state: str) -> list[Step]:
    """What may be done with one of this kind in this state."""
    return [step for step in STEPS.values() if state in step.sources and kind in step.kinds]
