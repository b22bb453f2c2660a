"""Work outside over the API: free slots, appointments, repair orders with their steps, control lists, figures by crew."""

from datetime import date

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.api.v1.fieldwork_shapes import (
    AppointmentIn,
    AppointmentOut,
    AppointmentStep,
    BlockIn,
    CrewList,
    FieldFigures,
    FiguresOf,
    OrderIn,
    OrderOut,
    OrderPage,
    OrdersOf,
    OrderStep,
    Slots,
    SlotsOf,
    shown_crew,
    shown_line,
    shown_order,
    shown_slot,
    shown_visit,
)
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.steps import held
from bihuan.cases.access import access_case
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.fieldwork import crews, lists, orders, orders_queries, queries
from bihuan.flow import fieldwork, repairs
from bihuan.identity import roles
from bihuan.insight import fieldwork as insight
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError


def slots(call: Call) -> Answer:
    """`GET /complaints/{number}/slots`: what fits the customer's wishes first."""
    case, wanted = access_case(call.viewer, call.places["number"], roles.HANDLE), call.query
    return Answer(Slots(items=[shown_slot(one) for one in queries.free(case, days=wanted.days)[:500]]))


def book(call: Call) -> Answer:
    """`POST /complaints/{number}/appointments`."""
    told: AppointmentIn = call.body
    case = held(call, roles.HANDLE)
    visit = fieldwork.book(
        case, Doer.of(call.viewer), told.crew, told.starts_at, told.ends_at, told.agreed_by, told.agreed_means,
        note=told.note, wait_for=told.wait_for,
    )  # fmt: skip
    return Answer(shown_visit(case, visit), {"ETag": f'"{case.version}"'})


def visit_step(call: Call) -> Answer:
    """`POST /appointments/{id}/steps`."""
    told: AppointmentStep = call.body
    case, visit, _crew = queries.access_visit(call.viewer, int(call.places["id"]), lock=True)
    doer = Doer.of(call.viewer)
    if told.step == "move":
        if told.starts_at is None or told.ends_at is None:
            raise RuleError("visit.slot", _now("请从列表中选择时段。"), field="starts_at")
        fieldwork.move(
            case, visit, doer, told.crew or visit.crew_id, told.starts_at, told.ends_at, told.agreed_by, told.agreed_means,
            told.text,
        )  # fmt: skip
    elif told.step == "arrival":
        fieldwork.arrive(case, visit, doer)
    elif told.step == "result":
        fieldwork.finish(case, visit, doer, told.text)
    elif told.step == "cancellation":
        fieldwork.cancel(case, visit, doer, told.text)
    else:
        fieldwork.miss(case, visit, doer, told.step.removesuffix("_absent"), told.text)
    return Answer(shown_visit(case, visit), {"ETag": f'"{case.version}"'})


def send(call: Call) -> Answer:
    """`POST /complaints/{number}/repairs`."""
    told: OrderIn = call.body
    case = held(call, roles.HANDLE)
    order = repairs.send(
        case, Doer.of(call.viewer), told.crew, told.fault, told.due or told.term, product=told.product, place=told.place
    )
    return Answer(shown_order(case, order), {"ETag": f'"{case.version}"'})


def listing(call: Call) -> Answer:
    """`GET /repairs`."""
    wanted: OrdersOf = call.query
    told = {"status": wanted.status, "crew": str(wanted.crew or ""), "tier": wanted.tier}
    found = orders_queries.listing(call.viewer, told)
    found = found.filter(pk__lt=wanted.after) if wanted.after else found
    some = list(found[: wanted.limit + 1])
    known = Case.objects.in_bulk({one.case_id for one in some})
    masks = customers.masks_of({case.party_id for case in known.values()})
    items = [shown_order(known[one.case_id], one, masks) for one in some[: wanted.limit]]
    return Answer(OrderPage(items=items, after=some[wanted.limit - 1].pk if len(some) > wanted.limit else None))


def reading(call: Call) -> Answer:
    """`GET /repairs/{id}`."""
    found = orders_queries.access_order(call.viewer, int(call.places["id"]))
    return Answer(shown_order(found.case, found.order))


