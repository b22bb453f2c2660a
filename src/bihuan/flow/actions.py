"""Steps that touch more than one stage. Entrances call these; the stage rooms do not know each other."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from bihuan.assistance import actions as assistance
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.compensation import actions as compensation
from bihuan.dispatch import actions as dispatch
from bihuan.dispatch import queries as routing
from bihuan.flow import fieldwork, repairs, sharing, standing
from bihuan.flow.ending import close, reopen
from bihuan.handling import actions as handling
from bihuan.handling import confirming
from bihuan.kernel import clock
from bihuan.kernel.phrases import phrase
from bihuan.notices import actions as notices
from bihuan.revisit import actions as revisit
from bihuan.revisit.review import Review
from bihuan.tracking import actions as tracks
from bihuan.triage import actions as triage

WITHDRAWN = phrase(gettext_noop("客户已撤诉"))
MERGED = phrase(gettext_noop("已并入其他工单"))


Closing = Review
"""What the closing review codes, when a satisfied revisit is to close at once."""


@transaction.atomic
def answer(
    case: Case,
    doer: Doer,
    means: str,
    text: str,
    *,
    solution: str = "",
    final: bool = True,
    accepted: bool | None = None,
    despite: bool = False,
    at: datetime | None = None,
) -> CaseEvent:
    """Reply. From a case just registered it accepts first: answered on the spot, that is first-contact resolution.

    A final reply ends the running dispatch. While a visit or a repair is still owed, or in writing before a call was tried,
    it has to be confirmed (`despite`), and the event says what stood.
    """
    moment = at or clock.now()
    stood = standing.check(case, means, despite) if final else {}
    if case.status == "registered":
        # Not `accept` of this room: rules set to act alone would pass on what is being answered here and now.
        triage.accept(case, doer, at=moment)
    said = handling.Answer(means, text, solution, final=final, accepted=accepted, despite=stood)
    event = handling.reply(case, doer, said, at=moment)
    if accepted is False:
        told = handling.report_upward(case, doer, at=moment)
        notices.tell("reported_upward", [told.payload.get("to")], case.id, {"by": doer.staff_id, "unit": doer.unit_id})
    if final:
        dispatch.end(case, "replied", moment)
        sharing.over(case, moment)
    return event


@transaction.atomic
def accept(case: Case, doer: Doer, *, category: str = "", at: datetime | None = None) -> CaseEvent:
    """Accept; with a category it is classified in the same step. Where rules are set to act alone, it is dispatched too."""
    event = triage.accept(case, doer, at=at)
    if category:
        triage.classify(case, doer, category=category, at=at)
    if catalog.current().parameters.get("auto_dispatch"):
        dispatch_by_rule(case, doer, at=at)
    return event


@transaction.atomic
def dispatch_by_rule(case: Case, doer: Doer, *, at: datetime | None = None) -> CaseEvent | None:
    """Dispatch to where the rules say; None when no rule fits or it is the unit that has it already."""
    choice = routing.suggestion(case)
    if choice is None or choice.unit.id == case.holder_unit_id:
        return None
    return dispatch.dispatch(case, doer, choice.unit.id, choice=choice, at=at)


@transaction.atomic
def revisited(
    case: Case,
    doer: Doer,
    satisfaction: int,
    *,
    root_solved: bool | None = None,
    left_over: bool = False,
    note: str = "",
    closing: Closing | None = None,
    answers: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """A call-back that reached the customer. Dissatisfied: back to handling. Otherwise it closes, when `closing` is given."""
    event = revisit.revisit(
        case, doer, satisfaction, root_solved=root_solved, left_over=left_over, note=note, answers=answers, at=at
    )
    confirming.settle(case, "revisit", event.at, doer.staff_id)
    if satisfaction == revisit.DISSATISFIED:
        reopen(case, doer, "dissatisfied", note, at=at)
    elif closing is not None:
        close(case, doer, closing, at=at)
    return event


@transaction.atomic
def withdraw(case: Case, doer: Doer, proven_by: str, note: str = "", *, at: datetime | None = None) -> CaseEvent:
    """The customer ends it; a running dispatch ends with it."""
    event = revisit.withdraw(case, doer, proven_by, note, at=at)
    confirming.settle(case, "over", event.at)
    dispatch.end(case, "withdrawn", event.at)
    _let_go(case, WITHDRAWN.said(), event.at)
    compensation.call_off(case, WITHDRAWN.said(), at=event.at)
    tracks.finish(case, "withdrawn", at=event.at)
    return event


@transaction.atomic
def merge(case: Case, survivor: Case, doer: Doer, why: str) -> CaseEvent:
    """Fold one complaint into another of the same customer; its running dispatch ends. The survivor owes the answer for both."""
    event = revisit.merge(case, survivor, doer, why)
    dispatch.end(case, "merged", event.at)
    _let_go(case, MERGED.said(), event.at)
    tracks.finish(case, "merged", at=event.at)
    return event


def _let_go(case: Case, why: str, at: datetime) -> None:
    """What others still do for a case that has ended is called off."""
    assistance.call_off(case, why, at=at)
    fieldwork.over(case, why, at)
    repairs.over(case, why, at)
    sharing.over(case, at)
