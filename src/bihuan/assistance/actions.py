"""Asking other units for help, and what becomes of it. Each verb takes the locked case and leaves one event on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.assistance.models import Task
from bihuan.assistance.rules import MOST_UNITS, OPEN, STATUSES, STEPS
from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity.book import units
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import deadlines
from bihuan.text.vaulted import vaulted

KIND = "assistance"
LONGEST = timedelta(days=90)
_LEAST = 4
"""Characters of an answer or reason that says anything."""


@transaction.atomic
def ask(
    case: Case,
    doer: Doer,
    unit_ids: Sequence[int],
    question: str,
    term: str | datetime,
    *,
    needed: str = "",
    at: datetime | None = None,
) -> list[Task]:
    """Ask one or several units at once; each gets a task with a term of its own (a duration or a moment).

    The units may read the case from now on. `RuleError` names `units`, `question` or `due`.
    """
    moment = at or clock.now()
    asked = _asked(case, unit_ids)
    said = vaulted(case.party_id, question, 2000, "question")
    if len(said) < _LEAST:
        raise RuleError("assistance.question", _("请写明要协查什么。"), field="question")
    due = term if isinstance(term, datetime) else deadlines.due_after(moment, term)
    if not moment < due <= moment + LONGEST:
        raise RuleError("assistance.due", _("协查期限要晚于现在，最长 90 天。"), field="due")
    what = vaulted(case.party_id, needed, 500, "needed")
    tasks = [
        Task.objects.create(
            case_id=case.id, unit_id=unit_id, question=said, needed=what, asked_at=moment, asked_by_id=doer.staff_id,
            asked_unit_id=doer.unit_id, due_at=due,
        )
        for unit_id in asked
    ]  # fmt: skip
    for task in tasks:
        responsible = units().units[task.unit_id].responsible_id
        deadlines.start(KIND, task.pk, case.id, due, unit_id=task.unit_id, staff_id=responsible, at=moment)
        cases.let_read(case, task.unit_id, moment)
    payload = {
        "tasks": [{"task": one.pk, "unit": one.unit_id} for one in tasks], "text": said, "needed": what, "due": due,
    }  # fmt: skip
    cases.take(case, "assistance_asked", doer, at=moment, payload=payload)
    return tasks


def _asked(case: Case, unit_ids: Sequence[int]) -> list[int]:
    book = units().units
    wanted = list(dict.fromkeys(unit_ids))
    if not wanted or any(one not in book for one in wanted):
        raise RuleError("assistance.units", _("请选择一个或几个在用的部门。"), field="units")
    if len(wanted) > MOST_UNITS:
        raise RuleError("assistance.many", _("一次最多请 20 个部门协查。"), field="units")
    if case.holder_unit_id in wanted:
        raise RuleError("assistance.own", _("工单就在这个部门手上，不用协查。"), field="units")
    busy = Task.objects.filter(case_id=case.id, unit_id__in=wanted, status__in=OPEN).first()
    if busy is not None:
        raise Conflict(
            "assistance.open",
            _("%s 还有一项协查没有回复，请先等它回复或撤销。") % book[busy.unit_id].name,
            field="units",
        )
    return wanted


@transaction.atomic
def receive(case: Case, task: Task, doer: Doer, *, at: datetime | None = None) -> CaseEvent:
    """The asked unit has seen it and works on it."""
    _check(task, "receipt")
    moment = at or clock.now()
    task.status, task.received_at, task.received_by_id = "received", moment, doer.staff_id
    task.save(update_fields=["status", "received_at", "received_by_id"])
    deadlines.hand(KIND, task.pk, unit_id=task.unit_id, staff_id=doer.staff_id)
    return _told(case, task, doer, "receipt", moment)


@transaction.atomic
def answer(
    case: Case, task: Task, doer: Doer, text: str, *, evidence_id: int | None = None, at: datetime | None = None
) -> CaseEvent:
    """Answer, perhaps with a file already kept as evidence of this case."""
    _check(task, "answer")
    moment = at or clock.now()
    if task.received_at is None:
        task.received_at, task.received_by_id = moment, doer.staff_id
    task.evidence_id = evidence_id
    return _end(case, task, doer, "answer", text, moment)


@transaction.atomic
def give_back(case: Case, task: Task, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """Not this unit's, or not to be found out: sent back with the reason."""
    _check(task, "return")
    return _end(case, task, doer, "return", why, at or clock.now())


@transaction.atomic
def recall(case: Case, task: Task, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """Whoever asked needs it no more."""
    _check(task, "recall")
    return _end(case, task, doer, "recall", why, at or clock.now())


@transaction.atomic
def call_off(case: Case, why: str, *, doer: Doer = SYSTEM, at: datetime | None = None) -> int:
    """Everything still open on a case that has ended is called off; answers how many."""
    found = list(Task.objects.select_for_update().filter(case_id=case.id, status__in=OPEN))
    for task in found:
        _end(case, task, doer, "recall", why, at or clock.now())
    return len(found)


def _check(task: Task, noun: str) -> None:
    step = STEPS[noun]
    if task.status not in step.sources:
        raise Conflict(
            "assistance.status",
            _("这项协查现在是“%(status)s”，不能%(step)s。") % {"status": STATUSES[task.status], "step": step.name},
            data={"status": task.status},
        )


def _end(case: Case, task: Task, doer: Doer, noun: str, text: str, moment: datetime) -> CaseEvent:
    name = "text" if noun == "answer" else "why"
    said = vaulted(case.party_id, text, 5000, name)
    if len(said) < _LEAST:
        empty = _("请写明协查的结果。") if noun == "answer" else _("请写明原因。")
        raise RuleError("assistance.text", empty, field=name)
    task.status, task.answer, task.ended_at, task.ended_by_id = STEPS[noun].target, said, moment, doer.staff_id
    task.save()
    deadlines.end(KIND, [task.pk], moment)
    return _told(case, task, doer, noun, moment)


def _told(case: Case, task: Task, doer: Doer, noun: str, moment: datetime) -> CaseEvent:
    payload: dict[str, Any] = {"task": task.pk, "unit": task.unit_id, "text": task.answer}
    if task.ended_at is not None:
        payload["late"] = task.ended_at > task.due_at
    if task.evidence_id:
        payload["evidence"] = task.evidence_id
    return cases.append(case, STEPS[noun].kind, doer, at=moment, payload=payload)


__all__ = ["answer", "ask", "call_off", "give_back", "recall", "receive"]
