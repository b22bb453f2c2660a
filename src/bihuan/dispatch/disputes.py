"""Whose is it (改判): two units that send a complaint to and fro, their reasons, and a ruling that ends it.

Until the ruling the first unit that received it stays answerable. The ruled owner may not return it again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.cases import access
from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.states import AWAITING_DISPATCH
from bihuan.catalog import snapshot as catalog
from bihuan.dispatch import actions as dispatching
from bihuan.dispatch import queries
from bihuan.dispatch.models import Dispatch, Dispute
from bihuan.identity import book as units
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.kernel.phrases import phrase
from bihuan.sla import deadlines
from bihuan.text.vaulted import vaulted

FIRST_ANSWERS = phrase(gettext_noop("首接负责：归属裁定前由首接部门处理"))
AS_RULED = phrase(gettext_noop("按归属裁定"))
OWNERSHIP = "ownership"
HOURS = 8
MOST = 500
RETURNS = 2
"""After so many returns between units a dispute opens by itself."""


def first_receiver(case_id: int) -> int | None:
    """The unit that received the case first; where none has, the one it was dispatched to first."""
    rows = Dispatch.objects.filter(case_id=case_id)
    received = rows.exclude(received_at=None).order_by("received_at", "id").first()
    first = received or rows.order_by("id").first()
    return first.unit_id if first else None


@transaction.atomic
def open_dispute(case: Case, doer: Doer, reason: str, other_unit_id: int, *, at: datetime | None = None) -> CaseEvent:
    """The unit that has the case says it is another's. It keeps it, and stays answerable, until the ruling."""
    if not reason.strip():
        raise RuleError("dispute.reason", _("请写明为什么不属于本部门、应由谁处理。"), field="reason")
    if units.units().units.get(other_unit_id) is None or other_unit_id == case.holder_unit_id:
        raise RuleError("dispute.unit", _("请选择应由哪个部门处理。"), field="unit")
    cases.check_step(case, "disputed")
    said = vaulted(case.party_id, reason, 2000, "reason")
    return _opened(case, doer, case.holder_unit_id or 0, said, other_unit_id, "", at or clock.now())


@transaction.atomic
def after_return(case: Case, at: datetime | None = None) -> CaseEvent | None:
    """Called when a case was returned: from the second return on it is a dispute of the last two who returned it, and goes
    to the first receiver until it is ruled. None while it is none."""
    if case.return_count < RETURNS or queries.open_dispute(case.id) is not None:
        return None
    moment = at or clock.now()
    last = list(CaseEvent.objects.filter(case_id=case.id, kind="returned").order_by("-seq")[:10])
    who = int(last[0].payload.get("from") or 0)
    earlier = next((one for one in last[1:] if one.payload.get("from") not in {None, who}), None)
    other = int(earlier.payload["from"]) if earlier else case.holder_unit_id or who
    event = _opened(case, SYSTEM, who, last[0].why, other, earlier.why if earlier else "", moment)
    first = first_receiver(case.id)
    if first is not None and first in units.units().units and case.status in AWAITING_DISPATCH:
        dispatching.dispatch(case, SYSTEM, first, why=FIRST_ANSWERS.said(), at=moment)
    return event


def _opened(
    case: Case, doer: Doer, unit_id: int, reason: str, other_unit_id: int, other_reason: str, moment: datetime
) -> CaseEvent:
    if queries.open_dispute(case.id) is not None:
        raise Conflict("dispute.open", _("这张工单的归属正在裁定，请等待结果。"))
    if queries.ruled_owner(case.id) == case.holder_unit_id:
        raise Conflict("dispute.ruled", _("归属已裁定为本部门，不能再提。"))
    found = Dispute.objects.create(
        case_id=case.id, opened_at=moment, opened_by_id=doer.staff_id, unit_id=unit_id, reason=reason,
        other_unit_id=other_unit_id, other_reason=other_reason, first_unit_id=first_receiver(case.id) or unit_id,
    )  # fmt: skip
    for one in (unit_id, other_unit_id):
        cases.let_read(case, one, moment)
    hours = int(catalog.current().parameters.get("ownership_hours", HOURS))
    term = deadlines.start(OWNERSHIP, found.pk, case.id, f"{hours}h", escalate=("4h",), at=moment)
    payload = {
        "dispute": found.pk, "unit": unit_id, "other": other_unit_id, "first": found.first_unit_id,
        "text": reason, "other_text": other_reason, "due": term.due_at,
    }  # fmt: skip
    return cases.append(case, "disputed", doer, at=moment, payload=payload)


@transaction.atomic
def answer(viewer: Viewer, dispute_id: int, text: str) -> Dispute:
    """The other side gives its reason; once more replaces it. Only its own people may."""
    case, found = find(viewer, dispute_id, lock=True)
    if found.ruled_at is not None:
        raise Conflict("dispute.over", _("归属已经裁定。"))
    if found.other_unit_id not in viewer.units:
        raise Forbidden("dispute.other", _("只有对方部门的人员可以陈述理由。"))
    if not text.strip():
        raise RuleError("dispute.text", _("请写明理由。"), field="text")
    found.other_reason = vaulted(case.party_id, text, 2000, "text")
    found.other_by_id, found.other_at = viewer.staff_id, clock.now()
    found.save(update_fields=["other_reason", "other_by_id", "other_at"])
    payload = {"dispute": found.pk, "unit": found.other_unit_id, "text": found.other_reason}
    cases.append(case, "dispute_answered", Doer.of(viewer), payload=payload)
    return found


