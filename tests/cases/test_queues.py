"""Every queue walks an index and nothing else; what several walks find is shown once, in order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cases import queues
from bihuan.cases.access import newest, visible
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from cast import OTHER_DISTRICT, Cast

pytestmark = pytest.mark.django_db
PEOPLE = ("an", "di", "ma", "te", "li", "wu", "du", "re", "he", "pa")


def plan_of(cast: Cast, name: str, code: str) -> str:
    """How the database would find the first page of a large table: scans of all rows are the last thing it may do."""
    viewer = cast.viewer(name)
    with CaptureQueriesContext(connection) as asked:
        queues.page(viewer, code)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + asked[0]["sql"].replace("%", "%%"))
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("name", PEOPLE)
def test_no_queue_reads_the_whole_table(cast: Cast, name: str) -> None:
    for queue in queues.shown(cast.viewer(name)):
        plan = plan_of(cast, name, queue.code)
        assert "Seq Scan on cases_case" not in plan, plan
        assert "using case_" in plan, plan


def test_the_province_waits_for_its_revisits_along_an_index(cast: Cast) -> None:
    cast.units["hq"].area_id, cast.units["hq"].area_level = 320000, 1
    cast.units["hq"].save()
    cast.re.unit = cast.units["hq"]
    cast.re.save()
    assert "case_revisit_all" in plan_of(cast, "re", "revisit")


def _dispatched(cast: Cast, unit: str) -> str:
    case = cast.case()
    flow.accept(case, cast.doer("di"))
    dispatch.dispatch(case, cast.doer("di"), cast.units[unit].id)
    return case.number


def test_a_leader_sees_the_cases_of_all_her_units_nearest_first(cast: Cast) -> None:
    numbers = {_dispatched(cast, unit) for unit in ("mt_cz", "team_cz", "mt_cz")}
    _dispatched(cast, "mk_cz")
    found = queues.page(cast.viewer("li"), "unit").cases
    assert {case.number for case in found} == numbers
    due = [case.next_due_at for case in found if case.next_due_at]
    assert due == sorted(due)


def test_what_lies_in_the_area_and_with_the_unit_is_shown_and_counted_once(cast: Cast) -> None:
    here, elsewhere = cast.case(), cast.case(area=str(OTHER_DISTRICT))
    viewer = cast.viewer("di")
    assert [case.number for case in queues.page(viewer, "unassigned").cases] == [here.number, elsewhere.number]
    assert queues.counts(viewer, ["unassigned"]) == {"unassigned": 2}


def test_counting_all_queues_is_one_statement(cast: Cast) -> None:
    cast.case()
    viewer = cast.viewer("du")
    with CaptureQueriesContext(connection) as asked:
        queues.counts(viewer, [queue.code for queue in queues.shown(viewer)])
    assert len(asked) == 1


def test_the_newest_are_those_in_reach_newest_first(cast: Cast) -> None:
    for _number in range(3):
        _dispatched(cast, "mt_cz")
    cast.case("an_wx", area=str(OTHER_DISTRICT))
    flow.answer(cast.case(), cast.doer("an"), "call", "已现场解释清楚，客户认可。")
    for name in cast.staff:
        viewer = cast.viewer(name)
        wanted = list(visible(viewer).order_by("-id"))
        assert newest(viewer, lambda found: found, 10) == wanted, name
        assert newest(viewer, lambda found: found, 2) == wanted[:2], name
        narrowed = newest(viewer, lambda found: found.filter(status="replied"), 10)
        assert narrowed == [case for case in wanted if case.status == "replied"], name
