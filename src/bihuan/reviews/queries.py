"""Which passed-on cases are there to review, a fair sample of them, and what the verdicts say together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields import TextField
from django.db.models.functions import MD5, Cast, Concat

from bihuan.cases.access import scope, visible
from bihuan.cases.filters import Filter
from bihuan.cases.models import Case
from bihuan.identity.viewer import Viewer
from bihuan.reviews.models import PassedOn

MOST_SAMPLE = 500


def passed(viewer: Viewer, chosen: Filter, verdict: str = "") -> QuerySet[Case]:
    """Passed-on cases in reach under the filter. `verdict`: `none`, `solvable`, `right`, or empty for all."""
    found = visible(viewer).filter(chosen.q(), dispatched_at__isnull=False)
    held = PassedOn.objects.filter(case_id=OuterRef("pk"))
    if verdict == "none":
        return found.filter(~Exists(held))
    if verdict in {"solvable", "right"}:
        return found.filter(Exists(held.filter(solvable=verdict == "solvable")))
    return found


def sample(found: QuerySet[Case], size: int, seed: str) -> list[Case]:
    """So many of them by chance; the same seed draws the same ones, so that a sample can be worked through and shown."""
    order = MD5(Concat(Cast(F("id"), TextField()), Value(seed)))
    return list(found.order_by(order, "id")[: min(size, MOST_SAMPLE)])


def verdicts_of(case_ids: Sequence[int]) -> dict[int, PassedOn]:
    """Verdicts by case."""
    return {row.case_id: row for row in PassedOn.objects.filter(case_id__in=list(case_ids))}


@dataclass
class Finding:
    """What the verdicts on one agent or category say."""

    reviewed: int = 0
    solvable: int = 0
    lacks: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Of those reviewed, how many could have been solved at once."""
        return self.solvable / self.reviewed if self.reviewed else 0.0

    @property
    def worst(self) -> str:
        """What was missing most often; empty where nothing was."""
        return max(self.lacks, key=lambda lack: self.lacks[lack], default="")


def findings(
    viewer: Viewer, by: str, since: datetime | None = None, until: datetime | None = None
) -> list[tuple[int | None, Finding]]:
    """Findings by `agent_id`, `category_id` or `unit_id`, most solvable first; of cases in reach judged in the stretch."""
    judged = Q()
    if since is not None:
        judged &= Q(at__gte=since)
    if until is not None:
        judged &= Q(at__lt=until)
    rows = PassedOn.objects.filter(judged, case_id__in=Case.objects.filter(scope(viewer)).values("pk"))
    found: dict[int | None, Finding] = {}
    for key, solvable, lacks in rows.values_list(by, "solvable", "lacks"):
        one = found.setdefault(key, Finding())
        one.reviewed += 1
        one.solvable += solvable
        for lack in lacks:
            one.lacks[lack] = one.lacks.get(lack, 0) + 1
    return sorted(found.items(), key=lambda pair: (-pair[1].solvable, -pair[1].reviewed, str(pair[0])))
