"""The control lists: what hinders orders (阻碍, 无资源), and lines with too weak light (光衰整治清单)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.fieldwork.models import Block, Limits, Order, WeakLine
from bihuan.fieldwork.orders_rules import BLOCKS, CLEANUP, HIGHEST, LOWEST, OPEN, REASONS, dbm, weak
from bihuan.identity import roles
from bihuan.identity.permits import must
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.history import edited_by
from bihuan.text.vaulted import vaulted

WITH_ORDER = "order_ended"
"""Outcome of a hindrance that ended because its order did."""


@transaction.atomic
def hinder(
    case: Case, order: Order, doer: Doer, kind: str, reason: str, expected: date, note: str = "", *,
    at: datetime | None = None,
) -> CaseEvent:  # fmt: skip
    """Put an order on a control list: why, and until what day it is expected to be free."""
    moment = at or clock.now()
    if order.status not in OPEN:
        raise Conflict("repair.ended", _("这张维修单已经结束。"))
    if kind not in BLOCKS or reason not in REASONS[kind]:
        raise RuleError("block.reason", _("请选择阻碍或无资源的原因。"), field="reason")
    if expected < timezone.localtime(moment).date():
        raise RuleError("block.expected", _("预计解除日期不能早于今天。"), field="expected")
    if Block.objects.filter(order=order, kind=kind, ended_at=None).exists():
        raise Conflict("block.open", _("这张维修单已在这个清单里，请先解除。"))
    said = vaulted(case.party_id, note, 1000, "note")
    block = Block.objects.create(
        order=order, case_id=case.id, crew_id=order.crew_id, area_id=order.area_id, kind=kind, reason=reason, note=said,
        expected=expected, begun_at=moment, begun_by_id=doer.staff_id,
    )  # fmt: skip
    payload = {"order": order.pk, "block": block.pk, "kind": kind, "reason": reason, "expected": expected, "text": said}
    return cases.append(case, "repair_hindered", doer, at=moment, payload=payload)


@transaction.atomic
def free(case: Case, block: Block, doer: Doer, outcome: str, *, at: datetime | None = None) -> CaseEvent:
    """It is out of the way."""
    if block.ended_at is not None:
        raise Conflict("block.ended", _("这一项已经解除。"))
    said, moment = vaulted(case.party_id, outcome, 1000, "outcome"), at or clock.now()
    if len(said) < 2:
        raise RuleError("block.outcome", _("请写明怎样解除的。"), field="outcome")
    block.ended_at, block.outcome = moment, said
    block.save(update_fields=["ended_at", "outcome"])
    payload = {"order": block.order_id, "block": block.pk, "kind": block.kind, "reason": block.reason, "text": said}
    return cases.append(case, "repair_freed", doer, at=moment, payload=payload)


def free_all(order: Order, doer: Doer, moment: datetime) -> None:
    """The order ends, and what hindered it with it; the order's own event tells of it."""
    Block.objects.filter(order=order, ended_at=None).update(ended_at=moment, outcome=WITH_ORDER)


def limits() -> tuple[Decimal, Decimal]:
    """The lowest and the highest good power in dBm."""
    row = Limits.objects.first()
    return (row.lowest, row.highest) if row else (LOWEST, HIGHEST)


def set_limits(lowest: str, highest: str, by: Viewer) -> None:
    """Between which powers a line is good, from now on."""
    must(by, roles.SETUP)
    low, high = dbm(lowest, "lowest"), dbm(highest, "highest")
    if low is None or high is None or low >= high:
        raise RuleError("limits.order", _("下限要低于上限，例如 -27 和 -8。"), field="lowest")
    with edited_by(by.staff_id):
        Limits.objects.update_or_create(pk=1, defaults={"lowest": low, "highest": high})


def note_light(order: Order, doer: Doer, moment: datetime) -> None:
    """An order ends with light outside the limits: onto the clean-up list; back within them: done."""
    value = order.after_dbm if order.after_dbm is not None else order.before_dbm
    low, high = limits()
    kept = WeakLine.objects.filter(order=order).first()
    if value is None:
        return
    if weak(value, low, high):
        if kept is None:
            WeakLine.objects.create(
                order=order, case_id=order.case_id, crew_id=order.crew_id, area_id=order.area_id, found_dbm=value,
                found_at=moment, now_dbm=value, changed_at=moment, changed_by_id=doer.staff_id,
            )  # fmt: skip
    elif kept is not None:
        kept.status, kept.now_dbm, kept.changed_at, kept.changed_by_id = "done", value, moment, doer.staff_id
        kept.save()


@transaction.atomic
def clean_up(
    case: Case, line: WeakLine, doer: Doer, status: str, *, planned: date | None = None, measured: str = "",
    note: str = "", at: datetime | None = None,
) -> CaseEvent:  # fmt: skip
    """Plan it, say it is put right (with the power measured then), or that it stays as it is and why."""
    moment, said = at or clock.now(), vaulted(case.party_id, note, 1000, "note")
    value = dbm(measured, "measured")
    if status not in CLEANUP:
        raise RuleError("weak.status", _("请从列表中选择。"), field="status")
    if status == "planned" and planned is None:
        raise RuleError("weak.planned", _("请填写排期日期。"), field="planned")
    if status == "done" and (value is None or weak(value, *limits())):
        raise RuleError("weak.measured", _("整治完成要填写达标的光功率。"), field="measured")
    if status == "dropped" and len(said) < 2:
        raise RuleError("weak.note", _("请写明原因。"), field="note")
    line.status, line.note, line.changed_at, line.changed_by_id = status, said, moment, doer.staff_id
    line.planned = planned or line.planned
    line.now_dbm = value if value is not None else line.now_dbm
    line.save()
    payload = {"order": line.order_id, "status": status, "after": str(line.now_dbm or ""), "text": said}
    return cases.append(case, "light_cleaned", doer, at=moment, payload=payload)
