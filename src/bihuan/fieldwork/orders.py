"""Repair orders: sent, worked on, handed between the tiers, ended. Each verb takes the locked case and leaves one event."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import actions as customers
from bihuan.fieldwork import lists
from bihuan.fieldwork.crews import named
from bihuan.fieldwork.models import Crew, Deed, Order
from bihuan.fieldwork.orders_rules import OPEN, STATUSES, STEPS, dbm
from bihuan.fieldwork.tiers import TIERS, is_up
from bihuan.fieldwork.visits import let_crew_read
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import deadlines
from bihuan.text import personal
from bihuan.text.clean import clean
from bihuan.text.vaulted import vaulted

KIND = "repair"
LONGEST = timedelta(days=90)
LATEST_NEWS = timedelta(days=3)
"""A step pressed on a phone without a network may arrive so late; older ones count as of now."""
_STAMPS = {"acceptance": "accepted_at", "departure": "on_way_at", "arrival": "arrived_at"}


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
    """Send a crew: what is broken, where (empty: at the customer's own address), until when (a moment or a duration).

    The address goes into the vault. `RuleError` names `crew`, `fault`, `worker` or `due`.
    """
    moment, crew = at or clock.now(), named(crew_id)
    due = term if isinstance(term, datetime) else deadlines.due_after(moment, term)
    said = vaulted(case.party_id, fault, 2000, "fault")
    if len(said) < 2:
        raise RuleError("repair.fault", _("请写明故障现象和要求。"), field="fault")
    if not moment < due <= moment + LONGEST:
        raise RuleError("repair.due", _("维修期限要晚于现在，最长 90 天。"), field="due")
    _check_worker(crew, worker_id)
    order = Order.objects.create(
        case_id=case.id, crew_id=crew.pk, worker_id=worker_id, tier=crew.tier, fault=said,
        product=vaulted(case.party_id, product, 200, "product"), place=_sealed_place(case, place),
        area_id=case.area_id or case.district_id or case.city_id, visit_id=visit_id, sent_at=moment,
        sent_by_id=doer.staff_id, due_at=due,
    )  # fmt: skip
    deadlines.start(KIND, order.pk, case.id, due, unit_id=crew.unit_id, staff_id=worker_id, at=moment)
    let_crew_read(case, crew, moment)
    cases.take(case, "repair_sent", doer, at=moment, payload={**facts(order), "text": said, "due": due})
    return order


def _check_worker(crew: Crew, worker_id: int | None) -> None:
    if worker_id is not None and worker_id not in crew.member_ids:
        raise RuleError("repair.worker", _("请选择本班组的成员。"), field="worker")


def _sealed_place(case: Case, told: str) -> str:
    """The fault's address into the vault's record of this case; answers its token."""
    address = clean(told, 200, "place")
    if not address:
        return ""
    token = personal.numbering(customers.tokens_of(case.party_id))("account")
    customers.absorb(case.party_id, {token: ("address", address)})
    return token


def facts(order: Order) -> dict[str, Any]:
    """What every event of an order tells."""
    return {"order": order.pk, "crew": order.crew_id, "staff": order.worker_id, "tier": order.tier}


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
    """One step (a key of `orders_rules.STEPS`). `key` comes with the button: the same one again changes nothing (None).

    `pressed` is when it was pressed on a phone that had no network; `before`, `after`: received power in dBm.
    """
    if key and Deed.objects.filter(order=order, key=key[:64]).exists():
        return None
    step, moment = STEPS[noun], _moment(order, pressed, at)
    said = _allowed(case, order, noun, text)
    _measured(order, before, after)
    _stamped(order, noun, doer, moment)
    Deed.objects.create(order=order, noun=noun, key=key[:64], at=moment, by_id=doer.staff_id)
    payload: dict[str, Any] = {**facts(order), "text": said}
    if step.target not in OPEN:
        payload |= _ended(case, order, doer, said, moment)
    order.save()
    return cases.append(case, step.kind, doer, at=moment, payload=payload)


def _allowed(case: Case, order: Order, noun: str, text: str) -> str:
    """The step fits the order's state, and what ends it is explained; answers the words as they may be kept."""
    step = STEPS[noun]
    if order.status not in step.sources:
        told = {"status": STATUSES[order.status], "step": step.name}
        raise Conflict(
            "repair.status", _("这张维修单现在是“%(status)s”，不能%(step)s。") % told, data={"status": order.status}
        )
    said = vaulted(case.party_id, text, 2000, "text")
    if step.target not in OPEN and len(said) < 2:
        empty = _("请写明怎么修好的。") if noun == "completion" else _("请写明原因。")
        raise RuleError("repair.text", empty, field="text")
    return said


def _stamped(order: Order, noun: str, doer: Doer, moment: datetime) -> None:
    """State, moment and, from her first step on, whose it is."""
    order.status = STEPS[noun].target
    if noun in _STAMPS:
        setattr(order, _STAMPS[noun], moment)
    if order.worker_id is None and noun != "cancellation":
        order.worker_id = doer.staff_id
        deadlines.hand(KIND, order.pk, unit_id=named_unit(order), staff_id=order.worker_id)


def named_unit(order: Order) -> int | None:
    """The unit of the order's crew."""
    return Crew.objects.filter(pk=order.crew_id).values_list("unit_id", flat=True).first()


def _moment(order: Order, pressed: datetime | None, at: datetime | None) -> datetime:
    """When it happened: as the phone says, if that can be; never before the step before it."""
    now = at or clock.now()
    if pressed is None or not now - LATEST_NEWS <= pressed <= now:
        return now
    last = order.deeds.order_by("-at").values_list("at", flat=True).first()
    return max(pressed, last or order.sent_at)


def _measured(order: Order, before: str, after: str) -> None:
    order.before_dbm = dbm(before, "before") if before.strip() else order.before_dbm
    order.after_dbm = dbm(after, "after") if after.strip() else order.after_dbm


def _ended(case: Case, order: Order, doer: Doer, said: str, moment: datetime) -> dict[str, Any]:
    order.ended_at, order.result = moment, said
    deadlines.end(KIND, [order.pk], moment)
    lists.free_all(order, doer, moment)
    if order.status != "cancelled":
        lists.note_light(order, doer, moment)
    told: dict[str, Any] = {"late": moment > order.due_at}
    if order.before_dbm is not None:
        told["before"] = str(order.before_dbm)
    if order.after_dbm is not None:
        told["after"] = str(order.after_dbm)
    return told


@transaction.atomic
def measure(
    case: Case, order: Order, doer: Doer, before: str, after: str, *, key: str = "", at: datetime | None = None
) -> CaseEvent | None:
    """Received power before and after the work, in dBm; either may be left out."""
    if key and Deed.objects.filter(order=order, key=key[:64]).exists():
        return None
    if not before.strip() and not after.strip():
        raise RuleError("repair.dbm", _("请填写测得的光功率。"), field="before")
    moment = at or clock.now()
    _measured(order, before, after)
    order.save(update_fields=["before_dbm", "after_dbm"])
    Deed.objects.create(order=order, noun="measurement", key=key[:64], at=moment, by_id=doer.staff_id)
    if order.status not in OPEN:
        lists.note_light(order, doer, moment)
    told = {"before": str(order.before_dbm or ""), "after": str(order.after_dbm or "")}
    return cases.append(case, "repair_measured", doer, at=moment, payload={**facts(order), **told})


@transaction.atomic
def hand(
    case: Case, order: Order, doer: Doer, crew_id: int, why: str, *, worker_id: int | None = None,
    at: datetime | None = None,
) -> CaseEvent:  # fmt: skip
    """To another crew, of the same tier or one above or below, with the reason; the time runs on."""
    if order.status not in OPEN:
        raise Conflict("repair.ended", _("这张维修单已经结束。"))
    crew, moment = named(crew_id), at or clock.now()
    if crew.pk == order.crew_id and worker_id in {None, order.worker_id}:
        raise RuleError("repair.crew", _("维修单已在这个班组，请选择别的班组或成员。"), field="crew")
    _check_worker(crew, worker_id)
    said = vaulted(case.party_id, why, 1000, "why")
    if len(said) < 2:
        raise RuleError("repair.why", _("请写明原因。"), field="why")
    before = order.tier
    order.crew_id, order.worker_id, order.tier, order.status = crew.pk, worker_id, crew.tier, "sent"
    order.save(update_fields=["crew_id", "worker_id", "tier", "status"])
    deadlines.hand(KIND, order.pk, unit_id=crew.unit_id, staff_id=worker_id)
    let_crew_read(case, crew, moment)
    way = "" if before == crew.tier else "up" if is_up(before, crew.tier) else "down"
    payload = {**facts(order), "before_tier": before, "way": way, "text": said}
    return cases.append(case, "repair_handed", doer, at=moment, payload=payload)


@transaction.atomic
def call_off(case: Case, why: str, *, doer: Doer = SYSTEM, at: datetime | None = None) -> list[Order]:
    """The case has ended: open orders are cancelled. Answers which."""
    found = list(Order.objects.select_for_update().filter(case_id=case.id, status__in=OPEN))
    for order in found:
        take(case, order, "cancellation", doer, text=why, at=at)
    return found


__all__ = ["KIND", "TIERS", "call_off", "facts", "hand", "measure", "send", "take"]
