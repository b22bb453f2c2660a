"""Assistance across rooms: who is asked or answered is told, and the answer's file becomes evidence of the case."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.assistance import actions
from bihuan.assistance.models import Task
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.handling import evidence
from bihuan.identity.book import units
from bihuan.notices import actions as notices


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
    """Ask units for help; who answers for each is told."""
    tasks = actions.ask(case, doer, unit_ids, question, term, needed=needed, at=at)
    for task in tasks:
        unit = units().units[task.unit_id]
        facts = {"by": doer.staff_id, "unit": task.asked_unit_id, "due": task.due_at, "text": task.question}
        notices.tell("assistance_asked", [unit.responsible_id], case.id, facts)
    return tasks


@transaction.atomic
def answer(
    case: Case,
    task: Task,
    doer: Doer,
    text: str,
    *,
    file: tuple[str, bytes] | None = None,
    evidence_id: int | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """Answer what was asked; `file` (name, content) is kept sealed as evidence of the case. Who asked is told."""
    if file is not None:
        evidence_id = evidence.keep(case, doer, "document", *file)[0].pk
    event = actions.answer(case, task, doer, text, evidence_id=evidence_id, at=at)
    _tell_asker(task, doer)
    return event


@transaction.atomic
def give_back(case: Case, task: Task, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """Send it back with the reason; who asked is told."""
    event = actions.give_back(case, task, doer, why, at=at)
    _tell_asker(task, doer)
    return event


def _tell_asker(task: Task, doer: Doer) -> None:
    facts = {"by": doer.staff_id, "unit": task.unit_id, "text": task.answer}
    notices.tell("assistance_answered", [task.asked_by_id], task.case_id, facts)
