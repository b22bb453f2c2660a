"""What surveys and care calls said, for lists and sums: of cases in reach."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Q, QuerySet

from bihuan.cases.access import scope
from bihuan.cases.models import Case
from bihuan.identity.viewer import Viewer
from bihuan.revisit.models import Survey


@dataclass(frozen=True)
class Sums:
    """How many links were sent and answered, how the answers stand; scores from 1 to 5, None where nothing was said."""

    sent: int
    answered: int
    score: float | None
    solved: int
    unsolved: int
    bad: int
    attitude: float | None
    speed: float | None
    communication: float | None

    @property
    def rate(self) -> float | None:
        """Answered ÷ sent."""
        return self.answered / self.sent if self.sent else None


def sent_to(viewer: Viewer, start: datetime | None, end: datetime | None) -> QuerySet[Survey]:
    """Surveys sent in the stretch (start included, end not) about cases in reach."""
    found = Survey.objects.filter(case_id__in=Case.objects.filter(scope(viewer)).values("pk"))
    if start is not None:
        found = found.filter(sent_at__gte=start)
    return found.filter(sent_at__lt=end) if end is not None else found


def sums(found: QuerySet[Survey]) -> Sums:
    """All of it in one statement."""
    told = found.aggregate(
        sent=Count("id"), answered=Count("id", filter=Q(answered_at__isnull=False)), mean=Avg("score"),
        yes=Count("id", filter=Q(solved=True)), no=Count("id", filter=Q(solved=False)),
        poor=Count("id", filter=Q(bad=True)), a=Avg("attitude"), s=Avg("speed"), c=Avg("communication"),
    )  # fmt: skip
    return Sums(
        told["sent"], told["answered"], told["mean"], told["yes"], told["no"], told["poor"], told["a"], told["s"],
        told["c"],
    )  # fmt: skip
