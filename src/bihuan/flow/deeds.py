"""What can be done with many cases at once, and the inverse of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.dispatch import actions as dispatching
from bihuan.dispatch import assigning
from bihuan.dispatch.assigning import IN_WORK, Move
from bihuan.dispatch.transfer import transfer_many
from bihuan.dispatch.undoing import undo_dispatch
from bihuan.flow import actions as flow
from bihuan.flow.ending import close, reopen
from bihuan.identity import book as units
from bihuan.identity import roles
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.revisit.review import LOSSES, Review

Told = Mapping[str, Any]
Before = Mapping[str, Any]
Results = dict[int, tuple[bool, str]]
One = Callable[[Case, Viewer, Told, Before], str]
Many = Callable[[Sequence[Case], Viewer, Told, Mapping[int, Before]], Results]


def _anything(told: Told) -> None:
    """Nothing to be told."""


def _refuse(case: Case, viewer: Viewer, told: Told, before: Before) -> str:
    raise RuleError("bulk.many", _("这一步不能单独办理。"))


@dataclass(frozen=True)
class Deed:
    """`one` acts on a case and says what became of it; `many`, where the verb can, on a whole chunk at once."""

    code: str
    name: str | Promise
    right: str
    one: One = _refuse
    many: Many | None = None
    check: Callable[[Told], None] = _anything


def _receive(case: Case, viewer: Viewer, told: Told, before: Before) -> str:
    dispatching.receive(case, Doer.of(viewer))
    return _("已接单")


def _release(case: Case, viewer: Viewer, told: Told, before: Before) -> str:
    people = Staff.objects.filter(pk=before.get("handler") or 0, is_active=True, unit_id=case.holder_unit_id or 0)
    earlier = people.first()
    dispatching.release(case, Doer.of(viewer), _("撤销批量接单"), to=earlier.pk if earlier else None)
    return _("已指定 %(name)s") % {"name": earlier.name} if earlier else _("已放回待接单")


def _unit(told: Told) -> None:
    if told.get("unit") and told["unit"] not in units.units().units:
        raise RuleError("unit.unknown", _("请选择一个在用的责任部门。"), field="unit")


def _dispatch(case: Case, viewer: Viewer, told: Told, before: Before) -> str:
    """To the unit told, else as the rules say; what is only registered is accepted first."""
    doer = Doer.of(viewer)
    if case.status == "registered":
        flow.accept(case, doer)
    if told.get("unit"):
        if case.status != "dispatched" or case.holder_unit_id != told["unit"]:
            dispatching.dispatch(case, doer, int(told["unit"]), why=str(told.get("why", "")))
    elif case.status != "dispatched" and flow.dispatch_by_rule(case, doer) is None:
        raise RuleError("dispatch.no_rule", _("没有适用的派单规则，或已在该部门手上，请单独派单。"))
    unit = units.units().units.get(case.holder_unit_id or 0)
    return _("已派给 %(unit)s") % {"unit": unit.name if unit else ""}


def _undispatch(case: Case, viewer: Viewer, told: Told, before: Before) -> str:
    """As it stood before; what was only registered stays accepted: the customer was told of it."""
    undo_dispatch(case, Doer.of(viewer), _("撤销批量派单"), before)
    return _("已恢复到派单前")


def _needs_unit(told: Told) -> None:
    if not told.get("unit"):
        raise RuleError("unit.unknown", _("请选择一个在用的责任部门。"), field="unit")
    _unit(told)


def _transfer(cases: Sequence[Case], viewer: Viewer, told: Told, before: Mapping[int, Before]) -> Results:
    target = int(told["unit"])
    moving = [case for case in cases if case.ended_at is None and case.holder_unit_id != target]
    why = str(told.get("why", "")) or _("部门调整，整体移交")
    transfer_many(moving, {case.id: target for case in moving}, Doer.of(viewer), clock.now(), why)
    done = {case.id for case in moving}
    name = units.units().units[target].name
    return {
        case.id: (True, _("已移交 %(unit)s") % {"unit": name})
        if case.id in done
        else (False, _("已办结，或已在该部门手上。"))
        for case in cases
    }


def _transfer_back(cases: Sequence[Case], viewer: Viewer, told: Told, before: Mapping[int, Before]) -> Results:
    known = units.units().units
    moving = [case for case in cases if before[case.id].get("unit") in known and case.ended_at is None]
    targets = {case.id: int(before[case.id]["unit"]) for case in moving}
    handlers = {case.id: before[case.id].get("handler") for case in moving}
    transfer_many(moving, targets, Doer.of(viewer), clock.now(), _("撤销批量移交"), handlers)
    return {case.id: (True, _("已移回")) if case.id in targets else (False, _("原部门已停用。")) for case in cases}


def _person(told: Told) -> None:
    if not Staff.objects.filter(pk=told.get("staff") or 0, is_active=True).exists():
        raise RuleError("assignment.staff", _("请选择处理人。"), field="staff")


def _assign(cases: Sequence[Case], viewer: Viewer, told: Told, before: Mapping[int, Before]) -> Results:
    person = Staff.objects.get(pk=told["staff"])
    return _moved(cases, viewer, {case.id: person for case in cases}, "bulk")


def _assign_back(cases: Sequence[Case], viewer: Viewer, told: Told, before: Mapping[int, Before]) -> Results:
    people = Staff.objects.in_bulk({told["handler"] for told in before.values() if told.get("handler")})
    return _moved(cases, viewer, {case.id: people.get(before[case.id].get("handler") or 0) for case in cases}, "bulk")


def _moved(cases: Sequence[Case], viewer: Viewer, people: Mapping[int, Staff | None], how: str) -> Results:
    results: Results = {}
    moves = []
    for case in cases:
        person = people[case.id]
        trouble = _not_movable(case, person)
        if trouble:
            results[case.id] = (False, trouble)
            continue
        told = _("已指定 %(name)s") % {"name": person.name} if person else _("已放回待接单")
        results[case.id] = (True, told)
        unit, waits = case.holder_unit_id or 0, case.status == "dispatched"
        moves.append(Move(case.id, unit, person.pk if person else None, how, case.handler_id, waits=waits))
    assigning.move_many(moves, Doer.of(viewer))
    return results


def _not_movable(case: Case, person: Staff | None) -> str:
    if case.status not in IN_WORK:
        return _("只有已派到部门、尚未答复的工单可以指定处理人。")
    if person is not None and person.unit_id != case.holder_unit_id:
        return _("责任人不在所选部门，请重新选择。")
    return _("这张工单已经在她手上。") if person is not None and person.pk == case.handler_id else ""


def _cause(told: Told) -> None:
    if not told.get("cause"):
        raise RuleError("closure.cause", _("结单前要选择原因树中的原因。"), field="cause")


def _close(case: Case, viewer: Viewer, told: Told, before: Before) -> str:
    losses = {f"{kind}_cause": True for kind in told.get("losses", ()) if kind in LOSSES}
    coded = Review(
        str(told.get("cause", "")), list(told.get("evidence_kinds", ())), **losses, proof=str(told.get("proof", ""))
    )
    close(case, Doer.of(viewer), coded, str(told.get("why", "")))
    return _("已结单")


def _reopen(case: Case, viewer: Viewer, told: Told, before: Before) -> str:
    reopen(case, Doer.of(viewer), "supervision", _("撤销批量结单"))
    return _("已转回重新处理")


DEEDS: dict[str, Deed] = {
    deed.code: deed
    for deed in (
        Deed("receipts", gettext_lazy("批量接单"), roles.RECEIVE, _receive),
        Deed("dispatches", gettext_lazy("批量派单"), roles.DISPATCH, _dispatch, check=_unit),
        Deed("transfers", gettext_lazy("批量移交"), roles.DISPATCH, many=_transfer, check=_needs_unit),
        Deed("assignments", gettext_lazy("批量指定处理人"), roles.DISPATCH, many=_assign, check=_person),
        Deed("closures", gettext_lazy("批量结单"), roles.CLOSE, _close, check=_cause),
    )
}
"""By code, as addresses name them."""
_INVERSE = {
    "receipts": Deed("receipts", DEEDS["receipts"].name, roles.RECEIVE, _release),
    "dispatches": Deed("dispatches", DEEDS["dispatches"].name, roles.DISPATCH, _undispatch),
    "transfers": Deed("transfers", DEEDS["transfers"].name, roles.DISPATCH, many=_transfer_back),
    "assignments": Deed("assignments", DEEDS["assignments"].name, roles.DISPATCH, many=_assign_back),
    "closures": Deed("closures", DEEDS["closures"].name, roles.REOPEN, _reopen),
}


def undoing(code: str) -> Deed:
    """The inverse of a deed."""
    return _INVERSE[code]
