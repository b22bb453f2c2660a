"""What work outside takes and gives over the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Moment, Note, _In
from bihuan.api.v1.rendering import Names, masked
from bihuan.api.v1.shapes import Named
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.fieldwork.models import Appointment, Crew, Order
from bihuan.fieldwork.orders_rules import OPEN
from bihuan.fieldwork.rules import Slot
from bihuan.insight.fieldwork import Line
from bihuan.kernel import clock

Id = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Tier = Literal["", "on_site", "centre", "network"]
Power = Annotated[str, Meta(max_length=12, description="Received power in dBm, e.g. -21.5")]
AgreedBy = Literal["self", "family", "other"]
AgreedMeans = Literal["call", "sms", "chat", "visit"]


class SlotsOf(_In):
    """How many days ahead."""

    days: Annotated[int, Meta(ge=1, le=31)] = 7


class SlotOut(Struct, kw_only=True):
    """A slot with places left; `fits` (0 to 2): how many of the customer's wishes it meets."""

    crew: int
    starts_at: datetime
    ends_at: datetime
    left: int
    fits: int


class Slots(Struct, kw_only=True):
    """Slots in order."""

    items: list[SlotOut]


class AppointmentIn(_In):
    """A slot, and who agreed to it and how. `wait_for`: code of the `waiting` reason for which the complaint waits."""

    crew: Id
    starts_at: Moment
    ends_at: Moment
    agreed_by: AgreedBy
    agreed_means: AgreedMeans
    note: Note = ""
    wait_for: Annotated[str, Meta(max_length=64)] = ""


class AppointmentStep(_In):
    """A step of an appointment; `move` takes another slot agreed anew, `text` is the reason or the result."""

    step: Literal["move", "arrival", "result", "customer_absent", "crew_absent", "cancellation"]
    text: Note = ""
    crew: Id | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    agreed_by: AgreedBy = "self"
    agreed_means: AgreedMeans = "call"


class AppointmentOut(Struct, kw_only=True):
    """An appointment as it stands."""

    id: int
    complaint: str
    crew: int
    staff: str
    starts_at: datetime
    ends_at: datetime
    status: str
    agreed_by: str
    agreed_means: str
    moves: int
    arrived_at: datetime | None
    ended_at: datetime | None
    result: str


class OrderIn(_In):
    """A repair order: crew, fault, until when (a moment or a duration). `place` goes into the vault."""

    crew: Id
    fault: Annotated[str, Meta(min_length=1, max_length=2000)]
    product: Annotated[str, Meta(max_length=200)] = ""
    place: Annotated[str, Meta(max_length=200, description="Where it is broken; empty: at the customer's address")] = ""
    due: Moment | None = None
    term: Annotated[str, Meta(max_length=16)] = "24h"


class OrderStep(_In):
    """A step of a repair order. The same `key` counts once; `pressed_at`: when it happened, if told later."""

    step: Literal["acceptance", "departure", "arrival", "completion", "failure", "cancellation", "measurement", "tier"]
    text: Note = ""
    before: Power = ""
    after: Power = ""
    crew: Annotated[int, Meta(ge=1, le=2**63 - 1, description="For `tier`: to which crew")] | None = None
    key: Annotated[str, Meta(max_length=64)] = ""
    pressed_at: Moment | None = None


class BlockIn(_In):
    """What hinders an order and until what day."""

    kind: Literal["obstacle", "no_resource"]
    reason: Annotated[str, Meta(max_length=32)]
    expected: Annotated[str, Meta(max_length=10, description="2026-12-01")]
    note: Note = ""


class OrdersOf(_In):
    """Which repair orders: `open`, `late`, `all` or a status; the newest first, from `after` on."""

    status: Literal["open", "late", "all", "sent", "accepted", "on_way", "on_site", "done", "unable", "cancelled"] = (
        "open"
    )
    crew: Id | None = None
    tier: Tier = ""
    after: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class OrderOut(Struct, kw_only=True):
    """A repair order; texts and address masked."""

    id: int
    complaint: str
    crew: int
    worker: str
    tier: str
    status: str
    fault: str
    product: str
    place: str
    sent_at: datetime
    due_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    late: bool
    result: str
    before_dbm: float | None
    after_dbm: float | None


