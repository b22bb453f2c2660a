"""Ask and answer. Each in one transaction with one event; the case is locked by the caller."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.asking import queries
from bihuan.asking.models import Question
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity import roster
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.notices import actions as notices
from bihuan.sla import deadlines, steps
from bihuan.text.vaulted import vaulted

TERMS = {"hard": "30m", "plea": "4h"}
"""How long she has to answer, around the clock: a customer waits."""
DEADLINES = {"hard": "question", "plea": "plea"}
NOTICES = {"hard": ("question_asked", "question_answered"), "plea": ("plea_asked", "plea_decided")}


@transaction.atomic
def ask(case: Case, doer: Doer, text: str, *, kind: str = "hard", of_id: int | None = None) -> CaseEvent:
    """Put the case to the duty manager on duty, or (a plea, or with `of_id`) to a superior of one's choice.

    RuleError for an empty question, for nobody on duty, and for somebody who could not decide.
    """
    said = vaulted(case.party_id, text, 2000, "text")
    if not said:
        raise RuleError("question.text", _("请写明要请教的问题。"), field="text")
    asked = _superior(case, doer, kind, of_id)
    now = clock.now()
    deputy = roster.stand_in(asked, now)
    due = deadlines.due_after(now, TERMS[kind])
    made = Question.objects.create(
        case_id=case.id, kind=kind, asked_at=now, asked_by_id=doer.staff_id, asked_unit_id=doer.unit_id,
        asked_of_id=asked.pk, deputy_id=deputy.pk if deputy else None, text=said, due_at=due,
    )  # fmt: skip
    deadlines.start(
        DEADLINES[kind], made.id, case.id, due, unit_id=asked.unit_id, staff_id=asked.pk,
        deputy_id=deputy.pk if deputy else asked.deputy_id,
    )  # fmt: skip
    notices.tell(NOTICES[kind][0], [asked.pk], case.id, {"by": doer.staff_id, "due": due, "text": said})
    told: Mapping[str, Any] = {"question": made.id, "kind": kind, "to": asked.pk, "text": said, "due": due}
    return steps.take(case, "asked", doer, payload={**told, "deputy": deputy.pk if deputy else None})


def _superior(case: Case, doer: Doer, kind: str, of_id: int | None) -> Staff:
    if kind not in TERMS:
        raise RuleError("question.kind", _("请选择现场答疑或代客请示。"), field="kind")
    offered = queries.superiors(case, doer.staff_id)
    if of_id is None and kind == "hard":
        found = queries.on_duty(case)
        if found is None or found.pk == doer.staff_id:
            found = next(iter(offered), None)
        if found is None:
            raise RuleError("question.nobody", _("现在没有值班长当班，请选择一位主管。"), field="to")
        return found
    chosen = next((one for one in offered if one.pk == of_id), None)
    if chosen is None:
        raise RuleError("question.to", _("请从列表中选择一位主管。"), field="to")
    return chosen


@transaction.atomic
def answer(case: Case, doer: Doer, question_id: int, text: str, granted: bool | None = None) -> CaseEvent:
    """What she says; of a plea yes or no too. Only who was asked, her deputy, or (a hard case) another duty manager."""
    question = Question.objects.select_for_update().filter(pk=question_id, case_id=case.id).first()
    if question is None or not queries.may_answer(question, doer.staff_id):
        raise Forbidden("question", _("这个问题不是问您的。"))
    if question.answered_at is not None:
        raise Conflict("question.answered", _("这个问题已经有人答复。"))
    said = vaulted(case.party_id, text, 2000, "text")
    if not said:
        raise RuleError("answer.text", _("请写明答复。"), field="text")
    if question.kind == Question.Kind.PLEA and granted is None:
        raise RuleError("answer.granted", _("请选择同意或不同意。"), field="granted")
    now = clock.now()
    question.answered_at, question.answered_by_id, question.answer = now, doer.staff_id, said
    question.granted = granted if question.kind == Question.Kind.PLEA else None
    question.save(update_fields=["answered_at", "answered_by_id", "answer", "granted"])
    deadlines.end(DEADLINES[question.kind], [question.pk], now)
    if not Question.objects.filter(case_id=case.id, kind=question.kind, answered_at=None).exists():
        notices.settle([NOTICES[question.kind][0]], case.id)
    result = None if question.granted is None else "granted" if question.granted else "refused"
    facts = {"by": doer.staff_id, "text": said, "result": result}
    notices.tell(NOTICES[question.kind][1], {question.asked_by_id, case.handler_id}, case.id, facts)
    payload = {"question": question.pk, "kind": question.kind, "text": said, "granted": question.granted}
    return steps.take(case, "answered", doer, payload=payload)
