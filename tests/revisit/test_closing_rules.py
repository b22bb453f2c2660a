"""What the shipped closing rules ask for, by kind of complaint; what a manager edited stays in force."""

import pytest

from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import actions as flow
from bihuan.kernel.errors import RuleError
from bihuan.revisit import book, editing, seeding, suggesting
from bihuan.revisit.models import Rule
from bihuan.revisit.review import Review
from cast import Cast

SAID = "处理人安宁：今日上午已核对，原因查明，已为您调整。"


def answered(cast: Cast, category: str) -> Case:
    """A case of this category, answered on the spot."""
    case = cast.case(category=category)
    flow.accept(case, cast.doer("di"), category=category)
    flow.answer(case, cast.doer("an"), "call", SAID)
    return case


def close(cast: Cast, case: Case, **coded: object) -> Case:
    """Called back, satisfied, closed with what was coded."""
    found = Case.objects.get(pk=case.pk)
    flow.revisited(found, cast.doer("re"), 3, closing=Review(**{"cause": "", **coded}))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("category", "coded", "field", "enough"),
    [
        ("N0101", {"cause": "N1111"}, "evidence_kinds", {"evidence_kinds": ["kpi"], "system_cause": True}),
        ("N0101", {"cause": "N1111", "evidence_kinds": ["kpi"]}, "system_cause", {"people_cause": True}),
        ("C0101", {"cause": "N1111", "value_cause": True}, "proof", {"proof": "账单核对 2611-07"}),
        ("S0101", {"cause": "N1111"}, "system_cause", {"people_cause": True}),
        ("S0101", {}, "cause", {"cause": "X1"}),  # nobody of ours at fault: no cause of loss
    ],
)
def test_each_kind_asks_for_its_own(
    cast: Cast, category: str, coded: dict[str, object], field: str, enough: dict[str, object]
) -> None:
    case = answered(cast, category)
    with pytest.raises(RuleError) as refused:
        close(cast, case, **coded)
    assert refused.value.field == field
    assert close(cast, case, **{**coded, **enough}).status == "closed"


def test_an_enquiry_needs_its_answer_alone(cast: Cast) -> None:
    case = close(cast, answered(cast, "S0701"))
    assert case.status == "closed" and case.cause_id is None
    assert "cause" not in CaseEvent.objects.get(case_id=case.id, kind="closed").payload


def test_the_rest_follows_the_rule_above(cast: Cast) -> None:
    editing.edit_rule(Rule.objects.get(category="").pk, {"care_days": 9}, cast.gu.pk)
    rule = book.rule_of(answered(cast, "N0101"))
    assert (rule.category, rule.care_days, rule.required) == ("N", 9, ("cause", "evidence", "loss"))


def test_seeding_never_overrules_the_manager(cast: Cast) -> None:
    Rule.objects.exclude(category="").delete()
    editing.edit_rule(Rule.objects.get(category="").pk, {"required": ["cause", "file"]}, cast.gu.pk)
    assert seeding.seed()["rules"] == 4
    assert book.rule_of(answered(cast, "N0101")).required == ("cause", "file")
    editing.edit_rule(Rule.objects.get(category="N").pk, {"required": ["cause"], "active": True}, cast.gu.pk)
    assert seeding.seed()["rules"] == 0 and Rule.objects.get(category="N").required == ["cause"]


def test_the_form_begins_as_the_last_one_like_it(cast: Cast) -> None:
    assert suggesting.like_it(answered(cast, "N0101")) is None
    close(cast, answered(cast, "N0101"), cause="N1111", evidence_kinds=["kpi", "alarm"], system_cause=True)
    guess = suggesting.like_it(answered(cast, "N0101"))
    assert guess == Review("N1111", ["kpi", "alarm"], system_cause=True)
