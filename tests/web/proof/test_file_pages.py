"""Evidence is looked at in the page by who may open originals, each time written down; a customer adds her own."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.assistance import actions as assistance
from bihuan.cases.models import Case
from bihuan.dispatch import cohandling
from bihuan.handling import evidence
from bihuan.handling.models import Evidence
from bihuan.identity.models import AuditEntry
from bihuan.kernel import clock
from web.desk.conftest import at_desk, walk  # noqa: F401 - fixtures

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
FILES = {
    "现场.exe": PNG,
    "录音.txt": b"ID3" + bytes(300),
    "说明.png": "基站断电：<b>10 时</b>恢复。".encode("gb18030"),
    "账单.doc": b"%PDF-1.4 nothing",
    "抓包.pcap": b"\xd4\xc3\xb2\xa1" + bytes(30),
}


@pytest.fixture
def kept(walk, cast, settings, tmp_path):  # noqa: F811
    settings.EVIDENCE_DIR = tmp_path
    case = walk("in_handling")
    for name, content in FILES.items():
        evidence.keep(case, cast.doer("ma"), "document", name, content)
    return case


def test_files_are_shown_by_their_content_and_each_reading_is_written_down(kept, at_desk):  # noqa: F811
    desk, case = at_desk("ma"), kept
    assert f'hx-get="/cases/{case.number}/files/"' in desk.see(f"/cases/{case.number}/").content.decode()
    shown = desk.see(f"/cases/{case.number}/files/")
    assert [one.way for one in shown.context["files"]] == ["picture", "sound", "text", "pdf", ""]
    ids = [one.one.pk for one in shown.context["files"]]
    assert AuditEntry.objects.filter(kind="reveal").count() == 0
    picture = desk.see(f"/cases/{case.number}/evidence/{ids[0]}/view/")
    assert (picture.content, picture["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in picture["Content-Security-Policy"] and picture["X-Content-Type-Options"] == "nosniff"
    text = desk.see(f"/cases/{case.number}/evidence/{ids[2]}/preview/").content.decode()
    assert "基站断电：&lt;b&gt;10 时" in text
    piece = desk.client.get(f"/cases/{case.number}/evidence/{ids[1]}/view/", headers={"Range": "bytes=0-9"})
    assert (piece.status_code, len(piece.content), piece["Content-Range"]) == (206, 10, "bytes 0-9/303")
    pdf = desk.see(f"/cases/{case.number}/evidence/{ids[3]}/view/")
    assert pdf["X-Frame-Options"] == "SAMEORIGIN" and "sandbox" not in pdf["Content-Security-Policy"]
    assert desk.see(f"/cases/{case.number}/evidence/{ids[4]}/view/").status_code == 404
    assert desk.see(f"/cases/{case.number}/evidence/{ids[4]}/").status_code == 200
    told = [one.detail["evidence"] for one in AuditEntry.objects.filter(kind="reveal").order_by("id")]
    assert told == [ids[0], ids[2], ids[1], ids[3], ids[4]]


def test_a_unit_asked_for_help_opens_them_while_its_request_is_open(kept, at_desk, cast):  # noqa: F811
    ident, desk = Evidence.objects.filter(case_id=kept.id)[0].pk, at_desk("mk")
    place = f"/cases/{kept.number}/evidence/{ident}/"
    assert desk.see(place).status_code == 404
    partner = cast.units["sp"]
    (task, _other) = assistance.ask(kept, cast.doer("ma"), [cast.units["mk_cz"].id, partner.id], "请核对账单", "4h")
    assert "/view/" in desk.see(f"/cases/{kept.number}/files/").content.decode()
    assert [desk.see(one).status_code for one in (place, f"{place}view/", f"{place}preview/")] == [200] * 3
    assert set(AuditEntry.objects.filter(kind="reveal").values_list("actor_id", flat=True)) == {cast.mk.id}
    assert at_desk("pa").see(place).status_code == 403  # a partner answers from its own records
    page = desk.see(f"/cases/{kept.number}/").content.decode()
    assert "13912345678" not in page and "王小明" not in page
    assistance.answer(kept, task, cast.doer("mk"), "账单无误，已核对。")
    assert desk.see(place).status_code == 403
    cohandling.ask(kept, cast.doer("di"), [cast.units["mk_cz"].id], "核对套餐")
    assert desk.see(place).status_code == 200
    cohandling.report(kept, cast.doer("mk"), "套餐无误", done=True)
    assert desk.see(place).status_code == 403


def test_who_may_not_open_originals_sees_names_only(kept, at_desk):  # noqa: F811
    case = kept
    ident = Evidence.objects.filter(case_id=case.id)[0].pk
    page = at_desk("fe").see(f"/cases/{case.number}/files/").content.decode()
    assert "说明.png" in page and "/view/" not in page
    for noun in ("view", "preview"):
        assert at_desk("fe").see(f"/cases/{case.number}/evidence/{ident}/{noun}/").status_code == 403
        assert at_desk("ma_wx").see(f"/cases/{case.number}/evidence/{ident}/{noun}/").status_code == 404
    other = Case.objects.exclude(pk=case.pk).first() or case
    assert at_desk("ma").see(f"/cases/{other.number}/evidence/999999/view/").status_code == 404


def _customer(case):
    client = Client()
    session = client.session
    session["complaint"] = {"id": case.id, "until": clock.now().timestamp() + 600}
    session.save()
    return client


def test_the_customer_adds_a_photo_with_the_same_checks(kept, at_desk):  # noqa: F811
    client = _customer(kept)
    photo = SimpleUploadedFile("IMG_1.jpg", b"\xff\xd8\xff" + bytes(100))
    assert client.post("/service/progress/file/", {"f-content": photo, "f-text": "信号截图"}).status_code == 302
    own = Evidence.objects.get(case_id=kept.id, from_customer=True)
    assert (own.kind, own.media_type) == ("photo", "image/jpeg")
    assert "IMG_1.jpg" in client.get("/service/progress/").content.decode()
    assert "信号截图" in at_desk("ma").see(f"/cases/{kept.number}/").content.decode()
    bad = SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>")
    refused = client.post("/service/progress/file/", {"f-content": bad})
    assert refused.status_code == 422 and "不能识别" in refused.content.decode()
    assert Client().post("/service/progress/file/", {"f-content": bad}).status_code == 404
