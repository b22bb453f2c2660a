"""One person's inbox: unread first, newest first, a page at a time. Notices of cases she may not read say nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from bihuan.cases import access
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.notices.models import Notice

MOST_COUNTED = 99


@dataclass(frozen=True)
class Line:
    """`number` is the case's, empty when there is none or (`hidden`) it does not exist for the reader any more."""

    notice: Notice
    number: str
    hidden: bool


def _mine(staff_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(staff_id=staff_id, made_at__lte=clock.now())


def unread(staff_id: int) -> int:
    """How many she has not read, counted up to `MOST_COUNTED` + 1."""
    return _mine(staff_id).filter(read_at=None).values("pk")[: MOST_COUNTED + 1].count()


def page(viewer: Viewer, size: int, after: str = "", *, kind: str = "") -> tuple[list[Line], str]:
    """Her notices behind `after` (empty: from the top) and the key of the next page (empty: there is none)."""
    found: list[Notice] = []
    for part, read in (("u", False), ("r", True)):
        if after.startswith("r") and not read:
            continue
        rows = _mine(viewer.staff_id).filter(read_at__isnull=not read)
        rows = rows.filter(kind=kind) if kind else rows
        if after.startswith(part):
            rows = rows.filter(_behind(after))
        found += rows.order_by("-made_at", "-id")[: size + 1 - len(found)]
        if len(found) > size:
            break
    following = key_of(found[size - 1]) if len(found) > size else ""
    return lines(viewer, found[:size]), following


def key_of(notice: Notice) -> str:
    """Where a page goes on behind this notice."""
    return f"{'r' if notice.read_at else 'u'}{notice.made_at.isoformat()}_{notice.pk}"


def _behind(after: str) -> Q:
    try:
        moment, _, ident = after[1:].partition("_")
        made, number = datetime.fromisoformat(moment), int(ident)
    except ValueError:
        return Q()
    return Q(made_at__lt=made) | Q(made_at=made, pk__lt=number)


def lines(viewer: Viewer, notices: Sequence[Notice]) -> list[Line]:
    """With the case's number where it exists for the reader: one statement."""
    wanted = {one.case_id for one in notices if one.case_id is not None}
    seen = dict(access.visible(viewer).filter(pk__in=wanted).values_list("id", "number")) if wanted else {}
    return [
        Line(one, seen.get(one.case_id or 0, ""), one.case_id is not None and one.case_id not in seen)
        for one in notices
    ]


def made_since(moment: datetime) -> list[tuple[int, int]]:
    """(notice, person) of those that came up since: for badges of open pages."""
    found = Notice.objects.filter(made_at__gt=moment, made_at__lte=clock.now()).order_by("-made_at")
    return list(found.values_list("id", "staff_id")[:5000])


def badge(staff_id: int) -> dict[str, Any]:
    """What the bell shows: `count` unread, `shown` in figures (`99+` above what is counted)."""
    count = unread(staff_id)
    return {"count": count, "shown": f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)}
