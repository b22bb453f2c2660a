"""The procedure in force, and its versions."""

from bihuan.cases.lexicon import either
from bihuan.escalation.models import Level, Procedure
from bihuan.escalation.rules import LevelInfo
from bihuan.kernel.cached import PerSettings


def latest() -> Procedure | None:
    """The version in force; None before the first start has seeded it."""
    return Procedure.objects.order_by("-version").first()


def info(level: Level) -> LevelInfo:
    """A stored line as plain values."""
    does = level.actions
    return LevelInfo(
        level.procedure.version, level.code, level.name, level.name_en, level.grade, level.moment, level.number,
        level.conditions, tuple(does.get("tell", ())), bool(does.get("raise")), str(does.get("reassign", "")),
        str(does.get("supervise", "")),
    )  # fmt: skip


def _load() -> tuple[LevelInfo, ...]:
    newest = latest()
    rows = Level.objects.filter(procedure=newest, active=True).select_related("procedure") if newest else ()
    return tuple(info(level) for level in rows)


in_force = PerSettings(_load, "escalation_procedure", "escalation_level")
"""The active lines of the version in force, in order."""


def named(name: str) -> str:
    """The name of an active level in the reader's language; what no level is called stays as it stands."""
    return next((either(level.name, level.name_en) for level in in_force() if level.name == name), name)
