"""Reading proposals: a person's approvals, those of a case, one through its door, budgets, sums."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.days import local_day
from bihuan.cases.models import Case
from bihuan.compensation import people
from bihuan.compensation.models import Approval, Proposal
from bihuan.identity import roles
from bihuan.identity.models import Absence
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock, keyset
from bihuan.kernel.errors import Forbidden, NotFound


def of_case(case_id: int) -> list[Proposal]:
    """All proposals of a case with their rungs, oldest first."""
    return list(Proposal.objects.filter(case_id=case_id).prefetch_related("approvals"))


def _for(viewer: Viewer) -> list[int]:
    """Herself, and whom she stands in for now."""
    now = clock.now()
    away = Absence.objects.filter(starts_at__lte=now, ends_at__gt=now).select_related("staff")
    return [viewer.staff_id, *{one.staff_id for one in away if people.stand_in(one.staff) == viewer.staff_id}]


def waiting(viewer: Viewer) -> QuerySet[Approval]:
    """What waits for her decision, the nearest term first; for a deputy also what waits for whom she stands in for."""
    found = Approval.objects.filter(staff_id__in=_for(viewer), decided_at=None, asked_at__isnull=False)
    found = found.filter(proposal__status="pending").exclude(proposal__proposed_by_id=viewer.staff_id)
    return found.select_related("proposal").order_by("due_at", "id")


def page(viewer: Viewer, size: int, after: str = "") -> tuple[list[Approval], str]:
    """The same, a page behind the key `after`, and the key of the next."""
    return keyset.page(waiting(viewer).filter(due_at__isnull=False), ("due_at", "id"), size, after)


def count(viewer: Viewer) -> int:
    """How many wait for her."""
    return waiting(viewer)[:1000].count() if viewer.can(roles.MONEY) else 0


def seen(viewer: Viewer) -> QuerySet[Proposal]:
    """Proposals of cases she sees, and of her own units; newest first."""
    mine = Q(unit_id__in=viewer.units) | Q(case_id__in=access.visible(viewer).values("id"))
    return Proposal.objects.filter(mine).order_by("-id")


def access_approval(viewer: Viewer, approval_id: int) -> tuple[Case, Approval]:
    """One rung with its case, both locked, for deciding. `NotFound` for whom it does not exist, `Forbidden` for others."""
    rung = Approval.objects.select_related("proposal").filter(pk=approval_id).first()
    if rung is None:
        raise NotFound("approval")
    if not people.may_decide(viewer, rung.staff_id, rung.proposal.proposed_by_id):
        if rung.proposal.proposed_by_id == viewer.staff_id:
            raise Forbidden("compensation.own", _("不能审批自己提出的申请。"))
        raise NotFound("approval")
    case = Case.objects.select_for_update(of=("self",)).get(pk=rung.proposal.case_id)
    Proposal.objects.select_for_update().get(pk=rung.proposal_id)
    return case, Approval.objects.select_related("proposal").get(pk=approval_id)


def access_proposal(viewer: Viewer, proposal_id: int, right: str) -> tuple[Case, Proposal]:
    """One proposal with its case, both locked; reach is that of the case."""
    found = Proposal.objects.filter(pk=proposal_id).first()
    seen_case = access.visible(viewer).filter(pk=found.case_id).first() if found else None
    if found is None or seen_case is None:
        raise NotFound("compensation")
    if not viewer.can(right):
        raise Forbidden(right)
    case = Case.objects.select_for_update(of=("self",)).get(pk=found.case_id)
    return case, Proposal.objects.select_for_update().get(pk=proposal_id)


def sums(viewer: Viewer, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Count and sum by month, unit and kind of what was granted or paid, of proposals from `start` to before `end`."""
    found = seen(viewer).filter(proposed_at__gte=start, proposed_at__lt=end, status__in=("granted", "paid"))
    cells: dict[tuple[str, int, str], list[Any]] = {}
    for at, unit, kind, amount in found.values_list("proposed_at", "unit_id", "kind", "amount"):
        cell = cells.setdefault((f"{local_day(at):%Y-%m}", unit, kind), [0, Decimal(0)])
        cell[0] += 1
        cell[1] += amount
    return [
        {"month": month, "unit": unit, "kind": kind, "count": cell[0], "sum": cell[1]}
        for (month, unit, kind), cell in sorted(cells.items(), key=lambda one: (one[0][0], one[1][1]), reverse=True)
    ]


def total(viewer: Viewer) -> dict[str, Any]:
    """Count and sum of everything she sees, by status."""
    return {
        row["status"]: (row["n"], row["s"])
        for row in seen(viewer).order_by().values("status").annotate(n=Count("id"), s=Sum("amount"))
    }
