"""Following events and telling customers; keeping their wishes; editing milestones."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Anchor, Case, CaseEvent, Mode
from bihuan.cases.states import OPEN_STATES
from bihuan.customers import actions as customers
from bihuan.identity.book import units
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import edited_by
from bihuan.progress.models import Milestone, Reader, Wish
from bihuan.progress.rules import NEWS, TOLD_BY_THE_STEP, check, filled, is_news
from bihuan.sla import deadlines
from bihuan.sla.models import Deadline
from bihuan.text.clean import clean

KIND = "progress"
TERM = "3h"
"""How long a customer waits for the first news after her complaint was accepted."""
STRETCH, MOST_STRETCHES = 2000, 50
"""Numbers of the global sequence read at once, and how often in one run."""
_OWN = frozenset({"progress_told", "news_wished"})


def run() -> int:
    """Follow what has been sealed since the last time (sealed events are settled: no earlier one can still appear).

    The first time it only notes where it begins, so that nobody is told of the past. Answers how many events it followed.
    """
    done = 0
    for _stretch in range(MOST_STRETCHES):
        found, more = _next_stretch()
        done += found
        if not more:
            break
    return done


@transaction.atomic
def _next_stretch() -> tuple[int, bool]:
    """Read the next stretch of the sequence; how many events in it concerned customers, and whether there is more."""
    last = Anchor.objects.order_by("-id").values_list("last_event", flat=True).first()
    if last is None:
        return 0, False
    reader = Reader.objects.select_for_update(skip_locked=True).first()
    if reader is None:
        if not Reader.objects.exists():
            Reader.objects.create(event_id=last)
        return 0, False
    end = min(reader.event_id + STRETCH, last)
    found = CaseEvent.objects.filter(id__gt=reader.event_id, id__lte=end, kind__in=_concerned()).order_by("id")
    events = list(found)
    follow(events)
    if end > reader.event_id:
        reader.event_id = end
        reader.save(update_fields=["event_id"])
    return len(events), end < last


def _concerned() -> set[str]:
    listed = Milestone.objects.filter(active=True).values_list("kind", flat=True)
    return {"accepted", "dispatched", "contacted", *NEWS, *listed} - _OWN


@transaction.atomic
def follow(events: Sequence[CaseEvent]) -> None:
    """Begin and end the wait for news, and tell what is listed, event by event."""
    milestones = {one.kind: one for one in Milestone.objects.filter(active=True).exclude(kind__in=TOLD_BY_THE_STEP)}
    concerned = _concerned()
    telling = [event for event in events if event.kind in concerned]
    if not telling:
        return
    ids = sorted({event.case_id for event in telling})
    held = {one.id: one for one in Case.objects.select_for_update().filter(id__in=ids, mode=Mode.LIVE).order_by("id")}
    quiet = set(Wish.objects.filter(case_id__in=ids, told=False).values_list("case_id", flat=True))
    for event in telling:
        case = held.get(event.case_id)
        if case is None:
            continue
        _wait(case, event)
        milestone = milestones.get(event.kind)
        if milestone is not None and case.id not in quiet:
            _tell(case, event, milestone)


def _wait(case: Case, event: CaseEvent) -> None:
    """The wait for the first news begins with acceptance and follows the case."""
    if event.kind == "accepted" and case.status in OPEN_STATES and not case.contacted_at and not case.first_reply_at:
        if not Deadline.objects.filter(kind=KIND, subject_id=case.id).exists():
            deadlines.start(KIND, case.id, case.id, TERM, unit_id=case.holder_unit_id, at=event.at)
    elif event.kind == "dispatched":
        deadlines.hand(KIND, case.id, unit_id=case.holder_unit_id, staff_id=case.handler_id)
    elif is_news(event.kind, event.payload):
        deadlines.end(KIND, [case.id], event.at)


def _tell(case: Case, event: CaseEvent, milestone: Milestone) -> None:
    if event.payload.get("means") in {"sms", "email"}:
        return  # the step itself wrote to her
    if event.kind == "waiting" and _for_a_visit(event):
        return  # the booking it belongs to wrote to her
    unit = units().units.get(case.holder_unit_id or 0)
    facts = {
        "编号": case.number,
        "部门": unit.name if unit else _("责任部门"),
        "时间": f"{timezone.localtime(event.at):%m-%d %H:%M}",
    }
    text = filled(milestone.text, facts)
    if customers.tell(case.party_id, "progress", text, case.id, milestone.medium) is None:
        return
    payload = {"milestone": event.kind, "medium": milestone.medium, "text": text}
    cases.append(case, "progress_told", SYSTEM, payload=payload)
    if milestone.news:
        deadlines.end(KIND, [case.id])


def _for_a_visit(event: CaseEvent) -> bool:
    """True when a case waits because a visit was agreed in the same moment."""
    agreed = CaseEvent.objects.filter(case_id=event.case_id, kind__in=("appointment_booked", "appointment_moved"))
    return agreed.filter(
        seq__lt=event.seq,
        seq__gte=event.seq - 3,
        unit_id=event.unit_id,
        actor_id=event.actor_id,
        at__gt=event.at - timedelta(seconds=10),
    ).exists()


@transaction.atomic
def wish(case: Case, doer: Doer, told: bool, why: str = "") -> CaseEvent:
    """Keep whether the customer wants messages about this complaint."""
    Wish.objects.update_or_create(case_id=case.id, defaults={"told": told, "at": clock.now(), "by_id": doer.staff_id})
    return cases.take(case, "news_wished", doer, payload={"told": told}, why=clean(why, 200, "why"))


def set_milestone(kind: str, changes: Mapping[str, Any], by: int | None) -> Milestone:
    """Add or change what is told of one kind of event, for events from now on."""
    if not kind or kind in _OWN:
        raise RuleError("milestone.kind", _("请从列表中选择节点。"), field="kind")
    if kind in TOLD_BY_THE_STEP and changes.get("active"):
        raise RuleError("milestone.told", _("办理这一步时已经告知客户，不再另发；请选择别的节点。"), field="kind")
    text = check(str(changes.get("text", "")))
    medium = str(changes.get("medium") or Milestone.Medium.PHONE)
    if medium not in Milestone.Medium.values:
        raise RuleError("milestone.medium", _("请从列表中选择。"), field="medium")
    with edited_by(by):
        row, _made = Milestone.objects.update_or_create(
            kind=kind,
            defaults={
                "text": text, "medium": medium, "news": bool(changes.get("news")), "active": bool(changes.get("active")),
            },
        )  # fmt: skip
        return row
