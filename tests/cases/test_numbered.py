"""Cases are found by a part of their customer's number, by those who may, within their reach."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cases import numbered
from bihuan.customers import actions as customers
from bihuan.customers import parts
from bihuan.identity.models import AuditEntry
from bihuan.intake.schema import Customer
from bihuan.kernel.errors import RuleError
from cast import OTHER_DISTRICT, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "end", "start"),
    [
        ("5678", "5678", ""), (" 345678 ", "345678", ""), ("139*5678", "5678", "139"), ("139****5678", "5678", "139"),
        ("139…345678", "345678", "139"), ("139 xxxx 5678", "5678", "139"), ("1*5678", "5678", "1"),
    ],
)  # fmt: skip
def test_a_part_is_an_end_and_perhaps_a_beginning(typed: str, end: str, start: str) -> None:
    assert parts.read(typed) == parts.Part(end, start)


@pytest.mark.parametrize("typed", ["", "567", "139*567", "13912345678", "*5678", "五六七八", "断网5678", "139-5678"])
def test_anything_else_is_none(typed: str) -> None:
    assert parts.read(typed) is None


def test_an_end_leads_to_the_cases_in_reach_newest_first_and_opens_nothing(cast: Cast) -> None:
    first = cast.case(customer=Customer(name="王", phone="13912345678"))
    other = cast.case(customer=Customer(name="李", phone="13700000000", other_contact="0519-88345678"))
    cast.case(customer=Customer(name="赵", phone="13712340000"))
    line = cast.case(customer=Customer(name="钱", phone="13700000001"), complained_number="051987655678")
    foreign = cast.case("an_wx", area=str(OTHER_DISTRICT), customer=Customer(name="孙", phone="13812345678"))
    found = numbered.find(cast.viewer("di"), "5678")
    assert [case.id for case in found.cases] == [line.id, other.id, first.id]
    assert (found.count, found.part) == (3, True)
    assert [case.id for case in numbered.find(cast.viewer("di_wx"), "5678").cases] == [foreign.id]
    assert not AuditEntry.objects.filter(kind="number_part").exists()


def test_more_digits_are_compared_inside_and_the_log_keeps_that_not_the_digits(cast: Cast) -> None:
    case = cast.case(customer=Customer(name="王", phone="13912345678"))
    cast.case(customer=Customer(name="李", phone="13700005678"))
    viewer = cast.viewer("di")
    for typed in ("345678", "139*5678", "139*345678", "2345678"):
        assert [one.id for one in numbered.find(viewer, typed).cases] == [case.id], typed
    assert numbered.find(viewer, "138*5678").cases == []
    entry = AuditEntry.objects.filter(kind="number_part").first()
    assert entry is not None and entry.actor_id == viewer.staff_id
    assert entry.detail == {"digits": 6, "compared": 2, "found": 1}
    # a beginning and an end that would share digits are no such number
    assert not parts.Part("2345678", "139123").fits("13912345678")


def test_whole_numbers_go_before_parts(cast: Cast) -> None:
    landline = cast.case(customer=Customer(name="王", phone="88345678"))
    cast.case(customer=Customer(name="李", phone="13988345678"))
    found = numbered.find(cast.viewer("di"), "88345678")
    assert ([case.id for case in found.cases], found.part) == ([landline.id], False)


def test_who_never_needs_the_number_itself_asks_by_the_whole_one(cast: Cast) -> None:
    case = cast.case(customer=Customer(name="王", phone="13912345678"))
    for name in ("he", "fe", "ji"):
        assert [one.id for one in numbered.find(cast.viewer(name), "13912345678").cases] == [case.id]
        for typed in ("5678", "139*5678", "345678"):
            with pytest.raises(RuleError) as refused:
                numbered.find(cast.viewer(name), typed)
            assert refused.value.code == "number.part"
        assert numbered.find(cast.viewer(name), "12345678").cases == []
    with pytest.raises(RuleError) as short:
        numbered.find(cast.viewer("di"), "678")
    assert short.value.code == "number.short"


def test_a_forgotten_number_leads_nowhere(cast: Cast) -> None:
    case = cast.case(customer=Customer(name="王", phone="13912345678"))
    customers.shred(case.party_id)
    assert numbered.find(cast.viewer("di"), "5678").cases == []
    assert numbered.find(cast.viewer("di"), "345678").cases == []


def test_as_many_statements_for_many_as_for_few_and_along_the_indexes(cast: Cast) -> None:
    viewer = cast.viewer("di")
    counts = []
    for _round in range(2):
        for _case in range(3):
            cast.case(customer=Customer(name="王", phone="13912345678", other_contact="13812345678"))
        with CaptureQueriesContext(connection) as asked:
            numbered.find(viewer, "345678")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    walk = next(one["sql"] for one in asked if "UNION" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + walk.replace("%", "%%"))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    for field in ("phone", "other_contact", "complained_number"):
        assert f"using party_end_{field}" in plan, plan
