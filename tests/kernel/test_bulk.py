"""Array literals arrive in the database as the very values they were made of."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bihuan.kernel.bulk import literal

_TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)))
_KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": _TEXT,
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "boolean": st.booleans(),
    "double precision": st.floats(allow_nan=False, allow_infinity=False),
    "bytea": st.binary(),
    "timestamptz": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
}


class Literals(TestCase):
    @settings(deadline=None)
    @given(st.sampled_from(sorted(_KINDS)).flatmap(lambda k: st.tuples(st.just(k), st.lists(st.none() | _KINDS[k]))))
    def test_what_goes_in_comes_out(self, told: tuple[str, list[Any]]) -> None:
        kind, values = told
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM unnest(%s::{kind}[])", [literal(values, kind)])
            back = [bytes(v) if isinstance(v, memoryview) else v for (v,) in cursor.fetchall()]
        assert back == values


@pytest.mark.parametrize("awkward", ['a"b', "a\\b", "{", "}", ",", "NULL", "", " ", "\n", "⟦P1⟧", '\\"', "😀"])
def test_awkward_text_is_quoted(db: None, awkward: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::text[])[1]", [literal([awkward], "text")])
        assert cursor.fetchone() == (awkward,)