@transaction.atomic
def rule(viewer: Viewer, dispute_id: int, owner_unit_id: int, text: str, *, at: datetime | None = None) -> CaseEvent:
    """Name the final owner: it gets the case, where it does not have it, and may not return it again.

    Needs the right to rule over the case, and that one belongs to neither side.
    """
    case, found = find(viewer, dispute_id, lock=True)
    if found.ruled_at is not None:
        raise Conflict("dispute.over", _("归属已经裁定。"))
    if not may_rule(viewer, case, found):
        raise Forbidden("dispute.rule", _("归属由值班长或业务管理员裁定，争议双方的人员不能裁定。"))
    if owner_unit_id not in units.units().units:
        raise RuleError("dispute.owner", _("请选择最终由哪个部门负责。"), field="owner")
    if not text.strip():
        raise RuleError("dispute.ruling", _("请写明裁定的理由，双方都会看到。"), field="text")
    moment, said = at or clock.now(), vaulted(case.party_id, text, 2000, "text")
    doer = Doer.of(viewer)
    _close(found, moment, owner_unit_id, viewer.staff_id, said)
    payload = {
        "dispute": found.pk, "owner": owner_unit_id, "first": found.first_unit_id, "overturned": found.overturned,
        "text": said,
    }  # fmt: skip
    event = cases.append(case, "ownership_ruled", doer, at=moment, payload=payload)
    _hand_over(case, doer, owner_unit_id, moment)
    return event


def _hand_over(case: Case, doer: Doer, owner_unit_id: int, moment: datetime) -> None:
    if case.holder_unit_id == owner_unit_id and case.status not in AWAITING_DISPATCH:
        return
    why = AS_RULED.said()
    if case.status in {"dispatched", "received", "in_handling", "waiting"}:
        dispatching.recall(case, doer, why, at=moment)
    if case.status in {"accepted", "returned", "recalled", "reopened"}:
        dispatching.dispatch(case, doer, owner_unit_id, why=why, at=moment)


def _close(found: Dispute, moment: datetime, owner: int, by: int | None, text: str) -> None:
    found.ruled_at, found.ruled_by_id, found.owner_unit_id, found.ruling = moment, by, owner, text
    found.overturned = owner != found.first_unit_id
    found.save(update_fields=["ruled_at", "ruled_by_id", "owner_unit_id", "ruling", "overturned"])
    deadlines.end(OWNERSHIP, [found.pk], moment)


def settle(case: Case, at: datetime) -> None:
    """The case was answered or ended while it was disputed: whoever had it has owned it, nothing is left to rule."""
    found = queries.open_dispute(case.id)
    if found is not None:
        _close(found, at, case.holder_unit_id or found.first_unit_id, None, "")
        payload = {"dispute": found.pk, "owner": found.owner_unit_id, "settled": True}
        cases.append(case, "ownership_ruled", SYSTEM, at=at, payload=payload)


def may_rule(viewer: Viewer, case: Case, found: Dispute) -> bool:
    """The right for this case, and neither side's own people."""
    return access.may(viewer, case, roles.RULE) and not {found.unit_id, found.other_unit_id} & {viewer.unit_id}


def find(viewer: Viewer, dispute_id: int, *, lock: bool = False) -> tuple[Case, Dispute]:
    """A dispute with its case, for who may see that; the case is locked first, as everywhere."""
    found = Dispute.objects.filter(pk=dispute_id).first()
    if found is None:
        raise NotFound("dispute")
    rows = access.visible(viewer).filter(pk=found.case_id)
    held = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if held is None:
        raise NotFound("dispute")
    if lock:
        found.refresh_from_db()
    return held, found


def listed(viewer: Viewer, *, ruled: bool = False) -> list[tuple[Dispute, Case]]:
    """Disputes of the cases that exist for this viewer, the oldest open one first or the newest ruled: two statements."""
    rows = Dispute.objects.filter(ruled_at__isnull=not ruled).order_by("-ruled_at" if ruled else "opened_at", "id")
    found = list(rows.filter(case_id__in=access.visible(viewer).values("pk"))[:MOST])
    held = {case.id: case for case in access.visible(viewer).filter(pk__in=[one.case_id for one in found])}
    return [(one, held[one.case_id]) for one in found if one.case_id in held]


def count(viewer: Viewer) -> int:
    """How many open disputes of cases in reach wait for a ruling, at most `MOST`; one statement."""
    rows = Dispute.objects.filter(ruled_at=None, case_id__in=access.visible(viewer).values("pk"))
    return rows[:MOST].count()


def figures(days: int = 30, now: datetime | None = None) -> Mapping[str, int]:
    """{open, ruled, overturned, settled} of the whole house: open now, the others within so many days."""
    since = (now or clock.now()) - timedelta(days=days)
    lately = Q(ruled_at__gte=since)
    found = Dispute.objects.filter(Q(ruled_at=None) | lately).aggregate(
        open=Count("id", filter=Q(ruled_at=None)),
        ruled=Count("id", filter=lately & Q(ruled_by_id__isnull=False)),
        overturned=Count("id", filter=lately & Q(ruled_by_id__isnull=False, overturned=True)),
        settled=Count("id", filter=lately & Q(ruled_by_id=None)),
    )
    return {name: int(value) for name, value in found.items()}


def of_case(case_id: int) -> Sequence[Dispute]:
    """A case's disputes, newest first."""
    return list(Dispute.objects.filter(case_id=case_id).order_by("-id"))


def plain(found: Dispute) -> dict[str, Any]:
    """A dispute as plain values, for other programs."""
    names = ("id", "opened_at", "unit_id", "reason", "other_unit_id", "other_reason", "first_unit_id", "ruled_at")
    return {name: getattr(found, name) for name in (*names, "owner_unit_id", "ruling", "overturned")}
