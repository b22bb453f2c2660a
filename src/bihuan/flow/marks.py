"""Marks on customers as people set them: on a case, with reason and proof; told in the audit log, never to the customer."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from bihuan.cases.models import Case
from bihuan.customers import marks
from bihuan.customers.models import Mark
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden
from bihuan.notices import actions as notices
from bihuan.text.vaulted import vaulted

AHEAD = timedelta(days=7)
"""So long before its review date whoever set a mark is reminded."""


def may_see(viewer: Viewer) -> bool:
    """The badge is for who may know the person."""
    return viewer.can(roles.REVEAL)


def may_set(viewer: Viewer) -> bool:
    """Marks are set, renewed and taken off by those who lead."""
    return viewer.can(roles.DUTY)


def _check(viewer: Viewer) -> None:
    if not may_set(viewer):
        raise Forbidden("mark")


@transaction.atomic
def mark(
    case: Case, viewer: Viewer, kind: str, reason: str, evidence: str, review_on: date, *, address: str = ""
) -> Mark:
    """Mark the customer of this case. Its priority stays as it is, and nothing of it stands on the timeline."""
    _check(viewer)
    said = {
        name: vaulted(case.party_id, text, 1000, name) for name, text in (("reason", reason), ("evidence", evidence))
    }
    made = marks.mark(case.party_id, kind, **said, review_on=review_on, by=viewer.staff_id, unit_id=viewer.unit_id)
    _note(viewer, made, "set", address, {"case": case.number, "review_on": review_on.isoformat()})
    return made


@transaction.atomic
def renew(mark_id: int, viewer: Viewer, review_on: date, *, address: str = "") -> Mark:
    """Reviewed: it stands on."""
    _check(viewer)
    one = marks.find(mark_id)
    marks.renew(one, review_on, by=viewer.staff_id)
    _note(viewer, one, "renewed", address, {"review_on": review_on.isoformat()})
    return one


@transaction.atomic
def end(mark_id: int, viewer: Viewer, *, address: str = "") -> Mark:
    """Reviewed: it is taken off."""
    _check(viewer)
    one = marks.find(mark_id)
    marks.end(one, by=viewer.staff_id)
    _note(viewer, one, "ended", address, {})
    return one


def _note(viewer: Viewer, one: Mark, what: str, address: str, more: Mapping[str, Any]) -> None:
    audit.record(
        "mark", actor_id=viewer.staff_id, actor_name=viewer.name, subject=str(one.pk), address=address,
        detail={"mark": one.pk, "kind": one.kind, "what": what, **more},
    )  # fmt: skip


def remind() -> int:
    """Tell whoever set a mark that its review date is near, once for each date; for the schedule. Answers how many."""
    day = marks.today()
    near = marks.to_review().filter(review_on__gte=day, review_on__lte=day + AHEAD)
    done = 0
    for one in [row for row in near[:500] if row.reminded_on != row.review_on]:
        due = one.review_on.isoformat()
        notices.tell(
            "review", [one.renewed_by_id or one.marked_by_id], None, {"text": f"{one.get_kind_display()} · {due}"}
        )
        Mark.objects.filter(pk=one.pk).update(reminded_on=one.review_on)
        done += 1
    return done
