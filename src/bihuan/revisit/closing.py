"""Closing: by the review of a satisfied customer's case, or as an exception that one asks for and another confirms."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.access import visible
from bihuan.cases.actions import Doer, append, check_step
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.customers import actions as customers
from bihuan.identity import roles
from bihuan.identity.book import units
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer, viewer_of
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.revisit import book, care, plan, queries, review, survey
from bihuan.revisit.models import CallPlan, ClosingRequest, Closure
from bihuan.revisit.review import Review
from bihuan.sla import deadlines, steps
from bihuan.text.vaulted import vaulted

UNREACHABLE = "unreachable"
"""The exception that rests on attempts; offered only when the plan says so."""
TERM = "closing"


def check_not_handler(case: Case, doer: Doer) -> None:
    """Whoever handled a case neither revisits nor closes it."""
    if doer.staff_id is not None and queries.handled_by(case.id, doer.staff_id):
        raise Forbidden("revisit", _("您处理过这张工单，回访要由其他人来做。"))


@transaction.atomic
def close(case: Case, doer: Doer, told: Review, note: str = "", *, at: datetime | None = None) -> CaseEvent:
    """The closing review: the last reply revisited, the customer content, the cause coded, nothing lacking."""
    check_not_handler(case, doer)
    check_step(case, "closed")
    rule = book.rule_of(case)
    _check(case, told)
    last = queries.latest_revisit(case.id)
    fresh = last is not None and last.reply_id == queries.latest_reply_id(case.id)
    if not (fresh and last is not None and last.satisfaction in {queries.SATISFIED, queries.NEUTRAL}):
        raise Conflict(
            "closure.not_revisited", _("客户还没有就最近一次答复表示满意，不能结单；如确需结单请走例外审批。")
        )
    review.check(rule.required, review.found_of(case), told)
    moment = at or clock.now()
    call_off(case, moment)
    event = _finish(case, doer, told, moment, why=vaulted(case.party_id, note, 2000, "note"))
    care.plan(case, rule, moment)
    return event


def _check(case: Case, told: Review) -> None:
    wanted = told.cause or "cause" in book.rule_of(case).required
    if wanted and catalog.current().node("cause", told.cause) is None:
        raise RuleError("closure.cause", _("结单前要选择原因树中的原因。"), field="cause")
    if set(told.evidence_kinds) - set(review.EVIDENCE_KINDS):
        raise RuleError("closure.evidence", _("没有这种证据类型，请从列表中选择。"), field="evidence_kinds")
    if case.reply_count == 0:
        raise Conflict("closure.no_reply", _("还没有答复客户，不能结单。"))


def _finish(
    case: Case, doer: Doer, told: Review, at: datetime, *, why: str = "", asked: ClosingRequest | None = None,
    unconfirmed: bool = False,
) -> CaseEvent:  # fmt: skip
    """The step itself, its row, and what follows a closing."""
    node = catalog.current().node("cause", told.cause)
    rule = book.rule_of(case)
    reason = catalog.current().reasons.get(asked.exception_id) if asked else None
    payload = {
        "cause": node.code if node else "",
        "evidence": list(told.evidence_kinds),
        "loss": [kind for kind in review.LOSSES if getattr(told, f"{kind}_cause")],
        "exception": reason.code if reason else "",
        "approved_by": doer.staff_id if asked else None,
        "requested_by": asked.by_id if asked else None,
        "rule": [rule.id, rule.version],
        **({"proof": vaulted(case.party_id, told.proof, 500, "proof")} if told.proof else {}),
        **({"unconfirmed": True} if unconfirmed else {}),
    }
    cause_id = node.id if node else None
    event = steps.take(case, "closed", doer, at=at, why=why, payload=payload, cause_id=cause_id, ended_at=at)
    Closure.objects.create(
        case_id=case.id, at=at, by_id=asked.by_id if asked else doer.staff_id, cause_id=cause_id,
        evidence_kinds=list(told.evidence_kinds), value_cause=told.value_cause, system_cause=told.system_cause,
        people_cause=told.people_cause, exception_id=asked.exception_id if asked else None,
        approved_by_id=doer.staff_id if asked else None, rule_id=rule.id, rule_version=rule.version,
    )  # fmt: skip
    CallPlan.objects.filter(pk=case.id).delete()
    survey.send(case, rule, at)
    return event


def unreachable(case: Case) -> plan.Missing:
    """What the case's plan still asks for before its customer counts as unreachable: nothing once her data is deleted."""
    if customers.is_forgotten(case.party_id):
        return plan.Missing()
    return plan.missing(book.rule_of(case).plan, queries.tried(case))


def exceptions(case: Case) -> list[str]:
    """Codes of the exceptions that may be asked for now: unreachable only when the plan is met."""
    known = [one for one in catalog.current().reasons.values() if one.kind == "exception" and one.active]
    met = unreachable(case).met
    return [one.code for one in sorted(known, key=lambda one: one.id) if one.code != UNREACHABLE or met]


