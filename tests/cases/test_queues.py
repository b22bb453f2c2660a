"""Every queue walks an index and nothing else; what several walks find is shown once, in order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cases import queues
from bihuan.cases.access import newest, visible
from bihuan.catalog import editing
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.intake.schema import Customer
from cast import OTHER_DISTRICT, Cast

pytestmark = pytest.mark.django_db
PEOPLE = ("an", "di", "ma", "te", "li", "wu", "du", "re", "he", "pa")

_AS_NEVER_ANALYSED = """
    SELECT pg_clear_relation_stats('public', 'cases_case');
    SELECT pg_clear_attribute_stats('public', 'cases_case', attname, false) FROM pg_attribute
    WHERE attrelid = 'cases_case'::regclass AND attnum > 0 AND NOT attisdropped
"""
"""Takes away what the server has learned of the few rows of other tests: known to be tiny, a table is walked along any
index. Servers before 18 cannot forget."""


def plan_of(cast: Cast, name: str, code: str) -> str:
    """How the database would find the first page of a large table: scans of all rows are the last thing it may do."""
    viewer = cast.viewer(name)
    with CaptureQueriesContext(connection) as asked:
        queues.page(viewer, code)
    with connection.cursor() as cursor:
        if connection.pg_version >= 180000:
            cursor.execute(_AS_NEVER_ANALYSED)
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("DISCARD PLANS")  # the one kept was found before
        walk = next(one["sql"] for one in asked if one["sql"].startswith("EXECUTE"))
        cursor.execute("EXPLAIN " + walk.replace("%", "%%"))
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
    codes = [queue.code for queue in queues.shown(viewer)]
    queues.counts(viewer, codes)
    with CaptureQueriesContext(connection) as asked:
        queues.counts(viewer, codes)
    assert len([one for one in asked if one["sql"].startswith("EXECUTE")]) == 1
    assert len(asked) <= 2  # and whether a setting has changed


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


@pytest.mark.parametrize(("code", "index"), [("vip", "case_due_vip"), ("security", "case_due_security")])
def test_the_rare_queues_walk_an_index_of_their_own(cast: Cast, code: str, index: str) -> None:
    for name in ("di", "ma", "li", "du"):
        plan = plan_of(cast, name, code)
        assert index in plan or "case_due_unit" in plan, plan
    assert index in plan_of(cast, "di", code)


def test_important_customers_and_leaks_have_queues_for_those_who_work_them(cast: Cast) -> None:
    cases = [cast.case(customer=Customer(name="王", phone="13912345678", level=level)) for level in (7, 6, 5)]
    leak = cast.case(content="我的身份证号和通话记录被泄露，有人拿着我的信息办了卡，个人信息泄露！")
    assert "security" in leak.flags
    assert {case.id for case in queues.page(cast.viewer("di"), "vip").cases} == {case.id for case in cases[:2]}
    assert [case.id for case in queues.page(cast.viewer("di"), "security").cases] == [leak.id]
    assert queues.counts(cast.viewer("di_wx"), ["vip", "security"]) == {"vip": 0, "security": 0}
    assert not {queue.code for queue in queues.shown(cast.viewer("re"))} & set(queues.RARE)
    editing.set_parameter("vip_level", 7, None)
    assert [case.id for case in queues.page(cast.viewer("di"), "vip").cases] == [cases[0].id]
