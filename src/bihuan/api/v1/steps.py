"""The steps of a complaint: fetch by the one door, call the verb, answer how it stands. Handlers; no rules here."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from bihuan.api.v1.operation import BASE, Answer, Call
from bihuan.api.v1.rendering import summary
from bihuan.api.v1.shapes import CaseAnswer, Revealed
from bihuan.cases import lexicon
from bihuan.cases.access import access_case, visible
from bihuan.cases.actions import Doer, check_version
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.numbers import tidy
from bihuan.cases.scales import COMPLEXITIES, IMPACTS, URGENCIES
from bihuan.customers import actions as customers
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.flow import aftercare, sharing
from bihuan.flow.ending import close, reopen
from bihuan.handling import actions as handling
from bihuan.handling import callers, confirming, evidence
from bihuan.identity import audit, roles
from bihuan.identity import book as units
from bihuan.intake import followup
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.revisit import actions as revisit
from bihuan.revisit.review import Review
from bihuan.triage import actions as triage

Verb = Callable[[Case, Doer, Any, Call], CaseEvent]
SATISFACTION = {"satisfied": revisit.SATISFIED, "neutral": revisit.NEUTRAL, "dissatisfied": revisit.DISSATISFIED}


def held(call: Call, right: str, *, together: bool = False) -> Case:
    """The complaint of this call, locked until the step is done, as the caller last saw it."""
    case = access_case(call.viewer, call.places["number"], right, lock=True, together=together)
    check_version(case, call.seen)
    return case


def step(right: str, verb: Verb, *, together: bool = False) -> Callable[[Call], Answer]:
    """A handler that takes one step with the complaint and answers how it stands then."""
    return partial(_taken, right, verb, together)


def _taken(right: str, verb: Verb, together: bool, call: Call) -> Answer:
    case = held(call, right, together=together)
    event = verb(case, Doer.of(call.viewer), call.body, call)
    if event.case_id == case.id:
        return answered(case, event.seq)
    # noted on the case that owes the answer: told of that one, where it exists for the caller
    other = visible(call.viewer).filter(pk=event.case_id).first()
    return answered(other, event.seq) if other is not None else answered(case, case.event_count)


def answered(case: Case, event: int) -> Answer:
    """How the complaint stands after a step."""
    headers = {"ETag": f'"{case.version}"', "Location": f"{BASE}/complaints/{case.number}"}
    return Answer(CaseAnswer(complaint=summary(case), event=event), headers)


def acceptance(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Accept, or decline."""
    if told.accepted:
        return flow.accept(case, doer, category=told.category)
    return triage.decline(case, doer, told.reason, note=told.note)


