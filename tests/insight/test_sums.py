"""Money, help and rulings as figures: added up by month, unit and cause, each opening exactly its cases."""

from datetime import timedelta
from decimal import Decimal

from bihuan.assistance.models import Task
from bihuan.cases.access import visible
from bihuan.cases.models import Case
from bihuan.compensation.models import Budget, Proposal
from bihuan.dispatch.models import Dispute
from bihuan.insight.asking import OPERATOR
from bihuan.insight.queries import Table, cases_behind, figures
from bihuan.insight.words import shown
from bihuan.kernel import clock
from cast import Cast


def opened(table: Table, code: str) -> set[int]:
    """The cases behind a total."""
    measure = next(one for one in table.measures if one.code == code)
    return set(visible(OPERATOR).filter(cases_behind(table, measure, ()).q()).values_list("id", flat=True))


def _money(cast: Cast, case: Case, kind: str, amount: str, status: str) -> None:
    unit = cast.units["mt_cz"].id
    month = clock.now().date().replace(day=1)
    budget, _made = Budget.objects.get_or_create(unit_id=unit, month=month, defaults={"amount": 9999})
    Proposal.objects.create(
        case_id=case.id, kind=kind, amount=Decimal(amount), reason="x", status=status, unit_id=unit, budget=budget,
        proposed_at=clock.now(), proposed_by_id=cast.ma.id,
    )  # fmt: skip


def test_money_is_added_up_and_opens_its_cases(cast: Cast) -> None:
    one, two, three = cast.case(), cast.case(area="320402"), cast.case()
    _money(cast, one, "refund", "29.90", "paid")
    _money(cast, one, "refund", "10.10", "granted")
    _money(cast, one, "gift", "5.00", "paid")
    _money(cast, two, "compensation", "100.00", "granted")
    _money(cast, two, "refund", "50.00", "reversed")
    _money(cast, three, "adjustment", "7.00", "pending")
    table = figures(
        OPERATOR, ["money_sum", "money_count", "refund_sum", "compensation_sum", "adjustment_count"], ["district"]
    )
    cells = table.totals.cells
    assert (cells["money_sum"].value, cells["money_count"].value) == (145.0, 2)
    assert (cells["refund_sum"].value, cells["compensation_sum"].value, cells["adjustment_count"].value) == (
        40.0,
        100.0,
        0,
    )
    assert {row.keys[0]: row.cells["money_sum"].value for row in table.rows} == {"320412": 45.0, "320402": 100.0}
    assert opened(table, "money_sum") == {one.id, two.id}
    assert opened(table, "refund_sum") == {one.id}
    assert shown(table.measures[0], cells["money_sum"]) == "145.00"
    assert figures(OPERATOR, ["money_sum", "p90_hours"], ["month"]).totals.cells["money_sum"].value == 145.0
    assert figures(cast.viewer("an_wx"), ["money_sum"]).totals.cells["money_sum"].value == 0


def test_help_is_in_time_when_all_of_it_was(cast: Cast) -> None:
    kept, late, waiting, called_off = (cast.case() for _case in range(4))
    now = clock.now()
    usual = {"unit_id": cast.units["mk_cz"].id, "question": "x", "asked_at": now - timedelta(hours=9)}

    def task(case: Case, status: str, due: int, ended: int | None) -> None:
        moment = None if ended is None else now + timedelta(hours=ended)
        Task.objects.create(case_id=case.id, status=status, due_at=now + timedelta(hours=due), ended_at=moment, **usual)

    task(kept, "answered", -1, -2)
    task(late, "answered", -1, -2)
    task(late, "returned", -2, -1)
    task(waiting, "received", 5, None)
    task(called_off, "recalled", -2, -1)
    table = figures(OPERATOR, ["assistance_count", "assistance_in_time_rate"])
    cells = table.totals.cells
    assert cells["assistance_count"].value == 3
    assert (cells["assistance_in_time_rate"].of, cells["assistance_in_time_rate"].among) == (1, 2)
    assert opened(table, "assistance_in_time_rate") == {kept.id}


def test_a_ruling_for_another_unit_is_overturned(cast: Cast) -> None:
    stood, turned, still = (cast.case() for _case in range(3))
    usual = {
        "opened_at": clock.now(), "unit_id": cast.units["mt_cz"].id, "reason": "x",
        "other_unit_id": cast.units["mk_cz"].id, "first_unit_id": cast.units["mt_cz"].id,
    }  # fmt: skip
    Dispute.objects.create(case_id=stood.id, ruled_at=clock.now(), **usual)
    Dispute.objects.create(case_id=turned.id, ruled_at=clock.now(), overturned=True, **usual)
    Dispute.objects.create(case_id=still.id, **usual)
    table = figures(OPERATOR, ["dispute_count", "overturned_rate"])
    cells = table.totals.cells
    assert (cells["dispute_count"].value, cells["overturned_rate"].of, cells["overturned_rate"].among) == (3, 1, 2)
    assert opened(table, "overturned_rate") == {turned.id}
