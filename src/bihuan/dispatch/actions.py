"""Dispatch, recall, receive, return."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.dispatch import assigning, queries
from bihuan.dispatch.models import Dispatch
from bihuan.dispatch.rules import Choice, RuleInfo
from bihuan.identity import book as units
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import steps
from bihuan.text.vaulted import vaulted

ASSESSMENTS = ("self", "team", "verify")


@transaction.atomic
def dispatch(
    case: Case,
    doer: Doer,
    unit_id: int,
    *,
    handler_id: int | None = None,
    demands: str = "",
    choice: Choice | None = None,
    why: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """Pass the case on to a unit, by hand or because a rule (`choice`) says so; it may read it from now on for good."""
    unit = units.units().units.get(unit_id)
    if unit is None:
        raise RuleError("unit.unknown", _("请选择一个在用的责任部门。"), field="unit")
    if handler_id is not None and not Staff.objects.filter(pk=handler_id, unit_id=unit_id, is_active=True).exists():
        raise RuleError("handler.elsewhere", _("责任人不在所选部门，请重新选择。"), field="handler")
    moment, rule = at or clock.now(), choice.rule if choice else None
    demands = vaulted(case.party_id, demands, 2000, "demands") or (rule.demands if rule else "")
    why = vaulted(case.party_id, why, 2000, "why")
    handler_id = handler_id or _person_of(rule, unit_id)
    payload = _told(case, unit_id, handler_id or unit.responsible_id, demands, rule)
    changes = _passed_on(case, unit_id, handler_id, rule, moment)
    event = steps.take(case, "dispatched", doer, at=moment, why=why, payload=payload, **changes)
    cases.let_read(case, unit_id, moment)
    Dispatch.objects.create(
        case_id=case.id, unit_id=unit_id, handler_id=payload["handler"], at=moment, by_id=doer.staff_id, demands=demands,
        rule_id=rule.id if rule else None, rule_set_code=rule.set_code if rule else "",
        rule_set_version=rule.set_version if rule else None, due_at=case.next_due_at,
    )  # fmt: skip
    assigning.begun(case, moment)
    return event


def _told(case: Case, unit_id: int, handler: int | None, demands: str, rule: RuleInfo | None) -> dict[str, Any]:
    """What the event keeps: where to, who answers for it, what is demanded, the rule, and whether it went out before."""
    told = {
        "unit": unit_id,
        "handler": handler,
        "demands": demands,
        "rule": told_of(rule) if rule else None,
        "again": case.dispatch_count > 0,
    }
    routed = rule.target.get("routed") if rule is not None else None
    return {**told, "routed": routed} if routed else told


def _passed_on(
    case: Case, unit_id: int, handler_id: int | None, rule: RuleInfo | None, moment: datetime
) -> dict[str, Any]:
    """The columns that change; a rule can only make it more pressing."""
    changes: dict[str, Any] = {
        "holder_unit_id": unit_id,
        "handler_id": handler_id,
        "dispatched_at": case.dispatched_at or moment,
        "dispatch_count": case.dispatch_count + 1,
    }
    if rule is not None and rule.priority is not None and rule.priority < case.priority:
        changes["priority"] = rule.priority
    return changes


def told_of(rule: RuleInfo) -> dict[str, Any]:
    """What a dispatch's event keeps of the rule that made it: which one of which version, and what it asked for."""
    return {
        "set": rule.set_code, "version": rule.set_version, "code": rule.code, "place": rule.place,
        "conditions": dict(rule.conditions), "reason": rule.reason, "reason_en": rule.reason_en,
    }  # fmt: skip


def _person_of(rule: RuleInfo | None, unit_id: int) -> int | None:
    """Whom the rule names, as long as she works there."""
    if rule is None or not rule.target.get("staff"):
        return None
    people = Staff.objects.filter(username=str(rule.target["staff"]), unit_id=unit_id, is_active=True)
    return people.values_list("pk", flat=True).first()


def _end(case: Case, outcome: str, moment: datetime, reason_id: int | None = None) -> Dispatch | None:
    assigning.ended([case.id], outcome, moment)
    held = queries.latest(case.id)
    if held is None or held.ended_at is not None:
        return None
    held.ended_at, held.outcome, held.reason_id = moment, outcome, reason_id
    held.save(update_fields=["ended_at", "outcome", "reason_id"])
    return held


def end(case: Case, outcome: str, at: datetime) -> None:
    """The present dispatch, if one runs, ended in this way (`replied`, `withdrawn`, `merged`)."""
    _end(case, outcome, at)


