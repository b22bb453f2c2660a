"""Customers hear of listed milestones in the words set, not when they asked for quiet; the first news has a term."""

from typing import Any

import pytest

from bihuan.cases.anchors import seal_settled
from bihuan.cases.models import Anchor, CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.handling import actions as handling
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message
from bihuan.progress import actions, queries
from bihuan.progress.models import Milestone, Reader
from bihuan.sla import deadlines
from cast import Cast
from web.desk.conftest import at_desk, walk  # noqa: F401 - fixtures


def _told(case: Any) -> list[str]:
    events = CaseEvent.objects.filter(case_id=case.id, kind="progress_told").order_by("seq")
    return [event.payload["milestone"] for event in events]


def _follow(case: Any) -> None:
    actions.follow(list(CaseEvent.objects.filter(case_id=case.id).order_by("seq")))


def test_the_customer_is_told_and_waits_for_news_until_reached(cast: Cast) -> None:
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
    _follow(case)
    assert _told(case) == ["accepted", "dispatched"]
    words = CaseEvent.objects.filter(case_id=case.id, kind="progress_told").order_by("seq").last()
    assert words is not None
    assert "常州维护装维部" in words.payload["text"]
    assert Message.objects.filter(purpose="progress", subject_id=case.id).count() == 2
    assert [one.case_id for one in queries.waiting(cast.viewer("ma"))] == [case.id]
    assert not queries.waiting(cast.viewer("mk")).exists()

    case.refresh_from_db()
    dispatch.receive(case, cast.doer("ma"), "self")
    handling.contact(case, cast.doer("ma"), "call", "没接", reached=False)
    actions.follow([CaseEvent.objects.filter(case_id=case.id).latest("seq")])
    assert deadlines.open_of("progress", [case.id])
    handling.contact(case, cast.doer("ma"), "call", "约了明天上门")
    actions.follow([CaseEvent.objects.filter(case_id=case.id).latest("seq")])
    assert not deadlines.open_of("progress", [case.id])


def test_who_asked_for_quiet_hears_nothing(cast: Cast) -> None:
    case = cast.case()
    actions.wish(case, cast.doer("an"), False, "客户要求")
    flow.accept(case, cast.doer("di"), category="N0101")
    _follow(case)
    assert _told(case) == []
    assert deadlines.open_of("progress", [case.id])  # somebody still owes her a call


def test_the_follower_begins_where_it_is_first_started_and_reads_each_event_once(cast: Cast) -> None:
    assert actions.run() == 0
    case = cast.case()
    last = CaseEvent.objects.latest("id").id
    Anchor.objects.create(
        first_event=1, last_event=last, count=1, digest=b"", signature=b"", made_at=case.registered_at
    )
    assert actions.run() == 0
    assert Reader.objects.get().event_id == last
    flow.accept(case, cast.doer("di"), category="N0101")
    assert actions.run() == 0  # not sealed yet
    after = CaseEvent.objects.latest("id").id
    Anchor.objects.create(
        first_event=last + 1, last_event=after, count=1, digest=b"", signature=b"", made_at=case.registered_at
    )
    assert actions.run() > 0
    assert actions.run() == 0
    assert _told(case) == ["accepted"]
    assert seal_settled() >= 0


def test_milestones_are_settings(at_desk, cast: Cast) -> None:  # noqa: F811
    manager = at_desk("gu").client
    told = {"kind": "received", "medium": "phone", "text": "您的投诉 {编号} 由 {部门} 接单。", "active": "on"}
    assert manager.get("/setup/milestones/?kind=accepted").status_code == 200
    assert manager.post("/setup/milestones/", told).status_code == 302
    assert Milestone.objects.get(kind="received").active
    assert manager.post("/setup/milestones/", {**told, "text": "您好 {姓名}，请看"}).status_code == 422
    with pytest.raises(RuleError):
        actions.set_milestone("progress_told", told, None)
    assert at_desk("ma").see("/setup/milestones/").status_code == 404


def test_the_queue_and_the_wish_at_the_desk(at_desk, walk, cast: Cast) -> None:  # noqa: F811
    case = walk("dispatched")
    _follow(case)
    assert case.number in at_desk("ma").see("/teamwork/news/").content.decode()
    assert at_desk("ma").step(case, "news-wishes", told="no", why="客户说不用发").status_code == 302
    assert "客户不要进展通知" in at_desk("ma").see(f"/cases/{case.number}/").content.decode()
