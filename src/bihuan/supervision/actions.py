"""Order, report, end. Each in one transaction with one event; the case is locked by the caller."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer, Fact, record_many
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity import book
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.notices import actions as notices
from bihuan.sla import deadlines, steps
from bihuan.sla.models import Deadline
from bihuan.supervision.models import Progress, Supervision
from bihuan.text.vaulted import vaulted

KIND = "supervision"
FLAG = "supervised"
"""In `Case.flags` while a supervision is open."""
VERDICTS = tuple(Supervision.Verdict.values[:3])
"""What a supervisor may judge."""
TERM = "3wd"
"""How long they have unless told otherwise, on the calendar below."""
CALENDAR = "cn-work"
_ESCALATE = ("1wd",)
_MOST = 500


def open_of(case_id: int) -> Supervision | None:
    """The running supervision of a case."""
    return Supervision.objects.filter(case_id=case_id, ended_at=None).first()


@transaction.atomic
def order(case: Case, doer: Doer, demand: str, due: datetime | None = None) -> CaseEvent:
    """Demand something of whoever holds the case, by `due` (or within the usual term). RuleError for an empty demand."""
    now = clock.now()
    said = vaulted(case.party_id, demand, 2000, "demand")
    if not said:
        raise RuleError("supervision.demand", _("请写明督办要求。"), field="demand")
    if due is not None and due <= now:
        raise RuleError("supervision.due", _("督办期限应晚于现在。"), field="due")
    if open_of(case.id) is not None:
        raise Conflict("supervision.open", _("这张工单已在督办，请先办结那一项。"))
    limit = due or deadlines.due_after(now, TERM, CALENDAR)
    made = Supervision.objects.create(
        case_id=case.id, ordered_at=now, ordered_by_id=doer.staff_id, ordered_unit_id=doer.unit_id,
        unit_id=case.holder_unit_id, demand=said, due_at=limit,
    )  # fmt: skip
    deadlines.start(
        KIND, made.id, case.id, limit, unit_id=case.holder_unit_id, staff_id=case.handler_id, calendar=CALENDAR,
        escalate=_ESCALATE,
    )  # fmt: skip
    _tell_holder(case, "supervision_ordered", {"by": doer.staff_id, "due": limit, "text": said})
    payload = {"supervision": made.id, "demand": said, "due": limit, "unit": case.holder_unit_id}
    flags = case.flags if FLAG in case.flags else [*case.flags, FLAG]
    return steps.take(case, "supervision_ordered", doer, payload=payload, flags=flags)


def _tell_holder(case: Case, kind: str, facts: Mapping[str, Any]) -> None:
    unit = book.units().units.get(case.holder_unit_id or 0)
    notices.tell(kind, {case.handler_id, unit.responsible_id if unit else None}, case.id, facts)


def started(rows: Sequence[tuple[Case, str, datetime]], at: datetime) -> list[Supervision]:
    """What the escalation procedure orders: (case, demand, due) each, three statements however many. The caller records
    `supervision_ordered` on each case and sets its flag; cases already supervised are left out by the caller."""
    made = Supervision.objects.bulk_create(
        [
            Supervision(case_id=case.id, ordered_at=at, unit_id=case.holder_unit_id, demand=demand, due_at=due)
            for case, demand, due in rows
        ]
    )
    terms = []
    for one, (case, _demand, due) in zip(made, rows, strict=True):
        warned = at + (due - at) * deadlines.WARN_AT
        terms.append(
            Deadline(
                kind=KIND, subject_id=one.id, case_id=case.id, unit_id=case.holder_unit_id, staff_id=case.handler_id,
                calendar=CALENDAR, started_at=at, due_at=due, moments=[warned, due], next_at=warned,
            )
        )  # fmt: skip
    Deadline.objects.bulk_create(terms)
    return made


def supervised(case_ids: Sequence[int]) -> set[int]:
    """Which of these cases are supervised now."""
    return set(Supervision.objects.filter(case_id__in=case_ids, ended_at=None).values_list("case_id", flat=True))


@transaction.atomic
def lapse(now: datetime) -> int:
    """What the escalation procedure had supervised ends with its case: four statements, or one when there is nothing.
    What a person ordered waits for her verdict. Answers how many."""
    ours = Supervision.objects.filter(ended_at=None, ordered_by_id=None)
    # the case is locked first, as by everyone; whoever works on one now is looked at in the next round
    ended = Case.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk__in=ours.values("case_id"), ended_at__isnull=False
    )
    cases_ = list(ended.order_by("id").values_list("id", flat=True)[:_MOST])
    held = list(ours.filter(case_id__in=cases_)) if cases_ else []
    if not held:
        return 0
    ids = [one.pk for one in held]
    verdict = Supervision.Verdict.WITH_CASE
    told = [(one.case_id, {"supervision": one.pk, "verdict": verdict.value, "late": now > one.due_at}) for one in held]
    record_many([Fact(case_id, "supervision_ended", now, payload) for case_id, payload in told])
    Supervision.objects.filter(pk__in=ids).update(ended_at=now, verdict=verdict)
    flags = Func(F("flags"), Value(FLAG), function="array_remove")
    Case.objects.filter(pk__in=cases_).update(flags=flags)
    deadlines.end(KIND, ids, now)
    return len(held)


@transaction.atomic
def report(case: Case, doer: Doer, text: str) -> CaseEvent:
    """The holder's unit tells how far it is; who ordered it hears of it."""
    held = _open(case)
    said = vaulted(case.party_id, text, 2000, "text")
    if not said:
        raise RuleError("supervision.report", _("请写明进展。"), field="text")
    now = clock.now()
    Progress.objects.create(supervision=held, at=now, by_id=doer.staff_id, unit_id=doer.unit_id, text=said)
    held.reported_at, held.reports = now, held.reports + 1
    held.save(update_fields=["reported_at", "reports"])
    notices.tell("supervision_reported", [held.ordered_by_id], case.id, {"by": doer.staff_id, "text": said})
    payload = {"supervision": held.id, "text": said}
    return steps.take(case, "supervision_reported", doer, payload=payload)


