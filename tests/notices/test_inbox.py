"""The inbox on screen, its bell, and over the API: one's own notices and nobody else's."""

import asyncio

from django.test import Client

from bihuan.identity import roles
from bihuan.notices import actions
from bihuan.notices.models import Notice
from bihuan.web.desk.live import Poller
from cast import Cast


def test_a_notice_leads_to_its_case_and_is_read_then(cast: Cast, client: Client) -> None:
    case = cast.case()
    actions.tell("reported_upward", [cast.du.id, cast.an.id], case.id, {"by": cast.ma.id})
    client.force_login(cast.du)
    page = client.get("/notices/").content.decode()
    assert "客户不认可答复" in page and case.number in page and "马跃" in page and ">1</bh-bell>" in page
    mine = Notice.objects.get(staff_id=cast.du.id)
    assert client.post(f"/notices/{mine.pk}/").headers["Location"] == f"/cases/{case.number}/"
    assert ">0</bh-bell>" in client.get("/notices/").content.decode()
    other = Notice.objects.get(staff_id=cast.an.id)
    assert client.post(f"/notices/{other.pk}/").status_code == 404
    client.post("/notices/reading/", {"ids": [other.pk]})
    other.refresh_from_db()
    assert other.read_at is None


def test_a_notice_of_a_case_out_of_reach_shows_no_content(cast: Cast, client: Client) -> None:
    case = cast.case()
    actions.tell("general", [cast.ma_wx.id], case.id, {"text": "很机密", "unit": cast.units["mk_cz"].pk})
    client.force_login(cast.ma_wx)
    page = client.get("/notices/").content.decode()
    assert "无权查看" in page and "很机密" not in page and case.number not in page and "市场部" not in page


def test_preferences_keep_the_address_out_of_the_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.an)
    sent = {"mail": "an@example.cn", "mail_kinds": ["plea_decided"]}
    assert client.post("/notices/preferences/", sent).status_code == 302
    page = client.get("/notices/preferences/").content.decode()
    assert "已登记邮件地址" in page and "an@example.cn" not in page
    assert client.post("/notices/preferences/", {"mail": "nowhere"}).status_code == 422


def test_a_token_reads_its_owners_notices_page_by_page(cast: Cast, client: Client) -> None:
    for number in range(3):
        actions.tell("general", [cast.an.id, cast.bo.id], None, {"text": str(number)})
    asked = {"headers": {"Authorization": f"Bearer {cast.token('an', roles.READ)}"}}
    first = client.get("/api/v1/notices?limit=2", **asked).json()
    assert [one["text"] for one in first["items"]] == ["2", "1"] and first["unread"] == 3
    assert [one["text"] for one in client.get(first["next"], **asked).json()["items"]] == ["0"]
    ids = [one["id"] for one in first["items"]]
    answer = client.post("/api/v1/notices/reading", {"ids": ids}, content_type="application/json", **asked)
    assert answer.json() == {"marked": 2, "unread": 1}


def test_the_bell_rings_once_a_notice_for_whom_it_reached() -> None:
    async def play() -> None:
        poller, line = Poller(), asyncio.Queue()
        poller.listeners.add(line)
        poller.ring([(7, 1), (8, 2)])
        poller.ring([(7, 1), (8, 2), (9, 3)])
        poller.ring([(9, 3)])
        assert [line.get_nowait(), line.get_nowait()] == [frozenset({1, 2}), frozenset({3})] and line.empty()

    asyncio.run(play())
