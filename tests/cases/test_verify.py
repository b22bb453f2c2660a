"""Whatever is edited, removed, swapped or slipped in behind the platform's back is found."""

import pytest
from django.db import connection, transaction

from bihuan.cases.models import Anchor, Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.flow import actions as flow
from cast import Cast, seal


def _behind_the_back(sql: str, *parameters: object) -> None:
    """As someone with the database in hand would do it: triggers off."""
    with connection.cursor() as cursor:
        for table in ("cases_caseevent", "cases_anchor"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        for table in ("cases_caseevent", "cases_anchor"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _found() -> set[str]:
    return {finding.kind for finding in verify()}


@pytest.fixture
def cases(cast: Cast) -> list[Case]:
    """Three cases of several events each, sealed."""
    made = [cast.case() for _number in range(3)]
    for case in made:
        flow.accept(case, cast.doer("di"), category="N0101")
        flow.dispatch_by_rule(case, cast.doer("di"))
    seal()
    assert _found() == set()
    return made


def test_events_and_seals_cannot_be_changed_by_ordinary_means(cases: list[Case]) -> None:
    for change in (
        lambda: CaseEvent.objects.filter(case_id=cases[0].id).update(why="x"),
        lambda: CaseEvent.objects.filter(case_id=cases[0].id).delete(),
        lambda: Anchor.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="only ever added"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cases_caseevent SET why = 'nothing happened' WHERE case_id = %s AND seq = 2",
        "UPDATE cases_caseevent SET at = at - interval '1 day' WHERE case_id = %s AND seq = 2",
        "UPDATE cases_caseevent SET actor_id = 1 WHERE case_id = %s AND seq = 2",
        "UPDATE cases_caseevent SET payload = '{}' WHERE case_id = %s AND seq = 1",
        "UPDATE cases_caseevent SET kind = 'classified' WHERE case_id = %s AND seq = 2",
    ],
)
def test_an_edited_event_is_found(cases: list[Case], sql: str) -> None:
    _behind_the_back(sql, cases[1].id)
    assert "event.altered" in _found()


def test_a_removed_event_in_the_middle_is_found(cases: list[Case]) -> None:
    _behind_the_back("DELETE FROM cases_caseevent WHERE case_id = %s AND seq = 2", cases[0].id)
    assert {"event.missing", "anchor.count"} <= _found()


def test_a_removed_last_event_is_found_even_with_the_case_row_turned_back(cases: list[Case]) -> None:
    case = Case.objects.get(pk=cases[0].id)
    before = CaseEvent.objects.get(case_id=case.id, seq=case.event_count - 1)
    _behind_the_back("DELETE FROM cases_caseevent WHERE case_id = %s AND seq = %s", case.id, case.event_count)
    assert "event.end_missing" in _found()
    Case.objects.filter(pk=case.id).update(
        event_count=before.seq, version=before.seq, last_hash=before.hash, status="accepted"
    )
    assert _found() == {"anchor.count"}


def test_two_swapped_events_are_found(cases: list[Case]) -> None:
    _behind_the_back(
        "UPDATE cases_caseevent SET seq = CASE seq WHEN 2 THEN 103 WHEN 3 THEN 102 END WHERE case_id = %s AND seq IN (2, 3)",
        cases[0].id,
    )
    _behind_the_back("UPDATE cases_caseevent SET seq = seq - 100 WHERE case_id = %s AND seq > 100", cases[0].id)
    assert _found() & {"event.altered", "event.missing"}


def test_a_whole_case_gone_without_a_trace_is_found_by_the_seal(cases: list[Case]) -> None:
    gone = cases[2].id
    _behind_the_back("DELETE FROM cases_caseevent WHERE case_id = %s", gone)
    _behind_the_back("DELETE FROM cases_case WHERE id = %s", gone)
    _behind_the_back("DELETE FROM customers_party WHERE id = %s", gone)
    assert _found() == {"anchor.count"}


def test_an_event_slipped_in_behind_a_seal_is_found(cases: list[Case]) -> None:
    first = CaseEvent.objects.order_by("id")[0]
    _behind_the_back(
        "INSERT INTO cases_caseevent (id, case_id, seq, kind, at, recorded_at, source, why, payload, hash)"
        " VALUES (%s, 999, 1, 'registered', now(), now(), 'api', '', '{}', '\\x00')",
        first.id - 1 if first.id > 1 else 10**9,
    )
    assert _found() & {"anchor.count", "case.gone"}


def test_a_seal_made_anew_without_the_key_is_found(cases: list[Case]) -> None:
    _behind_the_back("UPDATE cases_anchor SET count = count - 1")
    assert "anchor.forged" in _found()


def test_a_removed_seal_is_found(cases: list[Case], cast: Cast) -> None:
    cast.case()
    seal()
    assert Anchor.objects.count() == 2
    _behind_the_back("DELETE FROM cases_anchor WHERE id = (SELECT min(id) FROM cases_anchor)")
    assert "anchor.missing" in _found()


def test_an_edited_complaint_text_is_found(cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[0].id).update(content="一切正常")
    assert _found() == {"case.words_altered"}


def test_a_status_set_by_hand_is_found(cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[0].id).update(status="closed")
    assert _found() == {"case.status_altered"}
