"""What the jobs process does again and again: a name, the seconds between two runs, what is called.

Each callable takes nothing and is harmless when it runs twice or late; it reads its own state from the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Periodic:
    """`work` is `module:function`, loaded in the jobs process only; `seconds` is the pause between two runs."""

    name: str
    seconds: float
    work: str

    def load(self) -> Callable[[], Any]:
        """The function itself; raises ImportError or AttributeError when it is not there."""
        module, _, function = self.work.partition(":")
        loaded: Callable[[], Any] = getattr(import_module(module), function)
        return loaded


PERIODIC: list[Periodic] = [
    Periodic("limits", 1, "bihuan.flow.escalation:run_limits"),
    Periodic("deadlines", 1, "bihuan.flow.escalation:run_terms"),
    Periodic("outbox", 1, "bihuan.channels.outbox:send"),
    Periodic("assigning", 3, "bihuan.flow.assigning:run"),
    Periodic("bulk", 1, "bihuan.flow.bulk:run"),
    Periodic("waiting", 5, "bihuan.handling.actions:resume_due"),
    Periodic("progress", 5, "bihuan.progress.actions:run"),
    Periodic("visits", 20, "bihuan.flow.fieldwork:run"),
    Periodic("anchors", 10, "bihuan.cases.anchors:seal_settled"),
    Periodic("words", 10, "bihuan.knowledge.indexing:run"),
    Periodic("answers", 3600, "bihuan.api.tidying:run"),
    Periodic("notices", 3600, "bihuan.notices.actions:tidy"),
    Periodic("rectification", 60, "bihuan.oversight.actions:remind"),
    Periodic("marks", 3600, "bihuan.flow.marks:remind"),
    Periodic("scanning", 15, "bihuan.handling.scanning:run"),
    Periodic("reports", 15, "bihuan.oversight.reports:scan"),
    Periodic("packs", 3600, "bihuan.handling.packs:tidy"),
    Periodic("imports", 3600, "bihuan.channels.file.failures:tidy"),
]
