"""The pairs Python asks for are the pairs the database indexed."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.text.bigrams import BIGRAM_FUNCTION_SQL, FOLD_FUNCTION_SQL, fold, like_pattern, terms

storable = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
telling = st.text(alphabet="宽带断网慢5G WiFi，。-/A1%_\\", max_size=30)


def test_a_word_inside_a_sentence_shares_its_pairs() -> None:
    assert terms("断网") == ["断网"]
    assert set(terms("家里断网了")) >= set(terms("断网"))
    assert terms("5G网络慢") == sorted(["5g", "g网", "网络", "络慢"])


def test_punctuation_and_blanks_part_the_pairs() -> None:
    assert terms("断，网 wi-fi") == ["fi", "wi"]
    assert terms("网") == []
    assert terms("") == []


@given(telling, telling, telling)
def test_whoever_contains_a_query_contains_its_pairs(before: str, query: str, after: str) -> None:
    assert set(terms(query)) <= set(terms(before + query + after))


def test_the_recheck_takes_wildcards_literally() -> None:
    assert like_pattern("100%_A\\") == "%100\\%\\_a\\\\%"


@pytest.fixture
def functions(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FOLD_FUNCTION_SQL)
        cursor.execute(BIGRAM_FUNCTION_SQL)


def in_database(text: str) -> tuple[list[str], str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT bihuan_bigrams(%s), bihuan_fold(%s)", [text, text])
        row = cursor.fetchone()
    assert row is not None
    return sorted(row[0]), row[1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(storable | telling)
def test_the_database_makes_the_same_pairs(functions: None, text: str) -> None:
    assert in_database(text) == (terms(text), fold(text))


def test_a_long_text_and_an_empty_one(functions: None) -> None:
    long = "昨天晚上八点多开始家里宽带就一直断网，ONU 红灯，打 10000 报修。" * 20
    assert in_database(long) == (terms(long), fold(long))
    assert in_database("") == ([], "")


def test_the_database_may_index_by_it(functions: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE said (content text)")
        cursor.execute("CREATE INDEX ON said USING gin (bihuan_bigrams(content))")
        cursor.execute("INSERT INTO said VALUES ('家里又断网了'), ('网断了')")
        cursor.execute(
            "SELECT content FROM said WHERE bihuan_bigrams(content) @> %s::text[] AND bihuan_fold(content) LIKE %s",
            [terms("断网"), like_pattern("断网")],
        )
        assert cursor.fetchall() == [("家里又断网了",)]
