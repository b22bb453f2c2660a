"""Interview sheets filled in by staff for a case: the questions are kept as they were asked."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer, append, check_step
from bihuan.cases.models import Case, CaseEvent
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.revisit.models import Interview, Sheet
from bihuan.text.vaulted import vaulted


def sheets() -> list[Sheet]:
    """The sheets in use."""
    return list(Sheet.objects.filter(active=True))


@transaction.atomic
def hold(case: Case, doer: Doer, sheet: Sheet, answers: Sequence[str], *, at: datetime | None = None) -> CaseEvent:
    """Keep one filled-in sheet; `answers` in the order of its questions, empty where nothing was said."""
    check_step(case, "interviewed")
    if not any(answer.strip() for answer in answers):
        raise RuleError("interview.empty", _("请至少回答一个问题。"))
    kept = []
    for question, answer in zip(sheet.questions, answers, strict=True):
        _check(question, answer)
        kept.append([question["text"], question["kind"], vaulted(case.party_id, answer, 1000, "answers")])
    moment = at or clock.now()
    Interview.objects.create(
        case_id=case.id, sheet_id=sheet.pk, sheet_version=sheet.version, at=moment, by_id=doer.staff_id, answers=kept
    )
    payload = {"sheet": sheet.name, "version": sheet.version, "answers": [one for one in kept if one[2]]}
    return append(case, "interviewed", doer, at=moment, payload=payload)


def _check(question: dict[str, object], answer: str) -> None:
    """What is chosen has to be one of the choices."""
    choices = question.get("choices")
    may = {"score": ["1", "2", "3", "4", "5"], "yes_no": ["yes", "no"], "choice": choices}.get(str(question["kind"]))
    if answer and isinstance(may, list) and answer not in may:
        raise RuleError("interview.choice", _("请从列表中选择。"))