class OrderPage(Struct, kw_only=True):
    """Orders, and from where the next page goes on."""

    items: list[OrderOut]
    after: int | None


class CrewOut(Struct, kw_only=True):
    """A crew; `week` as from, to and how many visits at once for each day."""

    id: int
    name: str
    name_en: str
    unit: Named | None
    tier: str
    areas: list[int]
    phone: str
    week: dict[str, Any]


class CrewList(Struct, kw_only=True):
    """Crews."""

    items: list[CrewOut]


class FiguresOf(_In):
    """Over how many days back from now."""

    days: Annotated[int, Meta(ge=1, le=3660)] = 31


class FigureLine(Struct, kw_only=True):
    """One crew, or all together (`crew` null). Shares from 0 to 1, powers in dBm."""

    crew: int | None
    sent: int
    open: int
    late: int
    done: int
    unable: int
    kept: float | None
    visits: int
    arrived_in_time: float | None
    customer_absent: int
    crew_absent: int
    before_dbm: float | None
    after_dbm: float | None
    hindered: int
    weak: int


class FieldFigures(Struct, kw_only=True):
    """By crew and together."""

    lines: list[FigureLine]
    together: FigureLine


def shown_slot(one: Slot) -> SlotOut:
    """A slot."""
    return SlotOut(crew=one.crew_id, starts_at=one.starts_at, ends_at=one.ends_at, left=one.left, fits=one.fits)


def _masks(case: Case) -> dict[str, str]:
    return customers.masks_of([case.party_id]).get(case.party_id, {})


def shown_visit(case: Case, one: Appointment) -> AppointmentOut:
    """An appointment."""
    return AppointmentOut(
        id=one.pk, complaint=case.number, crew=one.crew_id, staff=Names().username(one.staff_id) or "", starts_at=one.starts_at,
        ends_at=one.ends_at, status=one.status, agreed_by=one.agreed_by, agreed_means=one.agreed_means, moves=one.moves,
        arrived_at=one.arrived_at, ended_at=one.ended_at, result=masked(one.result, _masks(case)),
    )  # fmt: skip


def shown_order(case: Case, one: Order, known: Mapping[int, dict[str, str]] | None = None) -> OrderOut:
    """A repair order; `known`: the masks of many parties, read at once."""
    masks = _masks(case) if known is None else known.get(case.party_id, {})
    return OrderOut(
        id=one.pk, complaint=case.number, crew=one.crew_id, worker=Names().username(one.worker_id) or "", tier=one.tier,
        status=one.status, fault=masked(one.fault, masks), product=masked(one.product, masks),
        place=masks.get(one.place or "address", ""), sent_at=one.sent_at, due_at=one.due_at, arrived_at=one.arrived_at,
        ended_at=one.ended_at, late=one.due_at < (clock.now() if one.status in OPEN else one.ended_at or clock.now()),
        result=masked(one.result, masks), before_dbm=None if one.before_dbm is None else float(one.before_dbm),
        after_dbm=None if one.after_dbm is None else float(one.after_dbm),
    )  # fmt: skip


def shown_crew(one: Crew) -> CrewOut:
    """A crew."""
    return CrewOut(
        id=one.pk, name=one.name, name_en=one.name_en, unit=Names().unit(one.unit_id), tier=one.tier,
        areas=list(one.area_ids), phone=one.phone, week=one.week,
    )  # fmt: skip


def shown_line(one: Line) -> FigureLine:
    """A line of figures."""
    return FigureLine(
        crew=one.crew_id, sent=one.sent, open=one.open, late=one.late, done=one.done, unable=one.unable, kept=one.kept,
        visits=one.visits, arrived_in_time=one.arrived, customer_absent=one.customer_absent, crew_absent=one.crew_absent,
        before_dbm=None if one.before is None else float(one.before),
        after_dbm=None if one.after is None else float(one.after), hindered=one.hindered, weak=one.weak,
    )  # fmt: skip
