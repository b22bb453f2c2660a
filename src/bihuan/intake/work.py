"""One complaint on its way through registration: what came in, what the checks made of it, what it becomes."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.cases.access import Lie, reaches
from bihuan.cases.actions import Doer
from bihuan.customers import vault
from bihuan.identity.viewer import Viewer
from bihuan.intake.prepare import Checked
from bihuan.intake.schema import ComplaintIn, Past, Registered
from bihuan.kernel.errors import RuleError

Statement = tuple[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]
Steps = Generator[Statement, Rows, list[Registered | RuleError]]


@dataclass(slots=True)
class Draft:
    """One complaint to be registered: what came in, who brought it, and how its answer is remembered."""

    complaint: ComplaintIn
    doer: Doer
    own: bool = True
    """The doer is the first asker and her unit holds the case; otherwise the area's service centre does."""
    token_id: int | None = None
    key: str = ""
    body_digest: bytes = b""
    past: Past | None = None
    language: str = ""
    """In which refusals are worded; empty: the language active anyway."""
    reader: Viewer | None = None
    """Who reads the answer: it names an earlier complaint only where that exists for her, and to nobody else."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A complaint registered before."""

    id: int
    number: str
    lie: Lie

    def told(self, reader: Viewer | None) -> str | None:
        """Its number, for a reader for whom it exists: it may lie in another city."""
        return self.number if reader is not None and reaches(reader, self.lie) else None


@dataclass(slots=True)
class Work:
    draft: Draft
    checked: Checked
    case_id: int = 0
    party: vault.SealedParty | None = None
    repeat: Earlier | None = None
    columns: dict[str, Any] = field(default_factory=dict)
