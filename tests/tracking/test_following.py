"""Dissatisfied twice or reopened after closing: tracked by itself, with a next date, until the customer is satisfied."""

from datetime import timedelta

import pytest

from bihuan.cases.models import CaseEvent
from bihuan.flow import actions as flow
from bihuan.flow import ending, tracking
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.sla import deadlines
from bihuan.tracking import actions, queries
from bihuan.tracking.models import Track
from web.desk.conftest import at_desk, cause_code, now, walk  # noqa: F401 - fixtures


def test_dissatisfied_twice_it_is_tracked_until_the_customer_is_satisfied(walk, cast):  # noqa: F811
    case = walk("replied")
    flow.revisited(case, cast.doer("re"), 1, note="没修好")
    assert not Track.objects.exists()
    flow.answer(case, cast.doer("ma"), "call", "处理人马跃：再次上门修复。")
    flow.revisited(case, cast.doer("re"), 1, note="还是没修好")
    track = Track.objects.get()
    assert (track.cause, track.case_id) == ("dissatisfied", case.id)
    assert deadlines.open_of("tracking", [track.pk])

    soon = clock.now() + timedelta(hours=6)
    actions.note(case, track, cast.doer("li"), "约了厂家一起上门", "厂家工程师到场", soon)
    assert deadlines.open_of("tracking", [track.pk])[track.pk].due_at == soon
    flow.answer(case, cast.doer("ma"), "call", "处理人马跃：更换设备，客户确认恢复。")
    flow.revisited(case, cast.doer("re"), 3, closing=flow.Closing(cause_code(), ["kpi"], system_cause=True))
    track.refresh_from_db()
    assert track.outcome == "satisfied"
    assert not deadlines.open_of("tracking", [track.pk])
    kinds = set(CaseEvent.objects.filter(case_id=case.id).values_list("kind", flat=True))
    assert kinds >= {"tracking_begun", "tracking_noted", "tracking_ended"}


def test_reopened_after_closing_it_is_tracked(walk, cast):  # noqa: F811
    case = now(walk("closed"))
    ending.reopen(case, cast.doer("re"), "recurred", "又断了")
    assert Track.objects.get().cause == "reopened"


def test_by_hand_once_only_and_kept_by_owner_or_lead(walk, cast):  # noqa: F811
    case = now(walk("in_handling"))
    track = tracking.begin(case, cast.doer("di"), "hot", owner_id=cast.ma.id, next_step="每日回访")
    assert (track.hot, queries.table(cast.viewer("ma"), "mine").get()) == (True, track)
    with pytest.raises(Conflict):
        actions.begin(case, cast.doer("di"), "hot")
    with pytest.raises(RuleError):
        actions.note(case, track, cast.doer("ma"), "已回访", "再回访", clock.now() - timedelta(hours=1))
    with pytest.raises(Forbidden):
        queries.access_track(cast.viewer("ji"), track.pk)
    queries.access_track(cast.viewer("di"), track.pk)


def test_the_table_and_the_page(at_desk, walk, cast):  # noqa: F811
    case = walk("in_handling")
    due = f"{clock.now() + timedelta(hours=30):%Y-%m-%dT%H:%M}"
    told = {"cause": "difficult", "owner": cast.ma.id, "next_step": "请厂家会诊", "next_at": due}
    assert at_desk("li").step(case, "tracking", **told).status_code == 302
    track = Track.objects.get()
    assert "请厂家会诊" in at_desk("ma").see("/teamwork/tracking/?show=mine").content.decode()
    base = f"/teamwork/tracking/{track.pk}/"
    owner = at_desk("ma").client
    note = {"text": "厂家明天到", "next_step": "陪同厂家", "next_at": due}
    assert owner.post(f"{base}entry/", note).status_code == 302
    assert "厂家明天到" in owner.get(base).content.decode()
    assert owner.post(f"{base}owner/", {"owner": cast.li.id, "hot": "on"}).status_code == 302
    assert at_desk("li").client.post(f"{base}end/", {"outcome": "explained", "text": ""}).status_code == 422
    assert at_desk("li").client.post(f"{base}end/", {"outcome": "satisfied"}).status_code == 302
    assert at_desk("ma_wx").see(base).status_code == 404
    assert at_desk("li").see("/teamwork/tracking/export/?show=done").status_code == 200
