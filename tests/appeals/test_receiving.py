"""An appeal comes in: a case is registered for it, linked to the earlier complaint, and the body's clock runs."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.appeals_cast import fresh, receive, told
from bihuan.appeals import actions, own, queries, rules
from bihuan.appeals.models import Appeal
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.customers.models import Party
from bihuan.flow import actions as case_flow
from bihuan.flow import appeals as flow
from bihuan.intake.schema import Customer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.sla import queries as limits
from bihuan.sla import replay, watch
from cast import OTHER_DISTRICT, Cast


def body_clock(case: Case) -> Any:
    return next(view for view in limits.clocks_of(case.id, clock.now()) if view.policy.kin.startswith("appeal."))


def test_it_registers_a_case_of_the_regulators_channel_with_its_number(cast: Cast) -> None:
    case, appeal = receive(cast)
    assert (case.channel, case.source_system, case.source_number) == ("regulator", "管局", appeal.number)
    assert case.urgency == 2 and case.registered_by_id == cast.du.pk
    assert appeal.failing == [] and appeal.status == "in_hand" and appeal.taken_by_id == cast.du.pk
    event = CaseEvent.objects.get(case_id=case.id, kind="appeal_received")
    assert event.at == appeal.transferred_at and event.payload["facts"]["appeal_body"] == "miit"


def test_the_bodys_clock_runs_from_the_transfer_and_replay_finds_the_same(cast: Cast) -> None:
    case, appeal = receive(cast)
    view = body_clock(case)
    assert view.policy.code == "appeal.miit"
    assert view.started_at == appeal.transferred_at and view.due_at == appeal.transferred_at + timedelta(days=10)
    assert list(replay.differences([case.id], clock.now())) == []
    assert "10 个自然日" in "".join(story.text for story in replay.stories(case.id, "zh", clock.now()))


def test_one_entered_late_is_late_at_once_and_keeps_its_chain(cast: Cast) -> None:
    when = clock.now() - timedelta(days=12)
    case, _appeal = receive(cast, received_at=when - timedelta(days=1), transferred_at=when)
    watch.run()
    assert CaseEvent.objects.filter(case_id=case.id, kind="clock_breached", payload__code="appeal.miit").exists()
    assert list(replay.differences([case.id], clock.now())) == []
    assert queries.listing(cast.viewer("du"), queries.Wanted(late=True)).count() == 1
    assert list(verify()) == []


def test_it_is_linked_to_the_earlier_complaint_and_takes_its_date(cast: Cast) -> None:
    first = cast.case("an", at=clock.now() - timedelta(days=30))
    case, appeal = receive(cast, earlier=first.number, complained_on=None)
    assert appeal.earlier_case_id == first.id and case.id != first.id
    assert appeal.complained_on is not None and appeal.failing == []


def test_somebody_elses_complaint_is_not_the_earlier_one(cast: Cast) -> None:
    other = cast.case("an", customer=Customer(name="李四", phone="13700000001"))
    with pytest.raises(RuleError) as refused:
        receive(cast, earlier=other.number)
    assert refused.value.field == "earlier" and not Appeal.objects.exists()


def test_an_earlier_complaint_out_of_reach_does_not_exist(cast: Cast) -> None:
    far = cast.case("an_wx", area=str(OTHER_DISTRICT))
    with pytest.raises(NotFound):
        receive(cast, earlier=far.number)


def test_personal_data_lies_in_the_vault_only(cast: Cast) -> None:
    case, appeal = receive(
        cast, reason="我的身份证 320404199001011234 可证明", content="请回电 13812341234，续费未经同意"
    )
    row = fresh(appeal)
    stored = f"{row.reason}{row.own}{case.content}{case.demand}{CaseEvent.objects.filter(case_id=case.id).values()}"
    for secret in ("320404199001011234", "13812341234", "王小明", "13912345678", "人民路88号"):
        assert secret not in stored
    assert Party.objects.get(pk=case.party_id).masks["address"] == "常州市武进区人民路****"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "  "}, "number"),
        ({"body": "12321"}, "body"),
        ({"postcode": "x" * 11}, "postcode"),
        ({"own": {"nosuch": "x"}}, "own.nosuch"),
        ({"outcome": "angry"}, "outcome"),
        ({"elsewhere": "moon"}, "elsewhere"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_leaves_nothing(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleError) as refused:
        receive(cast, **changes)
    assert refused.value.field == field
    assert not Appeal.objects.exists() and not Case.objects.exists()


def test_moments_must_fit(cast: Cast) -> None:
    now = clock.now()
    for changes, field in (
        ({"transferred_at": now + timedelta(hours=1)}, "transferred_at"),
        ({"received_at": now, "transferred_at": now - timedelta(days=1)}, "transferred_at"),
        ({"arose_on": now.date() + timedelta(days=3)}, "arose_on"),
        ({"complained_on": now.date() + timedelta(days=3)}, "complained_on"),
    ):
        with pytest.raises(RuleError) as refused:
            receive(cast, **changes)
        assert refused.value.field == field


def test_the_same_number_of_the_same_body_is_taken_once(cast: Cast) -> None:
    receive(cast)
    with pytest.raises(Conflict):
        receive(cast)
    receive(cast, body="12300")
    assert Appeal.objects.count() == 2


def test_missing_details_fail_their_condition_and_are_named(cast: Cast) -> None:
    case, appeal = receive(cast, postcode="", reason="")
    assert appeal.failing == ["details"]
    claim = queries.claim_of(fresh(appeal), case)
    assert "邮编" in rules.ground("details", claim, queries.limits_of(appeal.body))


def test_12345_asks_less_and_has_its_own_fields(cast: Cast) -> None:
    case, appeal = receive(
        cast, body="12345", number="CZ20260311007", postcode="", reason="", arose_on=None, complained_on=None,
        own={"order_kind": "help", "asks_visit": True, "secret": False},
    )  # fmt: skip
    assert appeal.failing == [] and appeal.own == {"order_kind": "help", "asks_visit": True}
    assert body_clock(case).policy.code == "appeal.12345"


def test_correcting_judges_the_conditions_anew(cast: Cast) -> None:
    case, appeal = receive(cast)
    event = actions.correct(case, fresh(appeal), cast.doer("du"), {"settled": True}, None)
    assert event.payload == {"changed": ["settled"], "failing": ["settled"]}
    assert fresh(appeal).failing == ["settled"]
    with pytest.raises(RuleError):
        actions.correct(case, fresh(appeal), cast.doer("du"), {"transferred_at": clock.now()}, None)


def test_waiting_closing_and_reclassifying_leave_the_bodys_clock_alone(cast: Cast) -> None:
    case, appeal = receive(cast)
    due = body_clock(case).due_at
    case_flow.accept(case, cast.doer("du"), category="C0101")
    case_flow.answer(case, cast.doer("du"), "call", "处理人杜若：已核实续费未经确认，费用已退。")
    case_flow.revisited(
        case, cast.doer("re"), 3, closing=case_flow.Closing(_cause(), ["kpi"], system_cause=True, proof="已核对账单")
    )
    assert Case.objects.get(pk=case.id).status == "closed"
    view = body_clock(case)
    assert (view.tone, view.due_at) == ("ok", due)
    assert list(replay.differences([case.id], clock.now())) == []


def _cause() -> str:
    from bihuan.catalog.models import Node

    return Node.objects.filter(tree="cause", level=3)[0].code


def test_appeals_are_seen_within_the_reach_of_their_cases(cast: Cast) -> None:
    case, _appeal = receive(cast)
    flow.receive(cast.viewer("di_wx"), told(number="锡-1", area=str(OTHER_DISTRICT)))
    wanted = queries.Wanted()
    assert queries.listing(cast.viewer("du"), wanted).count() == 1
    assert queries.listing(cast.viewer("di_wx"), wanted).count() == 1
    assert queries.listing(cast.viewer("he"), wanted).count() == 2
    assert queries.listing(cast.viewer("ma"), wanted).count() == 0
    with pytest.raises(NotFound):
        queries.access_appeal(cast.viewer("di_wx"), case.number)
    with pytest.raises(NotFound):
        queries.access_appeal(cast.viewer("du"), cast.case("an").number)


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12) | st.booleans() | st.integers() | st.none()))
def test_any_own_fields_are_taken_plainly_or_refused(given_fields: dict[str, Any]) -> None:
    for body in own.FIELDS:
        try:
            kept = own.checked(body, given_fields)
        except RuleError as refused:
            assert refused.field.startswith("own.")
        else:
            assert set(kept) <= {one.code for one in own.FIELDS[body]}
