"""Live news reaches who may see the case, and nobody else."""

import asyncio
import json
import re

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from bihuan.kernel import clock
from bihuan.web.desk import live
from bihuan.web.desk.live import News, Poller


def _batch(case, actor_id=None, kind="registered"):
    return [News(1, case.id, kind, actor_id)]


def test_a_case_that_comes_is_told_to_its_unit_only(cast, walk):
    case = walk("dispatched")
    assert live.seen_by(cast.viewer("ma"), _batch(case)) == ([case.number], [])
    for stranger in ("di_wx", "ma_wx", "mk", "sy", "au"):
        assert live.seen_by(cast.viewer(stranger), _batch(case)) == ([], [])


def test_a_change_is_told_as_a_change(cast, walk):
    case = walk("dispatched")
    assert live.seen_by(cast.viewer("ma"), _batch(case, kind="chased")) == ([], [case.number])


def test_ones_own_doing_and_the_clocks_are_no_news(cast, walk):
    case = walk("dispatched")
    assert live.seen_by(cast.viewer("ma"), _batch(case, actor_id=cast.ma.id)) == ([], [])
    assert live.seen_by(cast.viewer("ma"), _batch(case, kind="clock_warned")) == ([], [])


def test_the_message_counts_cases_not_events():
    assert live.message({"a", "b"}, {"b", "c"}) == "有 2 张新工单 · 1 张有变动"


def test_what_was_told_is_not_told_again_and_late_comers_are_not_lost():
    async def play():
        poller = Poller()
        poller.marks.append((clock.now(), 0))
        line = asyncio.Queue()
        poller.listeners.add(line)
        poller.spread([News(2, 1, "registered", None)], clock.now())
        # 1 was given before 2, but its transaction committed later.
        poller.spread([News(1, 1, "accepted", None), News(2, 1, "registered", None)], clock.now())
        assert [one.id for one in line.get_nowait()] == [2]
        assert [one.id for one in line.get_nowait()] == [1]
        poller.spread([News(1, 1, "accepted", None), News(2, 1, "registered", None)], clock.now())
        assert line.empty()

    asyncio.run(play())


def test_the_stretch_looked_back_over_moves_on():
    poller = Poller()
    start = clock.now()
    poller.marks.append((start, 0))
    for second in range(1, 60):
        poller.spread([], start + live.LOOK_BACK / 15 * second)
    assert len(poller.marks) <= 17


@pytest.mark.django_db
def test_a_stranger_gets_no_stream():
    request = RequestFactory().get("/desk/live/")
    request.user = AnonymousUser()
    assert async_to_sync(live.live)(request).status_code == 204


def test_a_list_is_told_what_it_has_not_seen_and_nothing_it_has(cast, walk):
    walk("accepted")
    seen = live.newest_id()
    assert live.since(None)[1] == live.since(seen)[1] == []
    case = walk("accepted")
    known, missed = live.since(seen)
    assert [(one.kind, one.case_id) for one in missed] == [
        (kind, case.id) for kind in ("registered", "accepted", "classified")
    ]
    assert {seen, *(one.id for one in missed)} <= known


@pytest.mark.django_db(transaction=True)
def test_a_stream_begins_where_the_list_ends(cast, walk, client):
    walk("dispatched")
    client.force_login(cast.ma)
    answer = client.get("/desk/unreceived/")
    seen = int(re.search(r'data-seen="(\d+)"', answer.content.decode())[1])
    assert seen == live.newest_id()
    case, viewer = walk("dispatched"), cast.viewer("ma")

    async def first_news():
        stream = live._stream(viewer, "zh-hans", False, seen)
        try:
            return [(await anext(stream)).decode(), (await anext(stream)).decode()]
        finally:
            await stream.aclose()

    begun, news = asyncio.run(first_news())
    assert begun.startswith(": here")
    told = json.loads(news.split("data: ")[1])
    assert (told["text"], told["ids"]) == ("有 1 张新工单", [case.number])


def test_a_stream_that_was_cut_off_counts_from_what_the_list_has_seen(cast, monkeypatch):
    asked = []
    viewer = cast.viewer("ma")
    monkeypatch.setattr(live, "_viewer", lambda request: viewer)
    monkeypatch.setattr(live, "aside", sync_to_async)
    monkeypatch.setattr(live, "_stream", lambda *told: asked.append(told[-1]) or iter(()))
    for address, headers in (("?after=7", {"HTTP_LAST_EVENT_ID": "9"}), ("", {"HTTP_LAST_EVENT_ID": "9"}), ("", {})):
        request = RequestFactory().get(f"/desk/live/{address}", **headers)
        request.user = cast.ma
        async_to_sync(live.live)(request)
    assert asked == [7, 9, None]


def test_new_events_are_read_behind_a_place(cast, walk):
    before = live.newest_id()
    case = walk("accepted")
    found = live.after(before)
    assert [one.kind for one in found] == ["registered", "accepted", "classified"]
    assert {one.case_id for one in found} == {case.id}
