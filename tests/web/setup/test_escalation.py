"""The escalation procedure is a table in set-up: edited, kept in versions, brought back."""

from django.test import Client

from bihuan.escalation import queries
from bihuan.escalation.models import Procedure
from cast import Cast


def test_a_level_is_changed_kept_as_a_version_and_brought_back(cast: Cast, client: Client) -> None:
    client.force_login(cast.gu)
    page = client.get("/setup/escalation/").content.decode()
    assert "超时后再次升级" in page and "督办，期限 1 个工作日" in page and "时限对谁：对客户" in page
    told = {
        "name": "到期", "grade": "2", "moment": "breached", "number": "0", "owner": ["customer", "work"],
        "tell": ["handler", "duty"], "raises": "on", "active": "on", "version": "1",
    }  # fmt: skip
    assert client.post("/setup/escalation/levels/breach/", told).status_code == 302
    level = next(one for one in queries.in_force() if one.code == "breach")
    assert (level.version, level.tell, level.raises) == (2, ("handler", "duty"), True)
    history = client.get("/setup/escalation/").content.decode()
    assert "第 2 版" in history and "顾全" in history and "通知 责任人、当班值班长" in history
    assert client.post("/setup/escalation/levels/breach/", told).status_code == 422
    assert client.post("/setup/escalation/versions/1/restoration/", {"version": "2"}).status_code == 302
    assert next(one for one in queries.in_force() if one.code == "breach").tell == ("handler", "lead")
    assert Procedure.objects.count() == 3


def test_a_level_that_does_nothing_or_cannot_be_read_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.gu)
    told = {"name": "新一级", "grade": "5", "moment": "escalated", "number": "3", "active": "on", "version": "1"}
    assert "还没有任何动作" in client.post("/setup/escalation/new/", told).content.decode()
    assert client.post("/setup/escalation/new/", {**told, "supervise": "bald"}).status_code == 422
    assert client.post("/setup/escalation/new/", {**told, "supervise": "2wd"}).status_code == 302
    assert queries.in_force()[-1].supervise == "2wd"