def step(call: Call) -> Answer:
    """`POST /repairs/{id}/steps`: with the same `key` it counts once."""
    told: OrderStep = call.body
    found = orders_queries.access_order(call.viewer, int(call.places["id"]), told.step, lock=True)
    case, order, doer = found.case, found.order, Doer.of(call.viewer)
    if told.step == "measurement":
        orders.measure(case, order, doer, told.before, told.after, key=told.key)
    elif told.step == "tier":
        repairs.hand(case, order, doer, told.crew or 0, told.text)
    else:
        repairs.take(
            case, order, told.step, doer, text=told.text, before=told.before, after=told.after, key=told.key,
            pressed=told.pressed_at,
        )  # fmt: skip
    return Answer(shown_order(case, order), {"ETag": f'"{case.version}"'})


def hinder(call: Call) -> Answer:
    """`POST /repairs/{id}/hindrances`."""
    told: BlockIn = call.body
    found = orders_queries.access_order(call.viewer, int(call.places["id"]), "obstacle", lock=True)
    lists.hinder(found.case, found.order, Doer.of(call.viewer), told.kind, told.reason, _day(told.expected), told.note)
    return Answer(shown_order(found.case, found.order), {"ETag": f'"{found.case.version}"'})


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise RuleError("block.expected", _now("日期请写成 2026-03-02。"), field="expected") from None


def crew_list(call: Call) -> Answer:
    """`GET /crews`."""
    return Answer(CrewList(items=[shown_crew(one) for one in crews.seen_by(call.viewer)]))


def figures(call: Call) -> Answer:
    """`GET /fieldwork/figures`."""
    wanted: FiguresOf = call.query
    found, whole = insight.lines(call.viewer, clock.ago(days=wanted.days), clock.now())
    return Answer(FieldFigures(lines=[shown_line(one) for one in found], together=shown_line(whole)))


OPERATIONS = (
    Operation(
        "GET", "/crews", "listCrews", "fieldwork", _("可看的班组：片区、层级、每天的时段"), (roles.HANDLE,), crew_list, CrewList
    ),
    Operation(
        "GET", "/complaints/{number}/slots", "listSlots", "fieldwork", _("可约的上门时段，符合客户意愿的在前"),
        (roles.HANDLE,), slots, Slots, query=SlotsOf, of_case=True,
    ),
    Operation(
        "POST", "/complaints/{number}/appointments", "bookAppointment", "fieldwork", _("预约上门：时段和客户的同意"),
        (roles.HANDLE,), book, AppointmentOut, body=AppointmentIn, status=201, of_case=True,
        example={
            "crew": 1, "starts_at": "2026-11-23T08:30:00+08:00", "ends_at": "2026-11-23T10:30:00+08:00", "agreed_by": "self",
            "agreed_means": "call",
        },
    ),
    Operation(
        "POST", "/appointments/{id}/steps", "stepAppointment", "fieldwork", _("预约的一步：改约、到达、完成、失约、取消"),
        (roles.HANDLE,), visit_step, AppointmentOut, body=AppointmentStep, status=201, of_case=True,
        example={"step": "arrival"},
    ),
    Operation(
        "POST", "/complaints/{number}/repairs", "sendRepair", "fieldwork", _("派维修单给班组"), (roles.HANDLE,), send, OrderOut,
        body=OrderIn, status=201, of_case=True, example={"crew": 1, "fault": "光猫红灯，疑似断纤", "term": "8h"},
    ),
    Operation(
        "GET", "/repairs", "listRepairs", "fieldwork", _("按条件列出维修单，按键翻页"), (roles.HANDLE,), listing, OrderPage,
        query=OrdersOf,
    ),
    Operation("GET", "/repairs/{id}", "readRepair", "fieldwork", _("查看一张维修单"), (roles.HANDLE,), reading, OrderOut),
    Operation(
        "POST", "/repairs/{id}/steps", "stepRepair", "fieldwork", _("维修单的一步；同一 key 重发只算一次"), (roles.HANDLE,), step,
        OrderOut, body=OrderStep, status=201, of_case=True, example={"step": "arrival", "key": "a1b2c3"},
    ),
    Operation(
        "POST", "/repairs/{id}/hindrances", "hinderRepair", "fieldwork", _("报阻碍或无资源"), (roles.HANDLE,), hinder, OrderOut,
        body=BlockIn, status=201, of_case=True,
        example={"kind": "no_resource", "reason": "port", "expected": "2026-12-01", "note": "等扩容"},
    ),
    Operation(
        "GET", "/fieldwork/figures", "fieldworkFigures", "fieldwork", _("按班组的维修和上门统计"), (roles.FIGURES,), figures,
        FieldFigures, query=FiguresOf,
    ),
)  # fmt: skip
