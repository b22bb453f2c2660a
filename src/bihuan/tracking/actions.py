"""Beginning, noting, handing on and ending special tracking. Each verb leaves one event on the locked case."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity.book import units
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.phrases import phrase
from bihuan.sla import deadlines
from bihuan.text.vaulted import vaulted
from bihuan.tracking.models import CAUSES, OUTCOMES, Entry, Track

KIND = "tracking"
FIRST = "24h"
"""Until when the owner has to look at a case that came here by itself."""
FIRST_STEP = phrase(gettext_noop("联系客户，核实未解决的问题"))
LONGEST = timedelta(days=366)
_LEAST = 2


def open_of(case_id: int) -> Track | None:
    """The running tracking of a case."""
    return Track.objects.filter(case_id=case_id, ended_at=None).first()


@transaction.atomic
def begin(
    case: Case,
    doer: Doer,
    cause: str,
    *,
    owner_id: int | None = None,
    next_step: str = "",
    next_at: datetime | None = None,
    hot: bool = False,
    difficult: bool = False,
    at: datetime | None = None,
) -> Track:
    """Take a case under special tracking. Without an owner whoever answers for its unit is; without a date one day is given."""
    if cause not in CAUSES:
        raise RuleError("tracking.cause", _("请选择专项跟踪的原因。"), field="cause")
    if open_of(case.id) is not None:
        raise Conflict("tracking.open", _("这张工单已在专项跟踪。"))
    moment = at or clock.now()
    due = _checked(next_at, moment) or deadlines.due_after(moment, FIRST)
    unit = units().units.get(case.holder_unit_id or doer.unit_id or 0)
    owner = owner_id or (unit.responsible_id if unit else None) or doer.staff_id
    person = Staff.objects.filter(pk=owner, is_active=True, is_system=False).first() if owner else None
    if owner_id and person is None:
        raise RuleError("tracking.owner", _("责任人应是在用的账号。"), field="owner")
    step = vaulted(case.party_id, next_step, 500, "next_step") or FIRST_STEP.said()
    track = Track.objects.create(
        case_id=case.id, cause=cause, hot=hot or cause == "hot", difficult=difficult or cause == "difficult",
        owner_id=person.pk if person else None, unit_id=person.unit_id if person else (unit.id if unit else None),
        next_step=step, next_at=due, begun_at=moment, begun_by_id=doer.staff_id,
    )  # fmt: skip
    deadlines.start(KIND, track.pk, case.id, due, unit_id=track.unit_id, staff_id=track.owner_id, at=moment)
    if track.unit_id:
        cases.let_read(case, track.unit_id, moment)
    payload = {**_facts(track), "cause": cause, "text": step, "due": due}
    # not `take`: it also comes by itself right after a reopening, whatever the state is by then
    cases.append(case, "tracking_begun", doer, at=moment, payload=payload)
    return track


@transaction.atomic
def note(
    case: Case, track: Track, doer: Doer, text: str, next_step: str, next_at: datetime, *, at: datetime | None = None
) -> CaseEvent:
    """What was done, and what comes next until when."""
    _check(track)
    moment = at or clock.now()
    said = vaulted(case.party_id, text, 2000, "text")
    step = vaulted(case.party_id, next_step, 500, "next_step")
    if len(said) < _LEAST:
        raise RuleError("tracking.text", _("请写明做了什么、结果如何。"), field="text")
    if len(step) < _LEAST:
        raise RuleError("tracking.next", _("请写明下一步做什么。"), field="next_step")
    due = _checked(next_at, moment) or moment
    Entry.objects.create(track=track, at=moment, by_id=doer.staff_id, text=said, next_step=step, next_at=due)
    track.next_step, track.next_at = step, due
    track.save(update_fields=["next_step", "next_at"])
    deadlines.end(KIND, [track.pk], moment)
    deadlines.start(KIND, track.pk, case.id, due, unit_id=track.unit_id, staff_id=track.owner_id, at=moment)
    payload = {**_facts(track), "text": said, "next": step, "due": due}
    return cases.append(case, "tracking_noted", doer, at=moment, payload=payload)


@transaction.atomic
def hand(case: Case, track: Track, doer: Doer, owner_id: int, *, at: datetime | None = None) -> CaseEvent:
    """Another owner from now on; the time runs on."""
    _check(track)
    person = Staff.objects.filter(pk=owner_id, is_active=True, is_system=False).first()
    if person is None:
        raise RuleError("tracking.owner", _("责任人应是在用的账号。"), field="owner")
    moment = at or clock.now()
    track.owner_id, track.unit_id = person.pk, person.unit_id
    track.save(update_fields=["owner_id", "unit_id"])
    deadlines.hand(KIND, track.pk, unit_id=person.unit_id, staff_id=person.pk)
    cases.let_read(case, person.unit_id, moment)
    return cases.append(case, "tracking_handed", doer, at=moment, payload=_facts(track))


@transaction.atomic
def mark(track: Track, *, hot: bool, difficult: bool) -> None:
    """Hot, difficult, or neither."""
    Track.objects.filter(pk=track.pk).update(hot=hot, difficult=difficult)


@transaction.atomic
def end(case: Case, track: Track, doer: Doer, outcome: str, text: str = "", *, at: datetime | None = None) -> CaseEvent:
    """Over: the customer is satisfied, or why else."""
    _check(track)
    if outcome not in OUTCOMES:
        raise RuleError("tracking.outcome", _("请选择结果。"), field="outcome")
    said = vaulted(case.party_id, text, 2000, "text")
    if outcome == "explained" and len(said) < _LEAST:
        raise RuleError("tracking.text", _("请写明做了什么、结果如何。"), field="text")
    moment = at or clock.now()
    track.ended_at, track.outcome = moment, outcome
    track.save(update_fields=["ended_at", "outcome"])
    deadlines.end(KIND, [track.pk], moment)
    payload = {**_facts(track), "outcome": outcome, "text": said}
    return cases.append(case, "tracking_ended", doer, at=moment, payload=payload)


@transaction.atomic
def finish(case: Case, outcome: str, *, doer: Doer = SYSTEM, at: datetime | None = None) -> None:
    """The case ended: its tracking, if any, ends with it."""
    track = Track.objects.select_for_update().filter(case_id=case.id, ended_at=None).first()
    if track is not None:
        end(case, track, doer, outcome, at=at)


def _check(track: Track) -> None:
    if track.ended_at is not None:
        raise Conflict("tracking.ended", _("专项跟踪已经结束。"))


def _checked(told: datetime | None, moment: datetime) -> datetime | None:
    if told is not None and not moment < told <= moment + LONGEST:
        raise RuleError("tracking.when", _("下一步的日期要晚于现在，最长一年。"), field="next_at")
    return told


def _facts(track: Track) -> dict[str, Any]:
    return {"track": track.pk, "owner": track.owner_id, "unit": track.unit_id}


__all__ = ["begin", "end", "finish", "hand", "mark", "note", "open_of"]
