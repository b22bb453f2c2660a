"""Evidence: files kept sealed on disk under their own digest, so that a later dispute finds them unchanged.

A file on disk is `BHE1`, one byte with the length of the key's id, that id, then nonce and AES-GCM ciphertext bound to
the digest. Its name is the SHA-256 of the plain content: the same file twice is kept once, and a changed one is noticed.
"""

import hashlib
import os
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.handling import scanning
from bihuan.handling.models import Evidence
from bihuan.handling.sniffing import media_type_of
from bihuan.kernel import clock, crypto, scanner
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.sla import steps
from bihuan.text.clean import clean
from bihuan.text.vaulted import vaulted

KINDS = (
    "call_record", "network_log", "recording", "photo", "document", "kpi", "alarm", "field_test", "interference",
    "signalling",
)  # fmt: skip
MOST_BYTES = 8 * 1024 * 1024
_MAGIC = b"BHE1"


class Damaged(RuleError):
    """The kept file is gone, altered, or cannot be opened with the keys at hand."""

    status = 500


@transaction.atomic
def keep(
    case: Case, doer: Doer, kind: str, name: str, content: bytes, *, from_customer: bool = False
) -> tuple[Evidence, int]:
    """Seal a file (at most 8 MB) for a locked case; answers its row and the number of the event it left.

    The media type is what the content shows, never what was claimed. An infected file is kept, but shut away
    (`kept.scan`); one that could not be scanned is scanned later. Raises `RuleError` naming `kind`, `name` or
    `content`.
    """
    if kind not in KINDS:
        raise RuleError("evidence.kind", _("没有这种证据类型，请从列表中选择。"), field="kind")
    if not content:
        raise RuleError("evidence.empty", _("文件是空的，请选择有内容的文件。"), field="content")
    if len(content) > MOST_BYTES:
        raise RuleError("evidence.too_large", _("文件最大 8 MB，请压缩或分成几份。"), field="content", status=413)
    media_type = media_type_of(content)
    if media_type is None:
        raise RuleError(
            "evidence.media_type",
            _("不能识别或不接受这种文件。请上传图片、录音、视频、PDF、Word、Excel、文本、CSV 或抓包文件。"),
            field="content",
        )
    shown = vaulted(case.party_id, _file_name(name), 200, "name")
    digest = hashlib.sha256(content).digest()
    _write(digest, content)
    kept = Evidence.objects.create(
        case_id=case.id, at=clock.now(), by_id=doer.staff_id, kind=kind, name=shown, media_type=media_type,
        size=len(content), digest=digest, from_customer=from_customer,
    )  # fmt: skip
    event = steps.take(case, "evidence_added", doer, payload=_told(kept))
    scanning.judged(case, kept, scanner.scan(content))
    return kept, event.seq


def _told(kept: Evidence) -> Mapping[str, object]:
    return {
        "evidence": kept.id,
        "kind": kept.kind,
        "name": kept.name,
        "size": kept.size,
        "sha256": bytes(kept.digest).hex(),
        "from_customer": kept.from_customer,
    }


def _file_name(told: str) -> str:
    """The last part of a path, as one line; never empty, never hidden."""
    name = PurePosixPath(clean(told, 200, "name").replace("\\", "/")).name.lstrip(".")
    if not name:
        raise RuleError("evidence.name", _("请写文件名，例如 现场照片.jpg。"), field="name")
    return name


def of_case(case_id: int) -> list[Evidence]:
    """All evidence of a case, oldest first."""
    return list(Evidence.objects.filter(case_id=case_id).order_by("id"))


def find(case_id: int, evidence_id: int) -> Evidence:
    """One piece of evidence of this case; `NotFound` for another case's."""
    kept = Evidence.objects.filter(case_id=case_id, pk=evidence_id).first()
    if kept is None:
        raise NotFound("evidence")
    return kept


def content_of(kept: Evidence) -> bytes:
    """The plain content, its digest checked; `Damaged` when file, key or digest do not fit. An infected one stays shut."""
    if kept.scan == Evidence.Scan.INFECTED:
        raise RuleError("evidence.infected", _("这个文件带病毒，已隔离，不能打开。"), status=409)
    if kept.scan == Evidence.Scan.REMOVED:
        raise RuleError("evidence.removed", _("客户的个人信息已依法删除，文件也已删除；摘要仍在。"), status=410)
    content = read(bytes(kept.digest))
    if content is None:
        raise Damaged("evidence.damaged", _("证据文件缺失或已被改动，请联系系统管理员从备份恢复。"))
    return content


def read(digest: bytes) -> bytes | None:
    """The plain content of the file with this digest; None when file, key or digest do not fit."""
    try:
        sealed = _place(digest).read_bytes()
        start = len(_MAGIC) + 1
        end = start + sealed[len(_MAGIC)]
        content = crypto.open_sealed(sealed[start:end].decode("ascii"), sealed[end:], _bound(digest))
    except (OSError, IndexError, UnicodeError, crypto.Unreadable):
        return None
    return content if hashlib.sha256(content).digest() == digest else None


def remove(case_ids: Collection[int]) -> int:
    """Delete the files of these cases for good; row, size and digest stay, so that chain and packs still hold.

    A file that another case keeps too stays on disk for that one alone. Answers how many files were removed.
    """
    rows = Evidence.objects.filter(case_id__in=case_ids).exclude(scan=Evidence.Scan.REMOVED)
    digests = {bytes(one) for one in rows.values_list("digest", flat=True)}
    count = rows.update(scan=Evidence.Scan.REMOVED, found="")
    others = Evidence.objects.filter(digest__in=digests).exclude(scan=Evidence.Scan.REMOVED)
    for digest in digests - {bytes(one) for one in others.values_list("digest", flat=True)}:
        transaction.on_commit(partial(_place(digest).unlink, missing_ok=True))
    return count


def _bound(digest: bytes) -> bytes:
    return b"evidence:" + digest


def _place(digest: bytes) -> Path:
    name = digest.hex()
    return settings.EVIDENCE_DIR / name[:2] / f"{name}.sealed"


def _write(digest: bytes, content: bytes) -> None:
    """Write aside, make durable, then move into place; a file that is there already is left alone."""
    place = _place(digest)
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_id, sealed = crypto.seal(content, _bound(digest))
    half = place.with_name(f".{place.name}.{secrets.token_hex(6)}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as output:
            output.write(_MAGIC + bytes([len(key_id)]) + key_id.encode("ascii") + sealed)
            output.flush()
            os.fsync(output.fileno())
        half.replace(place)
        _make_durable(place.parent)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
