"""Evidence: kept sealed under its digest, its kind told from its content, every reading written down."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from api.api_cast import As
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.handling.models import Evidence
from bihuan.identity.models import AuditEntry
from cast import Cast, flipped

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
TEXT = "基站断电说明：10 时 05 分市电恢复。".encode()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


def told(content: bytes, name: str = "说明.txt", kind: str = "document") -> dict[str, str]:
    return {"kind": kind, "name": name, "content": base64.b64encode(content).decode()}


def test_a_file_is_kept_sealed_and_read_back_unchanged(cast: Cast, api: As, received: Case, folder: Path) -> None:
    answer = api("ma").step(received, "evidence", told(PNG, "现场 照片.png", "photo"))
    assert answer.status == 201, answer.content.decode()
    kept = answer.json["evidence"]
    assert (kept["media_type"], kept["size"], kept["by"]) == ("image/png", len(PNG), "ma")
    assert kept["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert answer.headers["Location"] == kept["href"]
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    assert file.name == f"{kept['sha256']}.sealed" and PNG[:8] not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    back = api("an").send("GET", kept["href"])
    assert (back.status, back.content, back.headers["Content-Type"]) == (200, PNG, "image/png")
    assert back.headers["Content-Disposition"].startswith("attachment;")
    assert back.headers["X-Content-Type-Options"] == "nosniff" and back.headers["Cache-Control"] == "no-store"
    event = CaseEvent.objects.get(case_id=received.id, kind="evidence_added")
    assert event.payload["sha256"] == kept["sha256"]
    entry = AuditEntry.objects.filter(kind="reveal").latest("id")
    assert (entry.actor_id, entry.subject, entry.detail["evidence"]) == (cast.an.pk, received.number, kept["id"])
    assert list(verify()) == []


def test_a_file_comes_as_a_form_too(cast: Cast, api: As, received: Case) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    body = encode_multipart(BOUNDARY, {"kind": "photo", "content": SimpleUploadedFile("a b.png", PNG)})
    answer = api("ma").step(received, "evidence", raw=body, kind=MULTIPART_CONTENT)
    assert answer.status == 201, answer.content.decode()
    assert (answer.json["evidence"]["name"], answer.json["evidence"]["size"]) == ("a b.png", len(PNG))
    cut = api("ma").step(received, "evidence", raw=body[:50], kind=MULTIPART_CONTENT)
    assert 400 <= cut.status < 500 and cut.code


def test_the_same_file_twice_lies_once_on_disk(cast: Cast, api: As, received: Case, folder: Path) -> None:
    for _time in range(2):
        assert api("ma").step(received, "evidence", told(TEXT)).status == 201
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    assert len(api("di").get(f"/complaints/{received.number}/evidence").json["items"]) == 2


def test_a_file_altered_on_disk_is_noticed(cast: Cast, api: As, received: Case, folder: Path) -> None:
    kept = api("ma").step(received, "evidence", told(TEXT)).json["evidence"]
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    file.write_bytes(flipped(file.read_bytes(), -1))
    assert api("an").send("GET", kept["href"]).code == "evidence.damaged"
    file.unlink()
    assert api("an").send("GET", kept["href"]).code == "evidence.damaged"


REFUSED = {
    "a program": b"MZ\x90\x00" + bytes(100),
    "a linux program": b"\x7fELF" + bytes(100),
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a shell script": b"#!/bin/sh\nrm -rf /\n",
    "an archive": b"PK\x03\x04" + bytes(100),
    "a workbook with macros": b"PK\x03\x04[Content_Types].xml xl/vbaProject.bin",
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_evidence_is_refused_whatever_its_name(
    cast: Cast, api: As, received: Case, folder: Path, content: bytes
) -> None:
    answer = api("ma").step(received, "evidence", told(content, "照片.jpg", "photo"))
    assert (answer.status, answer.code, answer.json["field"]) == (422, "evidence.media_type", "content")
    assert not Evidence.objects.exists() and not folder.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": "@@@"}, "content"),
        ({"content": ""}, "content"),
        ({"content": 7}, "content"),
        ({"kind": "rumour"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "a\nb.txt"}, "name"),
        ({"name": "路" * 201}, "name"),
        ({"name": "../.."}, "name"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    cast: Cast, api: As, received: Case, changes: dict[str, Any], field: str
) -> None:
    answer = api("ma").step(received, "evidence", {**told(TEXT), **changes})
    assert (answer.status, answer.json["field"]) == (422, field), answer.content.decode()
    assert not Evidence.objects.exists()


def test_nine_megabytes_are_refused(cast: Cast, api: As, received: Case) -> None:
    answer = api("ma").step(received, "evidence", told(bytes(7 * 1024 * 1024)))
    assert (answer.status, answer.code) == (413, "body.too_large")


def test_a_path_in_a_name_is_dropped_and_personal_numbers_leave_it(cast: Cast, api: As, received: Case) -> None:
    kept = api("ma").step(received, "evidence", told(TEXT, r"C:\录音\13912345678 通话.txt")).json["evidence"]
    assert kept["name"] == "139****5678 通话.txt"
    assert "13912345678" not in Evidence.objects.get(pk=kept["id"]).name


def test_evidence_of_another_complaint_does_not_exist(cast: Cast, api: As, received: Case) -> None:
    kept = api("ma").step(received, "evidence", told(TEXT)).json["evidence"]
    other = cast.case()
    assert api("di").get(f"/complaints/{other.number}/evidence/{kept['id']}").status == 404
    assert api("di").get(f"/complaints/{received.number}/evidence/999999999999999999").status == 404
    material = {"channel": "hotline", "text": "见附件", "evidence": kept["id"]}
    assert api("an").step(other, "materials", material).status == 404
    assert api("an").step(received, "materials", material).status == 201
