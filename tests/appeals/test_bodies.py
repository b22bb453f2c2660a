"""Bodies and their terms are settings: edited with history, in force for what comes afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from appeals.appeals_cast import receive
from bihuan.appeals import bodies, queries, seeding
from bihuan.appeals.models import Body, Term
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import SettingChange
from bihuan.sla import queries as limits
from bihuan.sla.models import Policy
from cast import PROVINCE, Cast


def miit() -> Body:
    return Body.objects.get(code="miit")


def due_in(case: Any) -> timedelta:
    view = next(v for v in limits.clocks_of(case.id, clock.now()) if v.policy.kin == "appeal.miit")
    assert view.due_at is not None
    return view.due_at - view.started_at


@pytest.mark.django_db
def test_seeding_twice_adds_nothing_and_keeps_edits() -> None:
    bodies.edit_body(miit().pk, {"fee_months": 6}, None)
    assert seeding.seed() == {"bodies": 0, "terms": 0}
    assert miit().fee_months == 6
    assert {row.policy_code for row in Term.objects.all()} <= set(Policy.objects.values_list("code", flat=True))


def test_an_edit_is_kept_with_its_author(cast: Cast) -> None:
    bodies.edit_body(miit().pk, {"checks": ["claim", "named"], "unanswered_days": 10}, cast.gu.pk)
    change = SettingChange.objects.filter(table="appeals_body", row_id=miit().pk).latest("id")
    assert change.actor_id == cast.gu.pk and change.after and change.after["checks"] == ["named", "claim"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"checks": ["nosuch"]}, "checks"),
        ({"fee_months": -1}, "fee_months"),
        ({"letter": "{谁}"}, "letter"),
        ({"name": " "}, "name"),
    ],
)
def test_a_wrong_edit_names_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        bodies.edit_body(miit().pk, changes, cast.gu.pk)
    assert refused.value.field == field


def test_a_province_of_its_own_goes_before_the_general_term(cast: Cast) -> None:
    bodies.set_term(miit(), PROVINCE, "3d", "7x24", "江苏：3 日内反馈", cast.gu.pk)
    case, _appeal = receive(cast)
    assert due_in(case) == timedelta(days=3)
    row = queries.term(miit(), PROVINCE)
    assert row is not None and row.conditions.startswith("江苏")


def test_an_edited_term_is_for_appeals_from_now_on(cast: Cast) -> None:
    before, _appeal = receive(cast)
    bodies.set_term(miit(), None, "7d", "7x24", "改为 7 日", cast.gu.pk)
    after, _appeal = receive(cast, number="后一件")
    assert (due_in(before), due_in(after)) == (timedelta(days=10), timedelta(days=7))
    assert Policy.objects.filter(code="appeal.miit").count() == 2


def test_a_term_taken_out_leaves_the_general_one_and_can_come_back(cast: Cast) -> None:
    term = bodies.set_term(miit(), PROVINCE, "3d", "7x24", "", cast.gu.pk)
    bodies.drop_term(term, cast.gu.pk)
    case, _appeal = receive(cast)
    assert due_in(case) == timedelta(days=10)
    bodies.set_term(miit(), PROVINCE, "4d", "7x24", "", cast.gu.pk)
    again, _appeal = receive(cast, number="又一件")
    assert due_in(again) == timedelta(days=4)


@pytest.mark.parametrize(("province", "duration"), [(320400, "3d"), (999, "3d"), (None, "soon"), (None, "")])
def test_a_term_needs_a_province_and_a_length(cast: Cast, province: int | None, duration: str) -> None:
    with pytest.raises(RuleError):
        bodies.set_term(miit(), province, duration, "7x24", "", cast.gu.pk)


def test_the_general_term_stays(cast: Cast) -> None:
    general = queries.term(miit(), None)
    assert general is not None
    with pytest.raises(RuleError):
        bodies.drop_term(general, cast.gu.pk)
