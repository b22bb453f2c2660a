"""A pack is exported on the case page, taken away by who may, and verified on its page and by command."""

import io
from argparse import Namespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.cases.models import CaseEvent
from bihuan.handling import packs
from bihuan.handling.cli import OPERATIONS
from bihuan.handling.models import Pack
from bihuan.identity.models import AuditEntry
from bihuan.web.proof import tasks
from web.desk.conftest import at_desk, now, walk  # noqa: F401


@pytest.fixture
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path


def test_from_export_to_verification(folder, at_desk, walk, capsys):  # noqa: F811
    case = walk("in_handling")
    desk = at_desk("di")
    assert desk.step(case, "packs", purpose="audit", words="plain").status_code == 302
    pack = Pack.objects.get(case_id=case.id)
    assert (pack.state, pack.plain, pack.originals) == ("ready", True, True)
    assert CaseEvent.objects.filter(case_id=case.id).order_by("-seq")[0].kind == "packed"
    address = f"/cases/{case.number}/packs/{pack.pk}.zip"
    assert address in desk.see(f"/cases/{case.number}/").content.decode()
    content = b"".join(desk.see(address).streaming_content)
    assert b"13912345678" in content, "plain was asked for"
    assert AuditEntry.objects.filter(kind="export", subject=case.number).count() == 1
    page = desk.client.post("/packs/", {"content": SimpleUploadedFile("a.zip", content)}).content.decode()
    assert "没有任何改动" in page and case.number in page
    broken = content.replace(b"13912345678", b"13912345679", 1)
    page = desk.client.post("/packs/", {"content": SimpleUploadedFile("a.zip", broken)}).content.decode()
    assert "文件内容与打包时不同" in page
    for name, body, code in (("good.zip", content, 0), ("bad.zip", broken, 1)):
        (folder / name).write_bytes(body)
        assert OPERATIONS[0].run(Namespace(file=str(folder / name), json=False)) == code
    assert "entry.altered" in capsys.readouterr().out


def test_masked_packs_hold_no_number_and_who_may_not_reveal_is_offered_masks_only(folder, at_desk, walk):  # noqa: F811
    case = walk("in_handling")
    desk = at_desk("fe")
    assert "明文" not in desk.see(f"/cases/{case.number}/packs/").context["form"].as_p()
    assert desk.step(case, "packs", purpose="audit", words="plain").status_code == 422
    desk.step(case, "packs", purpose="audit", words="masked")
    pack = Pack.objects.get(case_id=case.id)
    content = b"".join(desk.see(f"/cases/{case.number}/packs/{pack.pk}.zip").streaming_content)
    assert b"13912345678" not in content and "王小明".encode() not in content
    assert at_desk("ma").see(f"/cases/{case.number}/packs/{pack.pk}.zip").status_code == 403
    assert at_desk("di_wx").see(f"/cases/{case.number}/packs/{pack.pk}.zip").status_code == 404
    assert at_desk("an").see("/packs/").status_code == 404


def test_a_large_pack_is_built_by_the_jobs(folder, at_desk, walk, monkeypatch):  # noqa: F811
    case = walk("in_handling")
    monkeypatch.setattr(packs, "AT_ONCE", -1)
    monkeypatch.setattr(tasks.build_pack, "defer", lambda **told: None)
    at_desk("di").step(case, "packs", purpose="audit", words="masked")
    pack = Pack.objects.get(case_id=case.id)
    assert pack.state == "waiting"
    assert at_desk("di").see(f"/cases/{case.number}/packs/{pack.pk}.zip").status_code == 409
    tasks.build(pack.pk, "en")
    tasks.build(pack.pk, "en")
    pack = Pack.objects.get(pk=pack.pk)
    assert b"Evidence pack of complaint" in b"".join(packs.content(pack))
    manifest, findings = packs_check(pack)
    assert findings == [] and manifest["number"] == case.number


def packs_check(pack):
    from bihuan.handling.pack_checking import check

    return check(io.BytesIO(b"".join(packs.content(pack))))
