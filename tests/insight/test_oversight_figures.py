"""Oversight by unit: what was wrong, what is to be put right, what was late; only of what the reader sees."""

from datetime import timedelta
from decimal import Decimal

from bihuan.cases.days import local_day
from bihuan.insight import oversight
from bihuan.kernel import clock
from bihuan.oversight import actions
from bihuan.oversight.rules import EvaluationIn, PatrolIn, PointIn
from cast import Cast


def test_by_unit_and_together(cast: Cast) -> None:
    today = local_day(clock.now())
    points = [
        PointIn("一", True), PointIn("二", False, finding="x", due=today), PointIn("三", False, finding="y", due=today),
        PointIn("四", None),
    ]  # fmt: skip
    home = actions.patrol(PatrolIn(today, "unit", "大厅", cast.units["mt_cz"].id, points=points), cast.doer("gu"))
    actions.patrol(PatrolIn(today, "unit", "大厅", cast.units["mt_wx"].id, points=points[:1]), cast.doer("gu"))
    scored = [PointIn("及时", score=Decimal(8), most=Decimal(10))]
    actions.evaluation(EvaluationIn("甲", "乙", today, today, cast.units["mt_cz"].id, points=scored), cast.doer("gu"))
    first = home.demands.order_by("id")[0]
    actions.report(first.pk, cast.doer("ma"), "好了")
    actions.judge(first.pk, cast.doer("gu"), True)
    with clock.at(first.due_at + timedelta(hours=1)):
        found, together = oversight.lines(cast.viewer("he"), today - timedelta(days=30))
        mine, _whole = oversight.lines(cast.viewer("ma"), today - timedelta(days=30))
    one = found[0]
    assert (one.unit_id, one.patrols, one.looked, one.wrong, one.score) == (cast.units["mt_cz"].id, 1, 3, 2, 80.0)
    assert (one.asked, one.open, one.late, one.reported, one.accepted, one.kept) == (2, 1, 1, 0, 1, 1.0)
    assert (together.patrols, together.looked, together.score, len(found)) == (2, 4, 80.0, 2)
    assert [line.unit_id for line in mine] == [cast.units["mt_cz"].id]
    assert oversight.lines(cast.viewer("fe"), today) == ([], oversight.Line(None))
