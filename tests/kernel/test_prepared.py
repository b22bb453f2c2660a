"""Statements asked again and again are planned once a connection, and answer as if they were not."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.kernel import prepared

SQL = "SELECT v FROM unnest(%s::int[]) v WHERE v > %s ORDER BY v"


@pytest.mark.django_db
def test_the_second_question_is_only_asked() -> None:
    assert prepared.rows(SQL, [[3, 1, 2], 1]) == [(2,), (3,)]
    with CaptureQueriesContext(connection) as asked:
        assert prepared.rows(SQL, [[7, 8], 7]) == [(8,)]
    assert [one["sql"].split("(")[0].split("_")[0] for one in asked] == ["EXECUTE kept"]


@pytest.mark.django_db
def test_a_transaction_rolled_back_leaves_it_usable() -> None:
    class Undone(Exception):
        pass

    sql = f"{SQL} LIMIT 1"
    with pytest.raises(Undone), transaction.atomic():
        prepared.rows(sql, [[1], 0])
        raise Undone
    assert prepared.rows(sql, [[5], 0]) == [(5,)]


@pytest.mark.django_db
def test_one_without_values_needs_none() -> None:
    assert prepared.rows("SELECT 1", []) == [(1,)]