@transaction.atomic
def recall(case: Case, doer: Doer, why: str, *, at: datetime | None = None) -> CaseEvent:
    """The dispatcher takes it back, saying why; it waits for another dispatch with the dispatching unit."""
    if not why.strip():
        raise RuleError("recall.reason", _("撤回派单要写明原因。"), field="why")
    if queries.open_dispute(case.id) is not None:
        raise Conflict("recall.disputed", _("归属正在裁定，裁定前由首接部门负责，不能撤回。"))
    moment = at or clock.now()
    home = _home(case, doer)
    event = steps.take(
        case, "recalled", doer, at=moment, why=vaulted(case.party_id, why, 2000, "why"),
        payload={"from": case.holder_unit_id},
        holder_unit_id=home, handler_id=None,
    )  # fmt: skip
    _end(case, "recalled", moment)
    return event


@transaction.atomic
def receive(
    case: Case, doer: Doer, assessment: str = "", *, verify_with: str = "", at: datetime | None = None
) -> CaseEvent:
    """Take the order (接单): whoever does is its handler, and says how it can be solved (`self`, `team`, `verify`)."""
    if assessment and assessment not in ASSESSMENTS:
        raise RuleError(
            "receipt.assessment", _("请选择：我能解决、本部门投诉小组能解决、需要其他专业核实。"), field="assessment"
        )
    if assessment == "verify" and not verify_with.strip():
        raise RuleError(
            "receipt.verify_with", _("需要核实时请写明由哪个专业核实（数据、网络、计费……）。"), field="verify_with"
        )
    moment = at or clock.now()
    asked = vaulted(case.party_id, verify_with, 200, "verify_with")
    event = steps.take(
        case, "received", doer, at=moment,
        payload={"assessment": assessment, "verify_with": asked},
        handler_id=doer.staff_id, received_at=case.received_at or moment,
    )  # fmt: skip
    held = queries.latest(case.id)
    if held is not None:
        held.received_at, held.received_by_id = moment, doer.staff_id
        held.assessment, held.verify_with = assessment, asked
        held.save(update_fields=["received_at", "received_by_id", "assessment", "verify_with"])
    assigning.received(case, doer, moment)
    return event


@transaction.atomic
def give_back(case: Case, doer: Doer, reason_code: str, note: str, *, at: datetime | None = None) -> CaseEvent:
    """Not ours: back to the service centre with a reason, to be dispatched anew. Bounces are counted."""
    reason = catalog.current().reason("return", reason_code)
    if reason is None:
        raise RuleError("return.reason", _("退单必须选择原因。"), field="reason")
    if not note.strip():
        raise RuleError("return.note", _("请写明为什么不属于本部门、应由谁处理。"), field="note")
    _check_returnable(case)
    moment = at or clock.now()
    event = steps.take(
        case, "returned", doer, at=moment, why=vaulted(case.party_id, note, 2000, "note"),
        payload={"reason": reason.code, "from": case.holder_unit_id},
        holder_unit_id=_home(case, None), handler_id=None, return_count=case.return_count + 1,
    )  # fmt: skip
    _end(case, "returned", moment, reason.id)
    return event


def _check_returnable(case: Case) -> None:
    if queries.open_dispute(case.id) is not None:
        raise Conflict("return.disputed", _("归属正在裁定，裁定前由首接部门负责，不能退单。"))
    if queries.ruled_owner(case.id) == case.holder_unit_id:
        raise Conflict("return.final", _("归属已裁定为本部门，不能再退单。"))


@transaction.atomic
def release(case: Case, doer: Doer, why: str = "", *, to: int | None = None, at: datetime | None = None) -> CaseEvent:
    """Taken by mistake: back to those of the unit waiting to be received. It is `to`'s again, to whom it was given before
    the receipt; without one nobody has it now."""
    moment = at or clock.now()
    told = vaulted(case.party_id, why, 2000, "why")
    held = queries.latest(case.id)
    first = held is not None and held.received_at == case.received_at
    event = steps.take(
        case, "released", doer, at=moment, why=told,
        payload={"from": case.handler_id, **({"to": to} if to else {})},
        handler_id=to, received_at=None if first else case.received_at,
    )  # fmt: skip
    assigning.released(case, to, moment)
    if held is not None:
        held.received_at, held.received_by_id, held.assessment, held.verify_with = None, None, "", ""
        held.save(update_fields=["received_at", "received_by_id", "assessment", "verify_with"])
    return event


def _home(case: Case, dispatcher: Doer | None) -> int | None:
    """Where a case waits for its next dispatch: the area's service centre, else who took it in."""
    found = units.units().answering("service_center", (case.province_id, case.city_id, case.district_id))
    if found is not None:
        return found.id
    return case.registered_unit_id or (dispatcher.unit_id if dispatcher else None)
