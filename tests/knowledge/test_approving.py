"""From draft to published: versions, another person's approval, sending back, retiring."""

import pytest

from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.knowledge import actions, queries
from bihuan.knowledge.models import Version
from cast import Cast
from knowledge.knowledge_cast import published, told


def test_a_draft_is_read_by_nobody_beside_a_case(cast: Cast) -> None:
    actions.create(cast.viewer("di"), "script", told())
    assert queries.shelf() == []


def test_another_person_approves_and_only_then_it_is_offered(cast: Cast) -> None:
    article = actions.create(cast.viewer("li"), "script", told())
    actions.submit(article.id, cast.viewer("li"))
    with pytest.raises(Forbidden):
        actions.approve(article.id, cast.viewer("li"))
    actions.approve(article.id, cast.viewer("gu"))
    assert [one.title for one in queries.shelf()] == ["无信号安抚与排查脚本"]
    row = Version.objects.get()
    assert (row.made_by_id, row.decided_by_id, row.state) == (cast.li.id, cast.gu.id, "approved")


def test_who_submitted_anothers_draft_cannot_approve_it_either(cast: Cast) -> None:
    article = actions.create(cast.viewer("ma"), "script", told())
    actions.submit(article.id, cast.viewer("li"))
    with pytest.raises(Forbidden):
        actions.approve(article.id, cast.viewer("li"))


def test_a_handler_writes_but_does_not_approve(cast: Cast) -> None:
    article = actions.create(cast.viewer("ma"), "typical", told())
    actions.submit(article.id, cast.viewer("ma"))
    with pytest.raises(Forbidden):
        actions.approve(article.id, cast.viewer("te"))


def test_an_agent_only_reads(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.create(cast.viewer("an"), "script", told())


def test_the_published_version_stays_until_the_new_one_is_approved(cast: Cast) -> None:
    article = published(cast)
    actions.edit(article.id, cast.viewer("di"), told(title="新标题"), seen=1)
    assert queries.shelf()[0].title == "无信号安抚与排查脚本"
    actions.submit(article.id, cast.viewer("di"))
    actions.approve(article.id, cast.viewer("gu"))
    assert queries.shelf()[0].title == "新标题"
    assert list(Version.objects.order_by("number").values_list("number", "state")) == [(1, "retired"), (2, "approved")]


def test_an_edit_over_anothers_edit_is_refused(cast: Cast) -> None:
    article = published(cast)
    actions.edit(article.id, cast.viewer("di"), told(title="一"), seen=1)
    with pytest.raises(Conflict):
        actions.edit(article.id, cast.viewer("du"), told(title="二"), seen=1)


def test_sending_back_needs_a_reason_and_makes_it_a_draft_again(cast: Cast) -> None:
    article = actions.create(cast.viewer("di"), "script", told())
    actions.submit(article.id, cast.viewer("di"))
    with pytest.raises(RuleError, match="why"):
        actions.send_back(article.id, cast.viewer("gu"), " ")
    actions.send_back(article.id, cast.viewer("gu"), "请写明时限")
    row = Version.objects.get()
    assert (row.state, row.decision) == ("draft", "请写明时限")


def test_a_retired_article_is_offered_no_more_and_keeps_its_versions(cast: Cast) -> None:
    article = published(cast)
    actions.retire(article.id, cast.viewer("gu"), "活动已结束")
    assert queries.shelf() == []
    assert Version.objects.filter(article=article).count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "article.title"),
        ({"body": ""}, "article.body"),
        ({"body": "请拨打 13912345678 联系客户"}, "article.personal"),
        ({"body": "客户号码 ⟦P1⟧"}, "article.personal"),
        ({"body": "{客户姓名}您好"}, "article.placeholder"),
    ],
)
def test_what_an_article_may_not_say(cast: Cast, changes: dict[str, str], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        actions.create(cast.viewer("di"), "script", told(**changes))
    assert refused.value.code == code


def test_review_day_moves_on_when_the_owner_confirms(cast: Cast) -> None:
    article = published(cast)
    type(article).objects.filter(pk=article.pk).update(review_on="2020-01-01")
    assert queries.due_count() == 1
    actions.confirm(article.id, cast.viewer("di"))
    assert queries.due_count() == 0
