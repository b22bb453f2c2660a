"""Repair orders through the three tiers, steps that count once, control lists, weak light, and who sees what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.fieldwork import lists, orders, orders_queries
from bihuan.fieldwork.models import Block, Crew, Deed, Order, WeakLine
from bihuan.fieldwork.orders_rules import dbm
from bihuan.flow import actions as flow
from bihuan.flow import repairs
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.notices.models import Notice
from bihuan.sla import deadlines
from cast import Cast
from fieldwork.test_appointments import a_crew, in_hand


@pytest.fixture
def case(cast: Cast) -> Case:
    return in_hand(cast)


@pytest.fixture
def crew(cast: Cast) -> Crew:
    return a_crew(cast)


def test_an_order_goes_up_a_tier_and_back_and_is_done(cast: Cast, case: Case, crew: Crew) -> None:
    centre = a_crew(cast, name="调度中心", tier="centre", unit=cast.units["mt_cz"].id, members=[cast.li.pk])
    place = "武进区花园街 8 号 3 幢 201 室"
    order = repairs.send(
        case, cast.doer("ma"), crew.pk, "光猫红灯，联系 13912345678", "8h", product="家宽 500M", place=place
    )
    assert "13912345678" not in order.fault and place not in order.place
    assert place not in customers.masks_of([case.party_id])[case.party_id][order.place]
    assert Notice.objects.filter(staff_id=cast.te.pk, kind="repair").exists()
    assert orders_queries.mine(cast.viewer("te")) == [order]
    doer = cast.doer("te")
    pressed = clock.now()
    for noun in ("acceptance", "departure", "arrival"):
        found = orders_queries.access_order(cast.viewer("te"), order.pk, noun, lock=True)
        for _twice in range(2):
            repairs.take(found.case, found.order, noun, doer, key=f"k-{noun}", pressed=pressed)
        order, case = found.order, found.case
    assert (order.status, Deed.objects.count(), order.worker_id) == ("on_site", 3, cast.te.pk)
    with pytest.raises(Conflict):
        repairs.take(case, order, "acceptance", doer, key="another")

    repairs.hand(case, order, doer, centre.pk, "局端数据错误")
    assert (order.tier, order.status, order.worker_id) == ("centre", "sent", None)
    repairs.hand(case, order, cast.doer("li"), crew.pk, "数据已改，请现场测速")
    handed = CaseEvent.objects.filter(case_id=case.id, kind="repair_handed").order_by("seq")
    assert [one.payload["way"] for one in handed] == ["up", "down"]
    told = {"text": "更换尾纤", "before": "-28.5", "after": "−22.1 dBm"}
    event = repairs.take(case, order, "completion", doer, **told)
    assert event is not None and event.payload["after"] == "-22.10" and not event.payload["late"]
    assert not WeakLine.objects.exists() and not deadlines.open_of("repair", [order.pk])
    assert Notice.objects.filter(staff_id=cast.ma.pk, kind="repair").exists()


def test_what_hinders_stands_on_its_list_until_it_is_freed(cast: Cast, case: Case, crew: Crew) -> None:
    order = repairs.send(case, cast.doer("ma"), crew.pk, "分光器没有端口", "8h")
    doer, today = cast.doer("te"), timezone.localtime(clock.now()).date()
    for kind, reason, day, field in (
        ("obstacle", "port", today, "reason"), ("no_resource", "port", today - timedelta(days=1), "expected"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as refused:
            lists.hinder(case, order, doer, kind, reason, day)
        assert refused.value.field == field
    lists.hinder(case, order, doer, "no_resource", "port", today + timedelta(days=3), "等扩容")
    lists.hinder(case, order, doer, "obstacle", "property", today + timedelta(days=1))
    with pytest.raises(Conflict):
        lists.hinder(case, order, doer, "obstacle", "duct", today)
    listed = orders_queries.blocks(cast.viewer("te"), "no_resource")
    assert [one.reason for one in listed] == ["port"]
    assert not orders_queries.blocks(cast.viewer("ma_wx"), "no_resource").exists()
    lists.free(case, listed[0], doer, "已扩容 8 端口")
    repairs.take(case, order, "failure", doer, text="物业始终不让进")
    assert Block.objects.get(kind="obstacle").outcome == lists.WITH_ORDER
    assert not orders_queries.blocks(cast.viewer("te"), "obstacle").exists()


def test_weak_light_stays_on_the_clean_up_list_until_it_is_measured_good(cast: Cast, case: Case, crew: Crew) -> None:
    order, doer = repairs.send(case, cast.doer("ma"), crew.pk, "网速慢", "8h"), cast.doer("te")
    repairs.take(case, order, "completion", doer, text="临时恢复", before="-29", after="-28.2")
    line = WeakLine.objects.get()
    assert (line.found_dbm, line.status) == (Decimal("-28.2"), "open")
    for changed in ({"status": "planned"}, {"status": "done", "measured": "-27.5"}, {"status": "dropped"}):
        with pytest.raises(RuleError):
            lists.clean_up(case, line, doer, **changed)
    lists.clean_up(case, line, doer, "planned", planned=timezone.localtime(clock.now()).date())
    lists.clean_up(case, line, doer, "done", measured="-21", note="重做接头")
    assert not orders_queries.weak_lines(cast.viewer("te"), {}).exists()
    lists.set_limits("-25", "-8", cast.viewer("gu"))
    other = repairs.send(case, cast.doer("ma"), crew.pk, "又慢了", "8h")
    repairs.take(case, other, "completion", doer, text="已处理", after="-26")
    assert WeakLine.objects.filter(status="open").count() == 1
    with pytest.raises(Forbidden):
        lists.set_limits("-25", "-8", cast.viewer("te"))


def test_strangers_see_nothing_and_an_ended_case_calls_all_off(cast: Cast, case: Case, crew: Crew) -> None:
    order = repairs.send(case, cast.doer("ma"), crew.pk, "网络中断", "8h")
    with pytest.raises(NotFound):
        orders_queries.access_order(cast.viewer("ma_wx"), order.pk)
    with pytest.raises(Forbidden):
        orders_queries.access_order(cast.viewer("te"), order.pk, "cancellation")
    with pytest.raises(Forbidden):
        orders_queries.access_order(cast.viewer("an"), order.pk, "arrival")
    assert orders_queries.listing(cast.viewer("te"), {"status": "open", "crew": str(crew.pk)}).count() == 1
    assert not orders_queries.listing(cast.viewer("ma_wx"), {}).exists()
    flow.withdraw(case, cast.doer("an"), "call", "客户来电撤回")
    assert Order.objects.get().status == "cancelled"


def test_what_makes_no_order_is_refused(cast: Cast, case: Case, crew: Crew) -> None:
    for fault, term, worker, field in (
        (" ", "8h", None, "fault"), ("网络中断", clock.now() - timedelta(hours=1), None, "due"),
        ("网络中断", "8h", cast.an.pk, "worker"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as refused:
            orders.send(case, cast.doer("ma"), crew.pk, fault, term, worker_id=worker)
        assert refused.value.field == field


@given(st.decimals(Decimal("-60"), Decimal("10"), places=2))
def test_powers_read_back(value: Decimal) -> None:
    assert dbm(f"{value} dBm", "x") == value


@pytest.mark.parametrize("told", ["abc", "-61", "11", "NaN", "1e9"])
def test_what_no_meter_shows_is_refused(told: str) -> None:
    with pytest.raises(RuleError):
        dbm(told, "x")


def test_figures_by_crew_count_what_their_reader_sees(cast: Cast, case: Case, crew: Crew) -> None:
    from bihuan.insight import fieldwork

    first = repairs.send(case, cast.doer("ma"), crew.pk, "断网", "8h")
    repairs.send(case, cast.doer("ma"), crew.pk, "网速慢", "8h")
    repairs.take(case, first, "completion", cast.doer("te"), text="换尾纤", before="-29", after="-28")
    now = clock.now()
    lines, whole = fieldwork.lines(cast.viewer("ma"), now - timedelta(days=1), now + timedelta(minutes=1))
    assert [(one.crew_id, one.sent, one.open, one.done, one.kept, one.weak) for one in lines] == [
        (crew.pk, 2, 1, 1, 1.0, 1)
    ]
    assert (whole.sent, whole.before, whole.after, whole.arrived) == (2, Decimal("-29"), Decimal("-28"), None)
    assert fieldwork.lines(cast.viewer("ma_wx"), now - timedelta(days=1), now)[1].sent == 0
