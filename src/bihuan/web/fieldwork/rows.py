"""Rows of repair orders with everything they show; a constant number of statements."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.fieldwork.models import Block, Crew, Order
from bihuan.fieldwork.orders_rules import OPEN
from bihuan.identity.viewer import Viewer
from bihuan.web import chips
from bihuan.web.desk.names import Names, either
from bihuan.web.masked import masked_text
from bihuan.web.teamwork.shell import numbers


def rows_of(who: Viewer, orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Each order with its case, names and masked words."""
    cases, names = Case.objects.in_bulk({one.case_id for one in orders}), Names()
    crews = Crew.objects.in_bulk({one.crew_id for one in orders})
    readable = numbers(who, cases.values())
    masks = customers.masks_of(case.party_id for case in cases.values())
    hindered = set(Block.objects.filter(order__in=list(orders), ended_at=None).values_list("order_id", flat=True))
    found = []
    for one in orders:
        case = cases[one.case_id]
        mine = masks.get(case.party_id, {})
        found.append(
            {
                "order": one, "number": case.number, "case": case, "readable": case.id in readable, "chip": chip_of(one),
                "crew": either(crews[one.crew_id].name, crews[one.crew_id].name_en), "phone": crews[one.crew_id].phone,
                "worker": names.staff(one.worker_id), "sender": names.staff(one.sent_by_id),
                "fault": masked_text(one.fault, mine), "product": masked_text(one.product, mine),
                "result": masked_text(one.result, mine), "customer": mine.get("name", ""),
                "address": mine.get(one.place or "address", ""), "place": names.place(case), "hindered": one.pk in hindered,
            }
        )  # fmt: skip
    return found


def chip_of(order: Order) -> chips.TimeChip | None:
    """Its term: running, kept or not; none for one that was cancelled."""
    if order.status in OPEN:
        warn = order.sent_at + (order.due_at - order.sent_at) * 0.75
        return chips.time_chip(order.due_at, name=_("维修期限"), warn_at=warn)
    if order.status == "cancelled":
        return None
    return chips.time_chip(
        order.due_at, name=_("维修期限"), met=bool(order.ended_at and order.ended_at <= order.due_at)
    )
