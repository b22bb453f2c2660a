"""Figures of oversight by unit: visits and what was wrong, demands and how they were met, evaluations and their scores.

Read from the tables of the room; what the viewer may not see is not counted. Four statements however many there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Avg, Count, F, Q

from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.oversight import queries as reading
from bihuan.oversight.models import Point


@dataclass(frozen=True)
class Line:
    """One unit (None: all together), since a day: visits and evaluations of that time, demands asked for since then.

    `looked` points were looked at, `wrong` of them; `open`, `late` (of the open ones), `reported` and `accepted` are as of
    now and add up to `asked` without `late`; `in_time` of the accepted were reported by their day; `score` of a hundred.
    """

    unit_id: int | None
    patrols: int = 0
    looked: int = 0
    wrong: int = 0
    evaluations: int = 0
    score: float | None = None
    asked: int = 0
    open: int = 0
    late: int = 0
    reported: int = 0
    accepted: int = 0
    in_time: int = 0

    @property
    def kept(self) -> float | None:
        """Share of accepted demands that were reported in time; None where none was accepted."""
        return self.in_time / self.accepted if self.accepted else None


def lines(viewer: Viewer, since: date) -> tuple[list[Line], Line]:
    """By unit, the one with most demands first, and together."""
    parts: dict[int, dict[str, Any]] = {}
    for rows in (_visits(viewer, since), _points(viewer, since), _evaluations(viewer, since), _demands(viewer, since)):
        for row in rows:
            parts.setdefault(row["unit_id"], {}).update(row)
    found = sorted((_line(one) for one in parts.values()), key=lambda one: (-one.asked, -one.wrong, one.unit_id or 0))
    return found, _together(found)


def _visits(viewer: Viewer, since: date) -> Iterable[Mapping[str, Any]]:
    return reading.patrols(viewer).filter(day__gte=since).values("unit_id").annotate(patrols=Count("id")).order_by()


def _points(viewer: Viewer, since: date) -> Iterable[Mapping[str, Any]]:
    seen = Point.objects.filter(patrol__in=reading.patrols(viewer).filter(day__gte=since))
    return seen.order_by().values(unit_id=F("patrol__unit_id")).annotate(
        looked=Count("id", filter=Q(ok__isnull=False)), wrong=Count("id", filter=Q(ok=False))
    )  # fmt: skip


def _evaluations(viewer: Viewer, since: date) -> Iterable[Mapping[str, Any]]:
    seen = reading.evaluations(viewer).filter(last_day__gte=since)
    return seen.order_by().values("unit_id").annotate(evaluations=Count("id"), score=Avg("score"))


def _demands(viewer: Viewer, since: date) -> Iterable[Mapping[str, Any]]:
    seen = reading.demands(viewer, among=reading.Among(since=since))
    accepted = Q(state="accepted")
    return seen.order_by().values("unit_id").annotate(
        asked=Count("id"),
        open=Count("id", filter=Q(state="open")),
        late=Count("id", filter=Q(state="open", due_at__lte=clock.now())),
        reported=Count("id", filter=Q(state="reported")),
        accepted=Count("id", filter=accepted),
        in_time=Count("id", filter=accepted & Q(reported_at__lte=F("due_at"))),
    )  # fmt: skip


def _line(told: Mapping[str, Any]) -> Line:
    known = {field.name for field in fields(Line)}
    score = told.get("score")
    return Line(**{**{k: v for k, v in told.items() if k in known}, "score": None if score is None else float(score)})


def _together(found: list[Line]) -> Line:
    names = [field.name for field in fields(Line) if field.name not in {"unit_id", "score"}]
    total: dict[str, Any] = {name: sum(getattr(one, name) for one in found) for name in names}
    scored = [(one.score, one.evaluations) for one in found if one.score is not None]
    weight = sum(count for _score, count in scored)
    score = sum(score * count for score, count in scored) / weight if weight else None
    return Line(unit_id=None, score=score, **total)
