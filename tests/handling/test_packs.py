"""An evidence pack holds the whole case, and no byte of it can be changed unnoticed."""

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases import chain
from bihuan.cases.models import Case, CaseEvent
from bihuan.handling import evidence, packs
from bihuan.handling.models import Pack
from bihuan.handling.pack_checking import check
from bihuan.handling.pack_writing import Contents
from bihuan.kernel import clock, crypto, sealed_files
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from cast import flipped, seal

PHOTO = b"\x89PNG\r\n\x1a\n" + b"picture" * 40


@pytest.fixture
def kept(db, cast, settings, tmp_path):
    """A case with two files, and its pack with originals as bytes."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    case = cast.case()
    evidence.keep(case, cast.doer("an"), "photo", "现场.png", PHOTO)
    evidence.keep(case, cast.doer("an"), "document", "说明.txt", "基站断电两次".encode())
    seal()
    return case, made(case, cast)


def made(case, cast, by="di", *, plain=False):
    """The bytes of a fresh pack."""
    pack = packs.ask(case, cast.viewer(by), "audit", plain=plain)
    packs.build(pack, case, Contents({"number": case.number}, {"phone": "139****5678"}, {"case.html": b"<p>x</p>"}))
    return pack, b"".join(packs.content(pack))


def findings(content):
    return {one.kind for one in check(io.BytesIO(content))[1]}


def test_a_pack_holds_timeline_files_and_seal_and_agrees_with_the_installation(kept):
    case, (pack, content) = kept
    manifest, found = check(io.BytesIO(content))
    assert found == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        lines = [json.loads(line) for line in archive.read("timeline.jsonl").splitlines()]
        files = [archive.read(one["path"]) for one in manifest["files"]]
    assert [line["kind"] for line in lines][-3:] == ["evidence_added", "evidence_added", "packed"]
    assert lines[-1]["hash"] == manifest["chain_end"] == bytes(Case.objects.get(pk=case.pk).last_hash).hex()
    assert files[0] == PHOTO and manifest["anchor"] is not None
    assert pack.size == len(content)
    later = Case.objects.select_for_update().get(pk=case.pk)
    evidence.keep(later, packs.Doer(None, None, "public"), "photo", "b.png", PHOTO + b"2")
    assert check(io.BytesIO(content))[1] == [], "what happens later does not contradict a pack"


def test_a_changed_byte_anywhere_is_found(kept):
    _case, (_pack, content) = kept

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(place=st.integers(0, len(content) - 1), turned=st.integers(1, 255))
    def turn(place, turned):
        other = bytearray(content)
        other[place] ^= turned
        assert findings(bytes(other))

    turn()
    for cut in (content[:-1], content + b"\0", content[:100], b"", content[1:]):
        assert findings(cut)


def test_packed_anew_it_says_which_entry_is_not_what_was_packed(kept):
    _case, (_pack, content) = kept
    other = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(other, "w") as new:
        for info in old.infolist():
            held = old.read(info)
            new.writestr(info.filename, held.replace("断电两次".encode(), "断电一次".encode()))
    found = findings(other.getvalue())
    assert {"pack.altered", "entry.altered"} <= found and "manifest.forged" not in found


def test_an_installation_whose_events_were_rewritten_no_longer_agrees(kept):
    case, (_pack, content) = kept
    event = CaseEvent.objects.get(case_id=case.pk, seq=1)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_caseevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE cases_caseevent SET hash = %s WHERE id = %s", [chain.START, event.pk])
    assert findings(content) == {"event.differs"}


def test_who_may_not_open_files_gets_their_digests_and_who_may_not_reveal_gets_masks(kept, cast):
    case, _made = kept
    _pack, content = made(case, cast, "fe")
    manifest, found = check(io.BytesIO(content))
    assert found == []
    assert [one["path"] for one in manifest["files"]] == ["", ""]
    assert all(one["sha256"] and one["missing"] == "right" for one in manifest["files"])
    with pytest.raises(Forbidden):
        packs.ask(case, cast.viewer("fe"), "audit", plain=True)
    with pytest.raises(RuleError):
        packs.ask(case, cast.viewer("di"), "curiosity")
    full = Pack.objects.exclude(originals=False)[0]
    with pytest.raises(Forbidden):
        packs.access_pack(cast.viewer("fe"), case, full.pk)


def test_a_pack_is_kept_for_a_week(kept):
    _case, (pack, _content) = kept
    assert packs.tidy() == 0
    with clock.at(clock.now() + packs.KEPT * 1.1):
        assert packs.tidy() == 1
    with pytest.raises(Conflict):
        packs.content(Pack.objects.get(pk=pack.pk))


def test_frames_of_a_sealed_file_cannot_be_dropped_swapped_or_carried_over(tmp_path):
    plain = bytes(range(256)) * 3000
    for name in ("a", "b"):
        with sealed_files.SealedWriter(tmp_path / name, name.encode()) as out:
            for start in range(0, len(plain), 70_000):
                out.write(plain[start : start + 70_000])
    assert b"".join(sealed_files.read(tmp_path / "a", b"a")) == plain
    sealed = (tmp_path / "a").read_bytes()
    first = 8 + int.from_bytes(sealed[4:8], "big")
    for broken in (sealed[:first], sealed[:4] + sealed[first:], sealed[:-1], flipped(sealed, 50), b""):
        (tmp_path / "a").write_bytes(broken)
        with pytest.raises(crypto.Unreadable):
            list(sealed_files.read(tmp_path / "a", b"a"))
    with pytest.raises(crypto.Unreadable):
        list(sealed_files.read(tmp_path / "b", b"a"))


@pytest.mark.parametrize("told", ["[]", "{}", "x", '{"number": 1, "entries": [1]}', '{"number": "\\u0000", "entries": []}',
    '{"number": "a", "entries": [], "case_id": 1e999, "events": 0, "chain_end": "", "pack": 99999999999999999999, "files": 3}',
])  # fmt: skip
def test_what_only_looks_like_a_pack_is_a_finding_and_no_error(db, told):
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as new:
        new.writestr("manifest.json", told)
        new.writestr("manifest.sig", "0" * 64)
        new.writestr("timeline.jsonl", "")
    assert findings(other.getvalue())
