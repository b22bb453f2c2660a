"""The customer signs on the device of whoever is with her; what she signed stands on the case and cannot change unseen."""

import base64

import pytest

from bihuan.cases.models import CaseEvent
from bihuan.cases.verify import verify
from bihuan.handling import evidence, signing
from bihuan.handling.models import Signature
from bihuan.kernel.errors import RuleError
from web.desk.conftest import at_desk, now, walk  # noqa: F401 - fixtures

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (600).to_bytes(4, "big") + (220).to_bytes(4, "big") + bytes(200)
PICTURE = "data:image/png;base64," + base64.b64encode(PNG).decode()
DETAILS = "更换电源模块，\n回访电话 13800001111"


@pytest.fixture
def case(walk, settings, tmp_path):  # noqa: F811
    settings.EVIDENCE_DIR = tmp_path
    return walk("in_handling")


def test_from_the_words_to_the_signature_on_the_case(case, at_desk):  # noqa: F811
    desk, address = at_desk("ma"), f"/cases/{case.number}/signature/"
    assert address in desk.see(f"/cases/{case.number}/").content.decode()
    assert desk.client.post(address, {"kind": "work", "details": " "}).status_code == 422
    page = desk.client.post(address, {"kind": "work", "details": DETAILS})
    shown = page.content.decode()
    assert "更换电源模块" in shown and "家里三天没有信号" in shown and "马跃" in shown and "<canvas" in shown
    told = {
        "kind": "work", "details": DETAILS, "shown": page.context["shown"], "signer": "customer", "picture": PICTURE,
        "lat": "31.77", "lon": "119.95", "accuracy": "18",
    }  # fmt: skip
    assert desk.client.post(address, {**told, "picture": ""}).status_code == 422
    assert desk.client.post(address, {**told, "picture": "data:image/png;base64,AAAA"}).status_code == 422
    assert desk.client.post(address, {**told, "shown": "0" * 64}).status_code == 422
    assert not Signature.objects.exists()
    assert desk.client.post(address, told).status_code == 302
    one = Signature.objects.get()
    assert "13800001111" not in one.text and "更换电源模块" in one.text
    assert one.place == "31.77000, 119.95000 ±18 m" and signing.holds(one)
    assert evidence.content_of(one.evidence) == PNG
    event = CaseEvent.objects.get(case_id=case.id, kind="signed")
    assert event.payload["digest"] == bytes(one.digest).hex()
    page = desk.see(f"/cases/{case.number}/").content.decode()
    assert "未被改动" in page and "服务完成确认" in page
    assert list(verify()) == []


def test_a_changed_word_shows(case, cast, at_desk):  # noqa: F811
    one = signing.sign(case, cast.doer("ma"), "settlement", "退还 30 元", PNG, signer="relative")
    assert "不再有其他争议" in one.text
    Signature.objects.update(text=one.text.replace("30", "3"))
    assert not signing.holds(Signature.objects.get())
    assert "与签名时不符" in at_desk("ma").see(f"/cases/{case.number}/").content.decode()


def test_only_who_works_with_the_case_has_it_signed(case, at_desk):  # noqa: F811
    assert at_desk("fe").see(f"/cases/{case.number}/signature/").status_code == 403
    assert at_desk("ma_wx").see(f"/cases/{case.number}/signature/").status_code == 404


def test_a_manager_edits_the_words(case, cast, at_desk):  # noqa: F811
    desk = at_desk("gu")
    assert "服务完成确认单" in desk.see("/setup/signing/").content.decode()
    assert desk.client.post("/setup/signing/", {"kind": "work", "text": "{内容} {电话}"}).status_code == 422
    assert desk.client.post("/setup/signing/", {"kind": "work", "text": "确认：{内容}"}).status_code == 302
    assert signing.words(case, cast.doer("ma"), "work", "修好了") == "确认：修好了"
    with pytest.raises(RuleError):
        signing.edit_template("work", "没有内容", None)
    assert at_desk("di").see("/setup/signing/").status_code == 404
