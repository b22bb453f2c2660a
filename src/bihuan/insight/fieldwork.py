"""Figures of work outside by crew: orders and how they ended, arrivals in time, no-shows, light before and after.

Read from the tables of the room; what the viewer may not see is not counted. Six statements however many there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q

from bihuan.fieldwork import orders_queries as reading
from bihuan.fieldwork.models import Appointment, Block, Crew, Order, WeakLine
from bihuan.fieldwork.orders_rules import OPEN
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock


@dataclass(frozen=True)
class Line:
    """One crew (None: all together). Orders are those sent in the period, visits those that were to begin in it.

    `in_time` of `ended` orders, `punctual` of `visited` arrivals; powers in dBm over orders measured both times.
    `hindered` and `weak` are as of now.
    """

    crew_id: int | None
    sent: int = 0
    open: int = 0
    late: int = 0
    done: int = 0
    unable: int = 0
    ended: int = 0
    in_time: int = 0
    visits: int = 0
    visited: int = 0
    punctual: int = 0
    customer_absent: int = 0
    crew_absent: int = 0
    measured: int = 0
    before: Decimal | None = None
    after: Decimal | None = None
    hindered: int = 0
    weak: int = 0

    @property
    def kept(self) -> float | None:
        """Share of ended orders that ended in time; None where none ended."""
        return self.in_time / self.ended if self.ended else None

    @property
    def arrived(self) -> float | None:
        """Share of visits at which the crew came in time, its own no-shows counted as late; None without visits."""
        over = self.visited + self.crew_absent
        return self.punctual / over if over else None


def lines(viewer: Viewer, start: datetime, end: datetime) -> tuple[list[Line], Line]:
    """By crew (the busiest first) and together, from `start` to before `end`."""
    seen = reading.within(viewer)
    parts: dict[int | None, dict[str, Any]] = {}
    for rows in (
        _orders(seen, start, end),
        _visits(seen, start, end),
        _number(Block.objects.filter(seen, ended_at=None), "hindered"),
        _number(WeakLine.objects.filter(seen, status__in=("open", "planned")), "weak"),
    ):
        for row in rows:
            parts.setdefault(row["crew_id"], {}).update(row)
    found = sorted((_line(one) for one in parts.values()), key=lambda one: (-one.sent, -one.visits, one.crew_id or 0))
    return found, _together(found)


def _orders(within: Q, start: datetime, end: datetime) -> Any:
    seen = Order.objects.filter(within, sent_at__gte=start, sent_at__lt=end)
    both = Q(before_dbm__isnull=False, after_dbm__isnull=False)
    ended = Q(status__in=("done", "unable"))
    return seen.order_by().values("crew_id").annotate(
        sent=Count("id"),
        open=Count("id", filter=Q(status__in=OPEN)),
        late=Count("id", filter=Q(status__in=OPEN, due_at__lt=clock.now())),
        done=Count("id", filter=Q(status="done")),
        unable=Count("id", filter=Q(status="unable")),
        ended=Count("id", filter=ended),
        in_time=Count("id", filter=ended & Q(ended_at__lte=F("due_at"))),
        measured=Count("id", filter=both),
        before=Avg("before_dbm", filter=both),
        after=Avg("after_dbm", filter=both),
    )  # fmt: skip


def _visits(within: Q, start: datetime, end: datetime) -> Any:
    seen = Appointment.objects.filter(within, starts_at__gte=start, starts_at__lt=end)
    came = Q(arrived_at__isnull=False, status__in=("arrived", "done"))
    return seen.exclude(status="cancelled").order_by().values("crew_id").annotate(
        visits=Count("id"),
        visited=Count("id", filter=came),
        punctual=Count("id", filter=came & Q(arrived_at__lte=F("ends_at"))),
        customer_absent=Count("id", filter=Q(status="customer_absent")),
        crew_absent=Count("id", filter=Q(status="crew_absent")),
    )  # fmt: skip


def _number(rows: Any, name: str) -> Any:
    return rows.order_by().values("crew_id").annotate(**{name: Count("id")})


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        **{one.name: row[one.name] for one in fields(Line) if row.get(one.name) is not None or one.name == "crew_id"}
    )


def _together(found: list[Line]) -> Line:
    sums: dict[str, Any] = {
        one.name: sum(getattr(line, one.name) for line in found)
        for one in fields(Line)
        if one.name not in {"crew_id", "before", "after"}
    }
    for name in ("before", "after"):
        told = [(getattr(line, name), line.measured) for line in found if line.measured]
        sums[name] = sum(value * number for value, number in told) / sums["measured"] if told else None
    return Line(crew_id=None, **sums)


def names(found: list[Line]) -> dict[int, Crew]:
    """The crews of these lines by id."""
    return Crew.objects.in_bulk([one.crew_id for one in found if one.crew_id is not None])
