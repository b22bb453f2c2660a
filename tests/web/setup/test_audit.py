"""The auditor reads who did what, in words, and finds it; what was told to customers is not among it."""

import io
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from python_calamine import CalamineWorkbook

from bihuan.customers import actions as customers
from bihuan.identity import audit
from bihuan.identity.models import AuditEntry
from bihuan.kernel import clock
from bihuan.web.setup import audit as pages
from cast import Cast


def test_the_log_is_read_filtered_and_paged(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "PAGE", 10)
    for number in range(13):
        audit.record("login", actor_id=cast.an.pk, actor_name="安宁", subject=f"an-{number}")
    audit.record("grant", actor_id=cast.se.pk, actor_name="沈安", subject="bo", detail={"after": ["lead"]})
    client.force_login(cast.au)
    first = client.get("/setup/audit/").content.decode()
    assert "改为 lead" in first
    assert "an-12" in first
    assert "an-2<" not in first
    following = client.get(
        "/setup/audit/" + first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    )
    assert "an-2<" in following.content.decode()
    assert "an-1<" not in client.get("/setup/audit/", {"kind": "grant"}).content.decode()
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    assert "没有符合条件的记录" in client.get("/setup/audit/", {"since": tomorrow}).content.decode()
    for odd in (
        {"since": "2026-02-31"},
        {"before": "x|1"},
        {"before": "2026-01-01T00:00:00+00:00|x"},
        {"since": "9999-12-31"},
    ):
        assert client.get("/setup/audit/", odd).status_code == 200


def test_the_export_is_what_was_asked_for_and_is_itself_written_down(client: Client, cast: Cast):
    audit.record("login", actor_id=cast.an.pk, actor_name="安宁", subject="an")
    audit.record("grant", actor_id=cast.se.pk, actor_name="=1+1", subject="bo")
    client.force_login(cast.au)
    answer = client.get("/setup/audit/", {"kind": "grant", "export": "1"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][1] == "=1+1", "a text stays a text"
    assert AuditEntry.objects.get(kind="export").detail == {"rows": 1}


def test_the_use_register_names_purposes_and_fields_never_values(client: Client, cast: Cast):
    case = cast.case()
    customers.reveal(case.party_id, ["phone"], cast.an.pk, "contact", case.number)
    client.force_login(cast.au)
    page = client.get("/setup/audit/uses/").content.decode()
    assert "联系客户" in page
    assert case.number in page
    assert "13912345678" not in page
    assert "王小明" not in page
    assert "没有人查看过明文" in client.get("/setup/audit/uses/", {"who": "bo"}).content.decode()


@pytest.mark.parametrize("who", ["sy", "se", "gu", "he", "an"])
def test_the_log_exists_for_the_auditor_only(client: Client, cast: Cast, who: str):
    client.force_login(cast.staff[who])
    assert client.get("/setup/audit/").status_code == 404
    assert client.get("/setup/audit/uses/").status_code == 404


@override_settings(DEMO=True)
def test_in_a_demo_the_outbox_shows_what_the_customer_gets(client: Client, cast: Cast):
    case = cast.case()
    customers.send_code(case.party_id, case.id, case.number)
    page = client.get("/dev/outbox/").content.decode()
    assert "13912345678" in page
    assert f"用于查询投诉 {case.number}" in page
    assert "13912345678" in client.get("/dev/outbox/", {"q": "139 1234 5678"}).content.decode()
    assert "还没有消息" in client.get("/dev/outbox/", {"q": "13000000000"}).content.decode()
    part = client.get("/dev/outbox/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_elsewhere_there_is_no_development_outbox(client: Client, cast: Cast):
    client.force_login(cast.sy)
    assert client.get("/dev/outbox/").status_code == 404
