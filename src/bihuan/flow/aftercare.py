"""After the answer: exceptional closings told to who decides, surveys and care calls and what they lead to."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.cases.actions import CUSTOMER, Doer, append
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.customers import actions as customers
from bihuan.flow.ending import reopen
from bihuan.handling import confirming
from bihuan.identity.viewer import Viewer
from bihuan.intake.actions import Draft, register_one
from bihuan.intake.schema import ComplaintIn, Customer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.phrases import phrase
from bihuan.notices import actions as notices
from bihuan.revisit import book, care, closing, queries, survey
from bihuan.revisit.models import Care, ClosingRequest, Rule, Survey
from bihuan.revisit.review import Review

RATED = phrase(gettext_noop("客户评价 %(score)s 分，表示没有解决。"))
AGAIN = gettext_noop("对 %(number)s 的处理不满意：%(words)s")
REOPENED = "reopened"


@transaction.atomic
def ask_closing(
    case: Case, viewer: Viewer, exception: str, approver_id: int, told: Review, note: str, *, at: datetime | None = None
) -> ClosingRequest:
    """Ask for an exceptional closing; the approver is told."""
    row = closing.ask(case, viewer, exception, approver_id, told, note, at=at)
    notices.tell(
        "approval_asked", [row.approver_id], case.id, {"by": row.by_id, "work": closing.TERM, "text": row.note}
    )
    return row


@transaction.atomic
def decide_closing(case: Case, doer: Doer, *, approved: bool, why: str = "", at: datetime | None = None) -> CaseEvent:
    """Confirm or refuse it; who asked is told. The closing says when a written answer was never confirmed."""
    row = queries.open_request(case.id)
    unconfirmed = confirming.awaits(case)
    event = closing.decide(case, doer, approved=approved, why=why, unconfirmed=unconfirmed, at=at)
    if approved:
        confirming.settle(case, "over", event.at)
    facts = {"by": doer.staff_id, "work": closing.TERM, "result": "granted" if approved else "refused", "text": why}
    notices.tell("approval_decided", [row.by_id if row else None], case.id, facts)
    return event


@transaction.atomic
def answer_survey(survey_id: int, told: survey.Answers) -> Survey:
    """The customer answers. A bad rating leads where the rule of its category says: back to handling while that is
    recent, else to a complaint of its own, linked both ways; or it is only kept."""
    case_id = Survey.objects.values_list("case_id", flat=True).get(pk=survey_id)
    case = Case.objects.select_for_update().get(pk=case_id)
    rule = book.rule_of(case)
    row = survey.answer(case, survey_id, told, rule)
    if row.bad and rule.bad_rating != Rule.Bad.NOTHING:
        row.led_to = _followed(case, rule, row)
        row.save(update_fields=["led_to"])
    return row


def _followed(case: Case, rule: book.RuleInfo, row: Survey) -> str:
    now = clock.now()
    recent = case.ended_at is not None and now - case.ended_at <= timedelta(days=rule.bad_days)
    said = row.words or RATED.said(score=row.score)
    if case.status != "closed":
        return ""  # somebody has taken it up again meanwhile
    if rule.bad_rating == Rule.Bad.REOPEN and recent:
        reopen(case, CUSTOMER, "dissatisfied", said, at=now)
        return REOPENED
    return complain_again(case, CUSTOMER, said).number


def complain_again(case: Case, doer: Doer, words: str) -> Case:
    """Another complaint of the same customer about the same thing, linked both ways. The old case stays closed."""
    held = customers.again(case.party_id)
    node = catalog.current().nodes.get(case.category_id or 0)
    complaint = ComplaintIn(
        channel="web" if doer == CUSTOMER else "hotline",
        content=AGAIN % {"number": case.number, "words": words},
        customer=Customer(
            name=held.get("name", ""), phone=held.get("phone", ""), other_contact=held.get("other_contact", ""),
            level=case.customer_level,
        ),
        area=str(case.area_id or ""), address=held.get("address", ""), category=node.code if node else "",
        complained_number=held.get("complained_number", ""),
    )  # fmt: skip
    answer = register_one(Draft(complaint, doer, own=False))
    fresh = Case.objects.select_for_update().get(number=answer.number)
    fresh.repeat_of_id = case.id
    append(fresh, "linked", doer, payload={"to": case.number, "how": "earlier"}, columns=("repeat_of_id",))
    append(case, "linked", doer, payload={"to": fresh.number, "how": "later"})
    return fresh


@transaction.atomic
def care_called(
    case: Case,
    doer: Doer,
    outcome: str,
    *,
    satisfaction: int | None = None,
    note: str = "",
    then: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """A care call. When the problem is back, `then` says whether the case is reopened (`reopen`) or a linked complaint is
    registered (`complaint`); any other outcome leaves the case closed."""
    back = outcome == Care.Outcome.BACK
    if back and then not in {"reopen", "complaint"}:
        raise RuleError("care.then", _("问题又出现了：请选择转回重新处理，还是另立一张关联投诉。"), field="then")
    if back and not note.strip():
        raise RuleError("care.note", _("请写下客户怎么说。"), field="note")
    if case.status != "closed":
        raise Conflict("care.none", _("这张工单没有待做的关怀回访。"))
    led_to = "" if not back else REOPENED if then == "reopen" else complain_again(case, doer, note).number
    event = care.call(case, doer, outcome, satisfaction=satisfaction, note=note, led_to=led_to, at=at)
    if led_to == REOPENED:
        reopen(case, doer, "recurred", note, at=at)
    return event
