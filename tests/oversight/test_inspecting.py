"""A visit finds something wrong, the unit puts it right, whoever asked accepts it; who may not sees nothing of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases.days import local_day
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.notices.models import Notice
from bihuan.oversight import actions, files, queries, rules
from bihuan.oversight.models import Demand, Entry
from bihuan.oversight.rules import EvaluationIn, PatrolIn, PointIn
from cast import Cast, flipped

PDF = b"%PDF-1.4 report"


def visit(cast: Cast, **changes: Any) -> PatrolIn:
    today = local_day(clock.now())
    points = (
        PointIn("首问负责", True),
        PointIn("资费公示", False, finding="缺两档套餐", severity="serious", due=today + timedelta(days=3)),
    )
    told: dict[str, Any] = {
        "day": today, "site": "unit", "place": "维护大厅", "unit_id": cast.units["mt_cz"].id, "points": points
    }  # fmt: skip
    return PatrolIn(**{**told, **changes})


def test_from_the_visit_to_the_acceptance_each_step_stands_in_the_record(cast: Cast) -> None:
    unit = cast.units["mt_cz"]
    unit.responsible = cast.li
    unit.save()
    made = actions.patrol(visit(cast), cast.doer("du"))
    held = Demand.objects.get(patrol=made)
    assert (held.text, held.state) == ("资费公示：缺两档套餐", "open")
    assert Notice.objects.get(kind="rectification_asked").staff_id == cast.li.id
    assert queries.mine(cast.viewer("ma")) == 1

    with pytest.raises(Conflict):
        actions.judge(held.pk, cast.doer("du"), True)
    actions.report(held.pk, cast.doer("ma"), "已补齐。")
    assert Notice.objects.get(kind="rectification_reported").staff_id == cast.du.id
    with pytest.raises(Forbidden):
        actions.judge(held.pk, cast.doer("ma"), True)
    with pytest.raises(RuleError) as refused:
        actions.judge(held.pk, cast.doer("du"), False)
    assert refused.value.field == "note"
    actions.judge(held.pk, cast.doer("du"), False, "还缺一档。", held.due_on + timedelta(days=2))
    actions.report(held.pk, cast.doer("li"), "全部补齐。")
    done = actions.judge(held.pk, cast.doer("du"), True)
    assert (done.state, done.refusals) == ("accepted", 1)
    kinds = [one.kind for one in queries.record_of("demand", held.pk)]
    assert kinds == ["demanded", "reported", "refused", "reported", "accepted"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(text="")


def test_what_is_late_is_told_once_to_the_unit_and_to_who_asked(cast: Cast) -> None:
    made = actions.patrol(visit(cast), cast.doer("du"))
    held = made.demands.get()
    assert actions.remind() == 0
    with clock.at(held.due_at):
        assert [one.pk for one in queries.demands(cast.viewer("du"), "late")] == [held.pk]
        assert (actions.remind(), actions.remind()) == (1, 0)
    assert cast.du.id in Notice.objects.filter(kind="rectification_late").values_list("staff_id", flat=True)


def test_it_exists_for_its_unit_and_for_who_inspects_there_and_for_nobody_else(cast: Cast) -> None:
    held = actions.patrol(visit(cast), cast.doer("gu")).demands.get()
    for who in ("ma", "li", "du", "he", "gu"):
        assert queries.access_demand(cast.viewer(who), held.pk) == held
    for who in ("an", "mk", "te", "pa", "ma_wx", "di_wx", "fe", "re", "sy", "se", "au"):
        with pytest.raises(NotFound):
            queries.access_demand(cast.viewer(who), held.pk)
    assert queries.may_report(cast.viewer("ma"), held)
    assert not queries.may_report(cast.viewer("du"), held)
    actions.report(held.pk, cast.doer("ma"), "已补齐。")
    held.refresh_from_db()
    assert {who for who in ("ma", "li", "du", "he", "gu") if queries.may_judge(cast.viewer(who), held)} == {"he", "gu"}


def test_an_evaluation_keeps_its_report_and_notices_a_changed_one(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.EVIDENCE_DIR = tmp_path
    today = local_day(clock.now())
    points = (
        PointIn("及时", score=Decimal("17.5"), most=Decimal(20)),
        PointIn("态度", score=Decimal(8), most=Decimal(10)),
    )
    told = EvaluationIn("某测评公司", "三季度测评", today, today, cast.units["sc_cz"].id, points=points)
    made = actions.evaluation(told, cast.doer("gu"), ("报告.pdf", PDF))
    assert (made.score, files.content_of(made)) == (Decimal("85.00"), PDF)
    kept = next(tmp_path.rglob("*.sealed"))
    kept.write_bytes(flipped(kept.read_bytes(), -1))
    with pytest.raises(RuleError) as damaged:
        files.content_of(made)
    assert damaged.value.status == 500
    with pytest.raises(RuleError):
        actions.evaluation(told, cast.doer("gu"), ("报告.pdf", b"MZ program"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": ""}, "place"),
        ({"site": "moon"}, "site"),
        ({"unit_id": 0}, "unit"),
        ({"day": local_day(clock.now()) + timedelta(days=2)}, "day"),
        ({"points": [PointIn("公示", False)]}, "finding"),
        ({"points": [PointIn("公示", False, finding="缺", due=local_day(clock.now()) - timedelta(days=2))]}, "due"),
        ({"summary": "客户13912345678在场"}, "summary"),
    ],
)
def test_what_is_not_right_is_refused_at_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        actions.patrol(visit(cast, **changes), cast.doer("du"))
    assert refused.value.field == field


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted).filter(lambda one: one[1] > 0), max_size=8)
)
def test_the_total_lies_between_nothing_and_a_hundred(scores: list[list[int]]) -> None:
    points = [PointIn("一项", score=Decimal(got), most=Decimal(most)) for got, most in scores]
    total = rules.score_of(points)
    assert (total is None) == (not scores)
    assert total is None or 0 <= total <= 100


def test_a_manager_changes_what_is_looked_at_from_now_on(cast: Cast) -> None:
    actions.edit_checklist("hall", ["首问负责", "首问负责", " "], cast.gu.id)
    assert queries.checklist("hall") == ["首问负责"]
    assert len(queries.checklist("field")) > 1
