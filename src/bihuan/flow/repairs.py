"""Repair orders across rooms: crew and handler are told, and all ends with the case."""

from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.fieldwork import orders
from bihuan.fieldwork.models import Crew, Order
from bihuan.fieldwork.orders_rules import STATUSES
from bihuan.notices import actions as notices


@transaction.atomic
def send(
    case: Case,
    doer: Doer,
    crew_id: int,
    fault: str,
    term: str | datetime,
    *,
    product: str = "",
    place: str = "",
    worker_id: int | None = None,
    visit_id: int | None = None,
    at: datetime | None = None,
) -> Order:
    """Send a crew; the worker, or while nobody is named the whole crew, is told."""
    order = orders.send(
        case, doer, crew_id, fault, term, product=product, place=place, worker_id=worker_id, visit_id=visit_id, at=at
    )
    _tell_crew(order, doer)
    return order


@transaction.atomic
def take(
    case: Case,
    order: Order,
    noun: str,
    doer: Doer,
    *,
    text: str = "",
    before: str = "",
    after: str = "",
    key: str = "",
    pressed: datetime | None = None,
    at: datetime | None = None,
) -> CaseEvent | None:
    """One step; its end is told to who has the case in hand, a cancellation to the crew. None for one counted before."""
    event = orders.take(case, order, noun, doer, text=text, before=before, after=after, key=key, pressed=pressed, at=at)
    if event is not None and noun in {"completion", "failure"}:
        who = {case.handler_id, order.sent_by_id} - {doer.staff_id}
        facts = {"by": doer.staff_id, "text": f"{STATUSES[order.status]}：{order.result}"}
        notices.tell("repair", who, case.id, facts)
    if event is not None and noun == "cancellation":
        _tell_crew(order, doer)
    return event


@transaction.atomic
def hand(
    case: Case, order: Order, doer: Doer, crew_id: int, why: str, *, worker_id: int | None = None,
    at: datetime | None = None,
) -> CaseEvent:  # fmt: skip
    """To another crew or tier; it is told."""
    event = orders.hand(case, order, doer, crew_id, why, worker_id=worker_id, at=at)
    _tell_crew(order, doer)
    return event


def over(case: Case, why: str, at: datetime | None = None) -> None:
    """The case has ended: open orders are cancelled, and their crews told."""
    for order in orders.call_off(case, why, at=at):
        _tell_crew(order, SYSTEM)


def _tell_crew(order: Order, doer: Doer) -> None:
    crew = Crew.objects.get(pk=order.crew_id)
    people = [order.worker_id] if order.worker_id else crew.member_ids
    facts = {
        "due": order.due_at,
        "name": crew.name,
        "name_en": crew.name_en,
        "text": f"{STATUSES[order.status]}：{order.fault}",
    }
    notices.tell("repair", [one for one in people if one != doer.staff_id], order.case_id, facts)
