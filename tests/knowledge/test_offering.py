"""What is offered beside a case, how it is ranked, used and judged."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.knowledge import actions, queries, rules
from bihuan.knowledge.models import Use
from cast import Cast
from knowledge.knowledge_cast import published


def test_the_own_class_comes_before_mere_likeness_of_words(cast: Cast) -> None:
    case = cast.case()
    other = published(cast, title="另一类", body="家里没有信号，打电话一直断。", categories=["F0101"])
    own = published(cast)
    assert [one.id for one in queries.beside(case)] == [own.id, other.id]


def test_an_article_of_another_class_and_other_words_is_not_offered(cast: Cast) -> None:
    published(cast, title="账单", body="话费账单的查询办法和减免审批。", categories=["F0101"])
    assert queries.beside(cast.case()) == []


def test_an_article_for_another_channel_is_not_offered(cast: Cast) -> None:
    published(cast, channels=["weibo"])
    assert queries.beside(cast.case()) == []


def test_use_counts_and_lifts(cast: Cast) -> None:
    first, second = published(cast), published(cast)
    case = cast.case()
    actions.use(second.id, cast.viewer("an"), case)
    assert [one.id for one in queries.beside(case)] == [second.id, first.id]
    row = Use.objects.get()
    assert (row.version, row.case_id, row.by_id) == (1, case.id, cast.an.id)


def test_called_outdated_it_sinks_and_ones_latest_word_counts(cast: Cast) -> None:
    first, second = published(cast), published(cast)
    actions.judge(first.id, cast.viewer("an"), "helpful")
    actions.judge(first.id, cast.viewer("an"), "outdated", "活动已停")
    reading = {one.id: one for one in queries.shelf()}[first.id]
    assert (reading.helpful, reading.outdated) == (0, 1)
    assert [one.id for one in queries.beside(cast.case())] == [second.id, first.id]


def test_the_shelf_is_read_once_while_nothing_changes(cast: Cast) -> None:
    published(cast)
    queries.shelf()
    with CaptureQueriesContext(connection) as asked:
        queries.shelf()
    assert len(asked) == 3


def test_modules_of_the_class_come_first(cast: Cast) -> None:
    everywhere = published(cast, "module", categories=[], shortcut="kt")
    own = published(cast, "module", shortcut="wxh")
    published(cast, "module", categories=["F0101"])
    assert [one.id for one in queries.modules(["N01", "N0101"])] == [own.id, everywhere.id]


def test_a_script_for_the_suggested_class(cast: Cast) -> None:
    article = published(cast)
    found = queries.script_for("N0101", "没有信号")
    assert found is not None and found.id == article.id


@pytest.mark.parametrize(
    ("body", "filled"),
    [("{客户称呼}您好，{处理人}为您服务", "王先生您好，{处理人}为您服务"), ("没有占位符", "没有占位符")],
)
def test_unknown_placeholders_stay_to_be_seen(body: str, filled: str) -> None:
    assert rules.fill(body, {"客户称呼": "王先生", "处理人": ""}) == filled
