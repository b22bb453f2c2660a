"""Whether an evidence pack is as it left, and whether the installation still agrees with it."""

import hashlib
import hmac
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from bihuan.cases import anchors, chain
from bihuan.cases.models import Anchor, Case, CaseEvent
from bihuan.cases.verify import Finding
from bihuan.handling import pack_format as form
from bihuan.handling.models import Evidence, Pack

PIECE = 256 * 1024
MOST_FINDINGS = 100


def check(file: IO[bytes]) -> tuple[dict[str, Any], list[Finding]]:
    """The manifest (empty where it cannot be read) and what does not agree, at most 100 findings. `file` can seek."""
    manifest: dict[str, Any] = {}
    found = []
    for one in _all(file, manifest):
        found.append(one)
        if len(found) >= MOST_FINDINGS:
            break
    return manifest, found


def _all(file: IO[bytes], manifest: dict[str, Any]) -> Iterator[Finding]:
    digest, genuine = _whole(file)
    if not genuine:
        yield Finding("pack.altered", "", "the file is not, byte for byte, what this installation made")
    try:
        with zipfile.ZipFile(file) as archive:
            yield from _entries(archive, manifest)
            if manifest:
                yield from _chain(archive, manifest)
                yield from _against(manifest, digest)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OverflowError,
        AttributeError,
        ValueError,
        KeyError,
        TypeError,
    ) as e:
        yield Finding(
            "pack.unreadable", str(manifest.get("number", "")), f"it cannot be read as a pack ({type(e).__name__})"
        )


def _whole(file: IO[bytes]) -> tuple[bytes, bool]:
    """SHA-256 of the file, and whether its signature holds; a piece at a time."""
    file.seek(0, 2)
    left = max(file.tell() - form.DIGITS, 0)
    file.seek(0)
    before = hashlib.sha256()
    while left and (piece := file.read(min(PIECE, left))):
        before.update(piece)
        left -= len(piece)
    digits = file.read()
    whole = before.copy()
    whole.update(digits)
    genuine = hmac.compare_digest(digits, form.signature_of_file(before.digest()).encode("ascii"))
    return whole.digest(), genuine


def _entries(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> Iterator[Finding]:
    """The manifest's signature, then each entry's size and digest; `manifest` is filled."""
    there = {info.filename: info for info in archive.infolist()}
    if form.MANIFEST not in there or form.SIGNATURE not in there:
        yield Finding("manifest.missing", "", "it has no manifest: this is no evidence pack")
        return
    if there[form.MANIFEST].file_size > form.MOST_MANIFEST or there[form.SIGNATURE].file_size > 1024:
        yield Finding("manifest.missing", "", "its manifest is too large to be one")
        return
    raw = archive.read(form.MANIFEST)
    if not hmac.compare_digest(archive.read(form.SIGNATURE), form.signature_of_manifest(raw).encode("ascii")):
        yield Finding("manifest.forged", "", "its manifest was not signed by this installation")
    manifest.update(json.loads(raw))
    number = str(manifest["number"])
    listed: dict[str, Mapping[str, Any]] = {str(entry["path"]): entry for entry in manifest["entries"]}
    for path in sorted(set(there) - set(listed) - {form.MANIFEST, form.SIGNATURE}):
        yield Finding("entry.added", number, f"{path} is not in the manifest")
    if len(there) != len(archive.infolist()):
        yield Finding("entry.added", number, "an entry stands in it twice")
    for path, entry in listed.items():
        if path not in there:
            yield Finding("entry.missing", number, f"{path} is gone")
        elif not _same(archive, there[path], entry):
            yield Finding("entry.altered", number, f"{path} is not what was packed")


def _same(archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Mapping[str, Any]) -> bool:
    """Whether an entry is what the manifest says; never reads further than that."""
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != entry["size"]:
        return False
    digest = hashlib.sha256()
    try:
        with archive.open(info) as held:
            while piece := held.read(PIECE):
                digest.update(piece)
    except (zipfile.BadZipFile, EOFError, OSError):
        return False
    return digest.hexdigest() == entry["sha256"]


def _chain(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Recompute the chain from the pack alone, and hold each of its events against the installation's."""
    number, before, count = str(manifest["number"]), chain.START, 0
    ours = dict(CaseEvent.objects.filter(case_id=manifest["case_id"]).values_list("seq", "hash"))
    with archive.open(form.TIMELINE) as lines:
        for line in lines:
            told = json.loads(line)
            before, count = chain.link(before, _content(told)), count + 1
            if told["seq"] != count or before.hex() != told["hash"]:
                yield Finding("event.altered", number, f"event {count} of the pack does not fit its chain")
                return
            if bytes(ours.get(count, b"")) != before:
                yield Finding(
                    "event.differs", number, f"event {count} stands otherwise in the installation, or is gone"
                )
                return
    if (count, before.hex()) != (manifest["events"], manifest["chain_end"]):
        yield Finding("chain.end", number, "the timeline does not end where the manifest says")


def _content(told: Mapping[str, Any]) -> bytes:
    return chain.canonical(
        told["case_id"], told["seq"], told["kind"], datetime.fromisoformat(told["at"]),
        datetime.fromisoformat(told["recorded_at"]), told["actor_id"], told["unit_id"], told["source"], told["why"],
        told["payload"],
    )  # fmt: skip


def _against(manifest: Mapping[str, Any], digest: bytes) -> Iterator[Finding]:
    """What the manifest says beside the events, against the installation."""
    number = str(manifest["number"])
    if not Case.objects.filter(pk=manifest["case_id"], number=number).exists():
        yield Finding("case.gone", number, "the installation has no such case")
    made = Pack.objects.filter(pk=manifest["pack"], case_id=manifest["case_id"]).first()
    if made is None or (made.digest is not None and bytes(made.digest) != digest):
        yield Finding("pack.unknown", number, "the installation did not make this very pack")
    kept = {row.pk: row for row in Evidence.objects.filter(case_id=manifest["case_id"])}
    for told in manifest["files"]:
        row = kept.get(told["evidence"])
        if row is None or bytes(row.digest).hex() != told["sha256"]:
            yield Finding("evidence.differs", number, f"file {told['evidence']} stands otherwise in the installation")
    yield from _anchor(manifest, number)


def _anchor(manifest: Mapping[str, Any], number: str) -> Iterator[Finding]:
    told = manifest.get("anchor")
    if told is None:
        return
    digest = bytes.fromhex(told["digest"])
    genuine = anchors.signed(told["first_event"], told["last_event"], told["count"], digest)
    if genuine.hex() != told["signature"]:
        yield Finding("anchor.forged", number, "the seal in the pack was not made with this installation's key")
    if not Anchor.objects.filter(pk=told["id"], digest=digest).exists():
        yield Finding("anchor.differs", number, "the seal in the pack is not the installation's")
