"""What the agent sees beside the form: the caller's earlier cases, and whether this has been said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bihuan.cases.access import visible
from bihuan.cases.models import Case
from bihuan.cases.states import STATES
from bihuan.customers import marks
from bihuan.customers import queries as customers
from bihuan.customers.models import Mark
from bihuan.flow import marks as marking
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.text.likeness import most_alike

LAST = 5
ALIKE = 0.45


@dataclass(frozen=True)
class Earlier:
    """One earlier case of the caller."""

    case: Case
    masks: dict[str, str]

    @property
    def open(self) -> bool:
        """Still being worked on: a further call about it is a chaser, not a new complaint."""
        return STATES[self.case.status].open


def of_caller(viewer: Viewer, number: str) -> list[Earlier]:
    """The caller's last cases within the agent's reach, newest first."""
    parties = customers.parties_with_number(number)
    cases = list(visible(viewer).filter(pk__in=parties).order_by("-id")[:LAST]) if parties else []
    masks = customers.masks_of(case.party_id for case in cases)
    return [Earlier(case, masks.get(case.party_id, {})) for case in cases]


def mark_of(viewer: Viewer, number: str) -> Mark | None:
    """The mark that stands on whoever calls from this number, for who may know her."""
    return marks.of_number(number) if marking.may_see(viewer) else None


def said_before(viewer: Viewer, number: str, area_id: int | None, content: str) -> list[tuple[Case, float]]:
    """Open cases that say nearly the same: of this caller, else of the same district today. At most three, likest first."""
    open_cases = visible(viewer).filter(ended_at=None)
    parties = customers.parties_with_number(number) if number else []
    candidates: Sequence[Case] = list(open_cases.filter(pk__in=parties).order_by("-id")[:10]) if parties else []
    if area_id is not None:
        near = open_cases.filter(area_id=area_id, registered_at__gte=clock.now() - timedelta(days=1))
        candidates = [*candidates, *near.exclude(pk__in=[case.pk for case in candidates]).order_by("-id")[:40]]
    found = most_alike(content, [case.content for case in candidates], least=ALIKE, top=3)
    return [(candidates[place], score) for place, score in found]