def may_end(held: Supervision, doer: Doer) -> bool:
    """Who ordered it, her unit; of what the procedure ordered, whoever has the right to supervise. Asked of the doer."""
    if held.ordered_by_id is None:
        return True
    return doer.staff_id == held.ordered_by_id or (doer.unit_id is not None and doer.unit_id == held.ordered_unit_id)


@transaction.atomic
def end(case: Case, doer: Doer, verdict: str, note: str = "") -> CaseEvent:
    """The supervisor's verdict: met, partly, not met; the term ends with it."""
    held = _open(case)
    if verdict not in VERDICTS:
        raise RuleError("supervision.verdict", _("请选择督办结论。"), field="verdict")
    if not may_end(held, doer) or doer.staff_id == case.handler_id:
        raise Forbidden("supervision", _("督办由提出的人或其部门办结，承办人不能自己办结。"))
    said = vaulted(case.party_id, note, 2000, "note")
    if verdict != Supervision.Verdict.MET and not said:
        raise RuleError("supervision.note", _("没有完全达到要求时，请写明原因。"), field="note")
    now = clock.now()
    held.ended_at, held.ended_by_id, held.verdict, held.verdict_note = now, doer.staff_id, verdict, said
    held.save(update_fields=["ended_at", "ended_by_id", "verdict", "verdict_note"])
    deadlines.end(KIND, [held.id], now)
    notices.settle(["supervision_ordered"], case.id)
    _tell_holder(case, "supervision_ended", {"by": doer.staff_id, "result": verdict, "text": said})
    payload = {"supervision": held.id, "verdict": verdict, "late": now > held.due_at, "note": said}
    flags = [flag for flag in case.flags if flag != FLAG]
    return steps.take(case, "supervision_ended", doer, payload=payload, flags=flags)


def _open(case: Case) -> Supervision:
    held = Supervision.objects.select_for_update().filter(case_id=case.id, ended_at=None).first()
    if held is None:
        raise Conflict("supervision.none", _("这张工单没有在督办。"))
    return held
