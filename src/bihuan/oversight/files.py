"""The report of an evaluation, sealed on disk under its own digest: a changed one is noticed when it is opened."""

import hashlib
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.kernel import crypto, sealed_files
from bihuan.kernel.errors import RuleError
from bihuan.oversight.models import Evaluation
from bihuan.text.clean import clean

MOST_BYTES = 8 * 1024 * 1024
_TYPES = {
    b"%PDF-": ("application/pdf", (".pdf",)),
    b"PK\x03\x04": ("application/octet-stream", (".docx", ".xlsx", ".pptx")),
    b"\x89PNG": ("image/png", (".png",)),
    b"\xff\xd8\xff": ("image/jpeg", (".jpg", ".jpeg")),
}


def checked(name: str, content: bytes) -> tuple[str, str]:
    """(name, media type) of a report that may be kept: PDF, Office or picture of at most 8 MB; RuleError on `file`."""
    shown = PurePosixPath(clean(name, 200, "file").replace("\\", "/")).name.lstrip(".")
    if len(content) > MOST_BYTES:
        raise RuleError("oversight.file_large", _("文件最大 8 MB，请压缩或分成几份。"), field="file", status=413)
    for start, (media_type, ends) in _TYPES.items():
        if content.startswith(start) and shown.lower().endswith(ends):
            return shown, media_type
    raise RuleError("oversight.file", _("请附 PDF、Word、Excel、PPT 或图片，文件名带扩展名。"), field="file")


def write(content: bytes) -> bytes:
    """Seal it and answer its SHA-256; the same file twice is kept once."""
    digest = hashlib.sha256(content).digest()
    if not _path(digest).exists():
        with sealed_files.SealedWriter(_path(digest), _place(digest)) as out:
            out.write(content)
    return digest


def content_of(found: Evaluation) -> bytes:
    """The report as it was attached, its digest checked; RuleError (500) when it is gone or altered, (409) when infected."""
    if found.scan == Evaluation.Scan.INFECTED:
        raise RuleError("oversight.file_infected", _("这个文件带病毒，已隔离，不能打开。"), status=409)
    content = _read(bytes(found.digest))
    if content is None:
        message = _("评估报告缺失或已被改动，请联系系统管理员从备份恢复。")
        raise RuleError("oversight.file_damaged", message, status=500)
    return content


def unchanged(found: Evaluation) -> bool:
    """Whether the file is there and what it was, infected or not."""
    return _read(bytes(found.digest)) is not None


def _read(digest: bytes) -> bytes | None:
    """The plain content; None when file, key or digest do not fit."""
    try:
        content = b"".join(sealed_files.read(_path(digest), _place(digest)))
    except crypto.Unreadable:
        return None
    return content if hashlib.sha256(content).digest() == digest else None


def _path(digest: bytes) -> Path:
    return Path(settings.EVIDENCE_DIR) / "evaluations" / f"{digest.hex()}.sealed"


def _place(digest: bytes) -> bytes:
    return b"evaluation:" + digest
