"""A contact carries its recording's address on an allowed host; opening it is written down."""

import pytest

from bihuan.handling import recordings
from bihuan.handling.models import Recording
from bihuan.identity.models import AuditEntry
from bihuan.kernel.errors import RuleError
from web.desk.conftest import at_desk, walk  # noqa: F401 - fixtures


def test_from_the_allowed_host_to_the_recording(at_desk, walk):  # noqa: F811
    manager, desk = at_desk("gu").client, at_desk("ma")
    case = walk("in_handling")
    told = {
        "means": "call",
        "reached": "on",
        "note": "说明了修复时间",
        "recording": "https://rec.example.com/play/77?x=1",
    }
    assert desk.step(case, "contacts", **told).status_code == 422
    host = {"host": "Rec.example.com", "id_address": "https://rec.example.com/play/{id}"}
    assert (
        manager.post("/setup/recordings/", {**host, "id_address": "https://other.example.com/{id}"}).status_code == 422
    )
    assert manager.post("/setup/recordings/", host).status_code == 302
    assert desk.step(case, "contacts", **told).status_code == 302
    assert desk.step(case, "contacts", **{**told, "recording": "20261121-00077"}).status_code == 302
    by_id, by_address = Recording.objects.all()
    assert by_id.address == "https://rec.example.com/play/20261121-00077"
    address = f"/cases/{case.number}/recordings/{by_address.pk}/"
    assert address in desk.see(f"/cases/{case.number}/").content.decode()
    answer = desk.see(address)
    assert (answer.status_code, answer["Location"]) == (302, told["recording"])
    assert AuditEntry.objects.get(kind="reveal").detail == {"recording": by_address.pk}
    assert at_desk("fe").see(address).status_code == 403
    assert at_desk("ma_wx").see(address).status_code == 404
    assert at_desk("di").see("/setup/recordings/").status_code == 404
    manager.post(f"/setup/recordings/{recordings.RecordingHost.objects.get().pk}/refusal/")
    assert desk.see(address).status_code == 404


@pytest.mark.parametrize(
    "told",
    [
        "http://rec.example.com/1", "https://evil.example.com/", "https://rec.example.com@evil.example.com/",
        "javascript:alert(1)", "https://rec.example.com.evil.com/", "//rec.example.com/1", "https://rec.example.com:8443/",
        "https://rec.example.com\\@evil.com/", "abc/def", "https://[", "https://rec.example.com/a b",
    ],
)  # fmt: skip
def test_no_other_address_is_taken(db, told):
    recordings.allow("rec.example.com", "", None)
    with pytest.raises(RuleError):
        recordings.address_of(told)
