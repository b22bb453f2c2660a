"""A leak is recorded without what leaked, read by few, never by whoever answers for it, and sanctioned once."""

from datetime import timedelta
from typing import Any

import pytest

from bihuan.cases.days import local_day
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.oversight import leaks, queries
from bihuan.oversight.rules import LeakIn
from cast import Cast


def told(cast: Cast, **changes: Any) -> LeakIn:
    usual: dict[str, Any] = {
        "found_on": local_day(clock.now()), "found_by": "audit", "kinds": ["bill"], "answerable": "staff",
        "unit_id": cast.units["sc_cz"].id, "account": "非工作时间连续查询账单。", "staff_id": cast.an.id,
    }  # fmt: skip
    return LeakIn(**{**usual, **changes})


def test_from_the_finding_to_the_sanction(cast: Cast) -> None:
    case = cast.case("an")
    made = leaks.record(told(cast, case_ids=[case.id]), cast.doer("gu"))
    assert queries.undecided(cast.viewer("he")) == 1
    leaks.note(made.pk, cast.doer("he"), "已固定日志。")
    today = local_day(clock.now())
    for codes, day in (
        ([], today),
        (["none", "fine"], today),
        (["fine"], today - timedelta(days=1)),
        (["moon"], today),
    ):
        with pytest.raises(RuleError):
            leaks.sanction(made.pk, cast.doer("gu"), codes, "公司纪委", day)
    done = leaks.sanction(made.pk, cast.doer("gu"), ["fine", "rights"], "公司纪委", today, "扣罚 500 元。")
    assert (done.sanctions, done.decided_by) == (["fine", "rights"], "公司纪委")
    with pytest.raises(Conflict):
        leaks.sanction(made.pk, cast.doer("gu"), ["none"], "公司纪委", today)
    assert [one.kind for one in queries.record_of("leak", made.pk)] == ["recorded", "noted", "sanctioned"]
    assert queries.numbers_of(cast.viewer("gu"), made.case_ids) == [case.number]


def test_only_the_few_find_it_and_never_whoever_answers_for_it(cast: Cast) -> None:
    made = leaks.record(told(cast), cast.doer("gu"))
    assert queries.access_leak(cast.viewer("he"), made.pk) == made
    for who in ("an", "du", "ji", "fe", "li", "pa", "sy", "se", "au"):
        with pytest.raises(NotFound):
            queries.access_leak(cast.viewer(who), made.pk)
    own = leaks.record(told(cast, staff_id=cast.he.id), cast.doer("gu"))
    with pytest.raises(NotFound):
        queries.access_leak(cast.viewer("he"), own.pk)
    with pytest.raises(Forbidden):
        leaks.record(told(cast, staff_id=cast.gu.id), cast.doer("gu"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"account": "把13912345678发到群里"}, "account"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["soul"]}, "kinds"),
        ({"staff_id": None}, "staff"),
        ({"found_on": local_day(clock.now()) + timedelta(days=2)}, "found_on"),
        ({"people": -1}, "people"),
    ],
)
def test_the_data_itself_and_what_is_not_right_are_refused(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        leaks.record(told(cast, **changes), cast.doer("gu"))
    assert refused.value.field == field
