"""What is done with an appeal. Each verb takes the locked case, leaves one event on it and lets its limits follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.appeals import own, queries, rules
from bihuan.appeals.models import Appeal, Appellant, Body
from bihuan.cases import actions as cases
from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.identity.book import units
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import steps
from bihuan.text.clean import clean
from bihuan.text.vaulted import vaulted

_SKEW = timedelta(minutes=5)
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Told:
    """What the body's order says of the appeal itself; the complaint's own facts are the case's."""

    body: str
    number: str
    received_at: datetime
    transferred_at: datetime
    appellant: str = Appellant.CUSTOMER
    templated: bool = False
    postcode: str = ""
    reason: str = ""
    dispute: str = "other"
    arose_on: date | None = None
    complained_on: date | None = None
    outcome: str = rules.DISSATISFIED
    interested: bool = True
    named: bool = True
    settled: bool = False
    elsewhere: str = ""
    own: Mapping[str, Any] = field(default_factory=dict)


CORRECTABLE = tuple(
    one.name for one in fields(Told) if one.name not in {"body", "number", "received_at", "transferred_at"}
)
"""What may be put right afterwards. The body's number and its moments may not: the limit runs from them."""


def find_body(code: str) -> Body:
    """The body in use with this code; `RuleError` for any other."""
    body = Body.objects.filter(code=code, active=True).first()
    if body is None:
        raise RuleError("appeal.body", _("请选择转办单位。"), field="body")
    return body


def append(
    case: Case, doer: Doer, kind: str, payload: Mapping[str, Any], *, at: datetime | None = None, why: str = ""
) -> CaseEvent:
    """One event of an appeal on its case; its limits follow."""
    event = cases.append(case, kind, doer, at=at, why=why, payload=payload)
    steps.follow(case, kind, event.at)
    return event


@transaction.atomic
def receive(case: Case, doer: Doer, told: Told, earlier: Case | None = None) -> Appeal:
    """Put the body's order beside the case just registered for it; the body's clock runs from its transfer.

    `earlier` is the customer's own complaint before; of it the date is taken where none was told.
    """
    body = find_body(told.body)
    number = clean(told.number, 64, "number")
    if not number:
        raise RuleError("appeal.number", _("请填写转办单位的编号。"), field="number")
    if Appeal.objects.filter(body=body, number=number).exists():
        raise Conflict("appeal.exists", _("这个编号的申诉已经登记过，请在列表中查找。"), field="number")
    _check_moments(told)
    appeal = Appeal(
        case_id=case.id, body=body, number=number, received_at=told.received_at, transferred_at=told.transferred_at,
        taken_by_id=doer.staff_id,
    )  # fmt: skip
    _set(appeal, case, {name: getattr(told, name) for name in CORRECTABLE}, earlier)
    appeal.save(force_insert=True)
    payload = {
        "body": body.code,
        "appeal_number": number,
        "failing": appeal.failing,
        "agent": appeal.appellant == Appellant.AGENT,
        "facts": {"appeal_body": body.code, "appeal_status": appeal.status},
    }
    append(case, doer, "appeal_received", payload, at=told.transferred_at)
    return appeal


def _check_moments(told: Told) -> None:
    latest = clock.now() + _SKEW
    for name in ("received_at", "transferred_at"):
        moment = getattr(told, name)
        if moment.tzinfo is None:
            raise RuleError("appeal.zone", _("时间要带时区，例如 2026-03-02T09:00:00+08:00。"), field=name)
        if moment > latest or moment.year < _EARLIEST.year:
            raise RuleError("appeal.moment", _("这个时间不对：不能晚于现在，也不能早于 1990 年。"), field=name)
    if told.transferred_at < told.received_at:
        raise RuleError("appeal.order", _("转办时间不能早于转办单位受理的时间。"), field="transferred_at")


@transaction.atomic
def correct(case: Case, appeal: Appeal, doer: Doer, changes: Mapping[str, Any], earlier: Case | None) -> CaseEvent:
    """Put right what was taken down of it (names of `CORRECTABLE`); its conditions are judged anew."""
    strange = sorted(set(changes) - set(CORRECTABLE))
    if strange:
        raise RuleError("appeal.field", _("这一项登记后不能修改。"), field=strange[0])
    before = {name: getattr(appeal, name) for name in (*CORRECTABLE, "earlier_case_id")}
    _set(appeal, case, changes, earlier)
    changed = [name for name, value in before.items() if getattr(appeal, name) != value]
    if not changed:
        raise RuleError("appeal.unchanged", _("没有改动。"))
    appeal.save()
    return append(case, doer, "appeal_corrected", {"changed": changed, "failing": appeal.failing})


def _set(appeal: Appeal, case: Case, values: Mapping[str, Any], earlier: Case | None) -> None:
    """Write checked values into the appeal and judge its conditions."""
    limits = {"reason": 2000, "postcode": 10}
    for name, value in values.items():
        if name == "own":
            value = own.checked(appeal.body.code, value)
        elif name == "reason":
            value = vaulted(case.party_id, value, limits[name], name)
        elif name == "postcode":
            value = clean(value, limits[name], name)
        setattr(appeal, name, value)
    if earlier is not None:
        _link(appeal, case, earlier)
    _check_choices(appeal)
    _check_days(appeal)
    appeal.failing = rules.failing(queries.claim_of(appeal, case), queries.limits_of(appeal.body))


