"""Articles for the tests of knowledge, and the people who write and approve them."""

from typing import Any

from bihuan.knowledge import actions
from bihuan.knowledge.models import Article
from bihuan.knowledge.rules import Told
from cast import Cast


def told(**changes: Any) -> Told:
    """What a script for a missing signal says; `changes` replace parts."""
    said: dict[str, Any] = {
        "title": "无信号安抚与排查脚本",
        "body": "{客户称呼}您好，您反映的家里没有信号，我们已登记（{工单号}）。请问室内室外都没有信号吗？",
        "categories": ["N0101"],
    }
    return Told(**{**said, **changes})


def published(cast: Cast, kind: str = "script", **changes: Any) -> Article:
    """An article the dispatcher wrote and the manager approved."""
    article = actions.create(cast.viewer("di"), kind, told(**changes))
    actions.submit(article.id, cast.viewer("di"))
    actions.approve(article.id, cast.viewer("gu"))
    article.refresh_from_db()
    return article