def approvers(case: Case, requester: Viewer) -> list[Staff]:
    """Who may confirm an exception: supervisors above or beside the requester who see the case and did not handle it.

    The case's rule may name the role they need.
    """
    unit = units().units.get(requester.unit_id)
    role = book.rule_of(case).approver
    people = Staff.objects.filter(unit_id__in=unit.path if unit else (), is_active=True, is_system=False)
    handled = queries.handlers(case.id)
    found = [
        one
        for one in people.exclude(pk=requester.staff_id).order_by("username")
        if one.can(roles.DUTY) and (not role or role in one.roles) and one.id not in handled
    ]
    return [one for one in found if visible(viewer_of(one, units())).filter(pk=case.pk).exists()]


@transaction.atomic
def ask(
    case: Case, viewer: Viewer, exception: str, approver_id: int, told: Review, note: str, *, at: datetime | None = None
) -> ClosingRequest:
    """Ask for a closing without a satisfied customer; nothing closes until the approver confirms it herself."""
    doer = Doer.of(viewer)
    check_not_handler(case, doer)
    check_step(case, "closing_requested")
    _check(case, told)
    if queries.open_request(case.id) is not None:
        raise Conflict("closing.asked", _("已经申请过例外结单，正等审批。"))
    reason = catalog.current().reason("exception", exception)
    if reason is None:
        raise RuleError("closure.exception", _("请选择例外结单的原因。"), field="exception")
    if exception not in exceptions(case):
        raise Conflict("closure.reachable", lacking_words(unreachable(case)))
    if not note.strip():
        raise RuleError("closing.note", _("请写明为什么要例外结单。"), field="note")
    approver = next((one for one in approvers(case, viewer) if one.id == approver_id), None)
    if approver is None:
        raise RuleError(
            "closure.approver", _("批准人必须是另一位在岗、能看到这张工单、没有处理过它的主管。"), field="approved_by"
        )
    return _asked(case, doer, reason, approver, told, vaulted(case.party_id, note, 2000, "note"), at or clock.now())


def _asked(
    case: Case, doer: Doer, reason: catalog.ReasonInfo, approver: Staff, told: Review, note: str, at: datetime
) -> ClosingRequest:
    rule = book.rule_of(case)
    row = ClosingRequest.objects.create(
        case_id=case.id, at=at, by_id=doer.staff_id or 0, exception_id=reason.id, approver_id=approver.id,
        deputy_id=approver.deputy_id, closing=told.plain(), note=note, rule_id=rule.id, rule_version=rule.version,
    )  # fmt: skip
    payload = {"exception": reason.code, "approver": approver.id, "rule": [rule.id, rule.version]}
    append(case, "closing_requested", doer, at=at, why=note, payload=payload)
    deadlines.start(
        TERM, row.pk, case.id, rule.approval_term, staff_id=approver.id, deputy_id=approver.deputy_id,
        unit_id=approver.unit_id, escalate=("24h",), at=at,
    )  # fmt: skip
    return row


def lacking_words(missing: plan.Missing) -> str:
    """What the plan still asks for, in words."""
    parts = []
    if missing.attempts:
        parts.append(_("还差 %(count)d 次") % {"count": missing.attempts})
    if missing.days:
        parts.append(_("还差 %(count)d 个不同的日子") % {"count": missing.days})
    if missing.media:
        parts.append(_("还没有用过规定的方式"))
    return _("还不能算联系不上：%(what)s。") % {"what": "，".join(parts)}


@transaction.atomic
def decide(
    case: Case, doer: Doer, *, approved: bool, why: str = "", unconfirmed: bool = False, at: datetime | None = None
) -> CaseEvent:
    """The approver confirms, which closes the case, or refuses, saying why; nobody else can, the requester least.
    `unconfirmed`: nobody knows whether the answer arrived, for the record."""
    row = queries.open_request(case.id, lock=True)
    if row is None:
        raise Conflict("closing.none", _("这张工单没有待审批的例外结单。"))
    if doer.staff_id is None or doer.staff_id == row.by_id or doer.staff_id not in {row.approver_id, row.deputy_id}:
        raise Forbidden("closing.approver", _("这份申请要由指定的批准人或其代理人审批。"))
    check_not_handler(case, doer)
    if not approved and not why.strip():
        raise RuleError("closing.why", _("不同意要写明原因。"), field="why")
    moment = at or clock.now()
    said = vaulted(case.party_id, why, 2000, "why")
    _decided([row], moment, doer.staff_id, approved=approved, why=said)
    reason = catalog.current().reasons.get(row.exception_id)
    payload = {"exception": reason.code if reason else "", "requested_by": row.by_id}
    kind = "closing_approved" if approved else "closing_refused"
    event = append(case, kind, doer, at=moment, why=said, payload=payload)
    if not approved:
        return event
    told = Review(**row.closing)
    return _finish(case, doer, told, moment, why=row.note, asked=row, unconfirmed=unconfirmed)


def call_off(case: Case, at: datetime) -> None:
    """What happened meanwhile leaves nothing to decide: the customer was reached, or the case went another way."""
    _decided(list(ClosingRequest.objects.filter(case_id=case.id, decided_at=None)), at, None, approved=None, why="")


def _decided(rows: Sequence[ClosingRequest], at: datetime, by: int | None, *, approved: bool | None, why: str) -> None:
    if not rows:
        return
    ids = [row.pk for row in rows]
    ClosingRequest.objects.filter(pk__in=ids).update(decided_at=at, decided_by_id=by, approved=approved, why=why)
    deadlines.end(TERM, ids, at)