def classification(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Decide the class."""
    return triage.classify(
        case,
        doer,
        category=told.category,
        service_type=told.service_type,
        urgency=URGENCIES.get(told.urgency),
        impact=IMPACTS.get(told.impact),
        complexity=COMPLEXITIES.get(told.complexity),
        product=told.product,
        dispute=told.dispute,
    )


def dispatches(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Dispatch by hand, or where the rules say."""
    if told.by_rule:
        event = flow.dispatch_by_rule(case, doer)
        if event is None:
            raise Conflict(
                "dispatch.no_rule", _("没有适用的派单规则，或规则指向现在的部门；请写明 unit 派单。"), field="unit"
            )
        return event
    unit = units.units().by_code.get(told.unit)
    if unit is None:
        raise RuleError("unit.unknown", _("请选择一个在用的责任部门。"), field="unit")
    handler = _person(told.handler, "handler") if told.handler else None
    return dispatch.dispatch(case, doer, unit.id, handler_id=handler, demands=told.demands, why=told.why)


def _person(username: str, field: str) -> int:
    found = lexicon.current().usernames.get(username)
    if found is None:
        raise RuleError("staff.unknown", _("没有这个账号，请核对用户名。"), field=field)
    return found.id


def recalls(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Take a dispatch back."""
    return dispatch.recall(case, doer, told.why)


def separations(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Undo a wrong merge."""
    return revisit.unmerge(case, doer, told.why)


def receipts(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Take the order."""
    return dispatch.receive(case, doer, told.assessment, verify_with=told.verify_with)


def returns(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Hand it back."""
    return sharing.give_back(case, doer, told.reason, told.note)


def contacts(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Contact the customer."""
    return handling.contact(case, doer, told.means, told.note, reached=told.reached, recording=told.recording)


def waits(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Wait for an agreed reason."""
    return handling.wait(case, doer, told.reason, told.note, until=told.until)


def resumptions(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Go on."""
    return handling.resume(case, doer, note=told.note)


def replies(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Answer the customer."""
    return flow.answer(
        case, doer, told.means, told.text, solution=told.solution, final=told.final, accepted=told.accepted,
        despite=told.despite,
    )  # fmt: skip


def revisits(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Call back; with `closing` the right to close is asked for too."""
    if not told.reached:
        return revisit.attempt(case, doer, told.note, means=told.means, again_at=told.again_at)
    if told.closing is not None:
        access_case(call.viewer, case.number, roles.CLOSE)
    closing = told.closing and _review(told.closing)
    return flow.revisited(
        case,
        doer,
        SATISFACTION.get(told.satisfaction, 0),
        root_solved=told.root_solved,
        left_over=told.left_over,
        note=told.note,
        closing=closing,
        answers=told.answers,
    )


def confirmations(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Note that a written answer arrived."""
    return confirming.confirm(case, doer, told.means, told.note)


def closure(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """The closing review."""
    return close(case, doer, _review(told), told.note)


def _review(told: Any) -> Review:
    return Review(told.cause, told.evidence_kinds, told.value_cause, told.system_cause, told.people_cause, told.proof)


def closing_requests(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Ask for a closing without a satisfied customer."""
    approver = _person(told.approved_by, "approved_by")
    aftercare.ask_closing(case, call.viewer, told.exception, approver, _review(told), told.note)
    return CaseEvent.objects.get(case_id=case.id, seq=case.event_count)


def closing_decisions(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Confirm or refuse it."""
    return aftercare.decide_closing(case, doer, approved=told.approved, why=told.why)


def reopenings(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Back to handling."""
    return reopen(case, doer, told.reason, told.note)


def withdrawal(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """The customer ends it."""
    return flow.withdraw(case, doer, told.proven_by, told.note)


def chasers(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """The customer asks again."""
    return followup.chase(case, doer, told.channel, told.text)


def materials(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """Words, and perhaps a file kept as evidence of the same complaint."""
    kept = evidence.find(case.id, told.evidence) if told.evidence is not None else None
    return followup.add_material(case, doer, told.channel, told.text, evidence_id=kept.id if kept else None)


def merges(call: Call) -> Answer:
    """Fold into another. Both are locked in the order of their numbers, so that two merges never wait for each other."""
    number, into = tidy(call.places["number"]), tidy(call.body.into)
    found = {one: access_case(call.viewer, one, roles.MERGE, lock=True) for one in sorted({number, into})}
    check_version(found[number], call.seen)
    event = flow.merge(found[number], found[into], Doer.of(call.viewer), call.body.why)
    return answered(found[number], event.seq)


def reveals(call: Call) -> Answer:
    """Sealed fields in plain, written into the use register and the audit log."""
    case = held(call, roles.REVEAL)
    viewer = call.viewer
    callers.refuse_data(case, call.body.fields, call.body.purpose)
    values = customers.reveal(case.party_id, call.body.fields, viewer.staff_id, call.body.purpose, case.number)
    audit.record(
        "reveal",
        actor_id=viewer.staff_id,
        actor_name=viewer.name,
        subject=case.number,
        address=call.address,
        detail={"fields": call.body.fields, "purpose": call.body.purpose, "token": viewer.token_id},
    )
    return Answer(Revealed(number=case.number, fields=values))
