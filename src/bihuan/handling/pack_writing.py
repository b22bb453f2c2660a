"""Writing an evidence pack: what is known of a case, its whole timeline with hashes, its files. One piece at a time."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any, cast

from bihuan.cases.models import Anchor, Case, CaseEvent
from bihuan.handling import evidence
from bihuan.handling import pack_format as form
from bihuan.handling.models import Evidence, Pack
from bihuan.kernel.errors import RuleError

PIECE = 64 * 1024


@dataclass(frozen=True)
class Contents:
    """What goes in beside the timeline and the files.

    `facts` are plain values; `personal` {field or token: mask or plain value}; `pages` {path: content} is what people
    read; `names` tells an evidence's name without tokens; `made_by` who asked for it.
    """

    facts: Mapping[str, Any]
    personal: Mapping[str, str]
    pages: Mapping[str, bytes] = field(default_factory=dict)
    names: Callable[[str], str] = str
    made_by: str = ""


def write(
    pack: Pack, case: Case, contents: Contents, out: Callable[[bytes], object], at: datetime
) -> tuple[int, bytes]:
    """Write the pack of a case as it stands in `case`; answers its size in bytes and its SHA-256."""
    signer = form.Signer(out)
    with zipfile.ZipFile(cast(IO[bytes], signer), "w", zipfile.ZIP_STORED) as archive:
        book = _Book(archive, at)
        for path, page in contents.pages.items():
            book.add(path, [page])
        told = {"facts": contents.facts, "personal": contents.personal, "words": "plain" if pack.plain else "masked"}
        book.add(form.FACTS, [form.canonical(told)])
        book.add(form.TIMELINE, timeline(case))
        files = [_file(book, kept, contents, pack.originals) for kept in evidence.of_case(case.id)]
        manifest = form.canonical({**_head(pack, case, contents, at), "files": files, "entries": book.entries})
        book.add(form.MANIFEST, [manifest])
        book.add(form.SIGNATURE, [form.signature_of_manifest(manifest).encode("ascii")])
        archive.comment = form.MARK + b"0" * form.DIGITS
    return signer.size + form.DIGITS, signer.finish()


class _Book:
    """Adds entries to the ZIP and keeps count of them."""

    def __init__(self, archive: zipfile.ZipFile, at: datetime) -> None:
        self.archive = archive
        self.moment = at.astimezone(UTC).timetuple()[:6]
        self.entries: list[dict[str, Any]] = []

    def add(self, path: str, pieces: Iterable[bytes]) -> None:
        """One entry, a piece at a time."""
        digest, size = hashlib.sha256(), 0
        with self.archive.open(zipfile.ZipInfo(path, self.moment), "w") as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        self.entries.append({"path": path, "size": size, "sha256": digest.hexdigest()})


def timeline(case: Case) -> Iterator[bytes]:
    """Each event as one line of JSON with everything its hash covers, up to the end that `case` shows."""
    found = CaseEvent.objects.filter(case_id=case.id, seq__lte=case.event_count).order_by("seq")
    for event in found.iterator(500):
        told = {
            "id": event.id,
            "case_id": event.case_id,
            "seq": event.seq,
            "kind": event.kind,
            "at": event.at.astimezone(UTC).isoformat(),
            "recorded_at": event.recorded_at.astimezone(UTC).isoformat(),
            "actor_id": event.actor_id,
            "unit_id": event.unit_id,
            "source": event.source,
            "why": event.why,
            "payload": event.payload,
            "hash": bytes(event.hash).hex(),
        }
        yield json.dumps(told, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _file(book: _Book, kept: Evidence, contents: Contents, originals: bool) -> dict[str, Any]:
    """Put one file in where originals go along; its line of the manifest says which, and why one is missing."""
    path, missing = form.name_of(kept.id, kept.media_type), "" if originals else "right"
    if not missing:
        try:
            content = evidence.content_of(kept)
            book.add(path, (content[start : start + PIECE] for start in range(0, len(content), PIECE)))
        except RuleError as refused:  # one damaged file must not keep the others from being shown
            missing = refused.code
    return {
        "evidence": kept.id, "path": "" if missing else path, "missing": missing, "name": contents.names(kept.name),
        "kind": kept.kind, "media_type": kept.media_type, "size": kept.size, "sha256": bytes(kept.digest).hex(),
        "at": kept.at.astimezone(UTC).isoformat(), "from_customer": kept.from_customer,
    }  # fmt: skip


def _head(pack: Pack, case: Case, contents: Contents, at: datetime) -> dict[str, Any]:
    return {
        "format": form.FORMAT,
        "pack": pack.pk,
        "number": case.number,
        "case_id": case.id,
        "made_at": at.astimezone(UTC).isoformat(),
        "made_by": contents.made_by,
        "purpose": pack.purpose,
        "personal": "plain" if pack.plain else "masked",
        "events": case.event_count,
        "chain_end": bytes(case.last_hash).hex(),
        "anchor": anchor_of(case),
    }


def anchor_of(case: Case) -> dict[str, Any] | None:
    """The seal that covers the last event, or while there is none the newest before it; None without any."""
    last = CaseEvent.objects.filter(case_id=case.id, seq=case.event_count).values_list("id", flat=True).first() or 0
    found = Anchor.objects.filter(last_event__gte=last).order_by("id").first() or Anchor.objects.order_by("-id").first()
    if found is None:
        return None
    return {
        "id": found.pk, "first_event": found.first_event, "last_event": found.last_event, "count": found.count,
        "digest": bytes(found.digest).hex(), "signature": bytes(found.signature).hex(),
        "made_at": found.made_at.astimezone(UTC).isoformat(), "covers": found.first_event <= last <= found.last_event,
    }  # fmt: skip