def _link(appeal: Appeal, case: Case, earlier: Case) -> None:
    if earlier.id == case.id or not customers.same_person(case.party_id, earlier.party_id):
        raise RuleError("appeal.earlier", _("那张工单不是同一客户或号码的，请核对编号。"), field="earlier")
    appeal.earlier_case_id = earlier.id
    if appeal.complained_on is None:
        appeal.complained_on = local_day(earlier.registered_at)


def _check_choices(appeal: Appeal) -> None:
    allowed = {
        "appellant": Appellant.values,
        "dispute": rules.DISPUTES,
        "outcome": rules.OUTCOMES,
        "elsewhere": rules.ELSEWHERE,
    }
    for name, values in allowed.items():
        if getattr(appeal, name) not in values:
            raise RuleError(f"appeal.{name}", _("请从列表中选择。"), field=name)


def _check_days(appeal: Appeal) -> None:
    latest = local_day(appeal.received_at)
    for name in ("arose_on", "complained_on"):
        day = getattr(appeal, name)
        if day is not None and not _EARLIEST <= day <= latest:
            raise RuleError("appeal.day", _("日期不能晚于转办单位受理的日期，也不能早于 1990 年。"), field=name)


@transaction.atomic
def step(
    case: Case,
    appeal: Appeal,
    doer: Doer,
    noun: str,
    why: str = "",
    *,
    into: Appeal | None = None,
    at: datetime | None = None,
) -> CaseEvent:
    """Move an appeal one step by the table `rules.STEPS`; `into` names the other appeal of a merging."""
    what = rules.STEPS.get(noun)
    if what is None:
        raise RuleError("appeal.step", _("没有这一步。"), field="step")
    if appeal.status not in what.sources:
        raise Conflict(
            "appeal.status",
            _("申诉现在是“%(status)s”，不能%(step)s。")
            % {"status": rules.STATUSES[appeal.status].name, "step": what.name},
            data={"status": appeal.status, "allowed": [one.noun for one in rules.allowed(appeal.status)]},
        )
    said = vaulted(case.party_id, why, 2000, "why")
    if what.asks_why and not said:
        raise RuleError("appeal.why", _("请写明原因或依据。"), field="why")
    if noun == "filing" and appeal.answered_at is None:
        raise Conflict("appeal.unanswered", _("还没有向转办单位发出答复，不能结案归档。"))
    moment, before = at or clock.now(), appeal.status
    if noun == "merging":
        appeal.merged_into_id = _survivor(case, appeal, into).id
    appeal.status = what.target
    _ended(appeal, what, moment)
    appeal.save()
    payload = {"step": noun, "status": what.target, "before": before, "facts": {"appeal_status": what.target}}
    return append(case, doer, what.kind, payload, at=moment, why=said)


def _ended(appeal: Appeal, what: rules.Step, moment: datetime) -> None:
    if what.kind == "appeal_ended":
        appeal.ended_at = moment
    elif what.kind == "appeal_resumed":
        appeal.ended_at = appeal.answered_at = None


def _survivor(case: Case, appeal: Appeal, into: Appeal | None) -> Appeal:
    if into is None or into.id == appeal.id or into.status not in rules.OPEN:
        raise RuleError("appeal.into", _("请选择另一件在办的申诉。"), field="into")
    if not customers.same_person(case.party_id, Case.objects.get(pk=into.case_id).party_id):
        raise RuleError("appeal.strangers", _("不是同一客户或号码的申诉，各自都要答复。"), field="into")
    return into


@transaction.atomic
def judge(
    case: Case,
    appeal: Appeal,
    doer: Doer,
    *,
    liable: bool | None,
    reasonable: bool | None,
    raised: bool = False,
    penalty: Decimal | None = None,
    penalty_unit_id: int | None = None,
) -> CaseEvent:
    """Whether the operator is to blame, the claim reasonable, settled only by giving more; what is charged to whom."""
    if penalty is not None and not (penalty.is_finite() and 0 < penalty < 10**9 and penalty == round(penalty, 2)):
        raise RuleError("appeal.penalty", _("考核金额请写成 200.00，大于 0。"), field="penalty")
    if (penalty is None) != (penalty_unit_id is None):
        name = "penalty" if penalty is None else "penalty_unit"
        raise RuleError("appeal.penalty_unit", _("考核金额和被考核部门要一起填写。"), field=name)
    if penalty_unit_id is not None and penalty_unit_id not in units().units:
        raise RuleError("appeal.unit", _("请从列表中选择部门。"), field="penalty_unit")
    judged = {"liable": liable, "reasonable": reasonable, "raised": raised, "penalty": penalty}
    for name, value in {**judged, "penalty_unit_id": penalty_unit_id}.items():
        setattr(appeal, name, value)
    appeal.save(update_fields=[*judged, "penalty_unit_id"])
    payload = {**judged, "penalty": str(penalty) if penalty is not None else None, "unit": penalty_unit_id}
    return append(case, doer, "appeal_judged", payload)


__all__ = ["CORRECTABLE", "Told", "append", "correct", "find_body", "judge", "receive", "step"]
