"""What an evidence pack looks like: a ZIP of stored entries whose last bytes sign everything before them. Pure.

The archive's comment is `BIHUAN-PACK-1 ` and 64 hexadecimal digits: the signature over SHA-256 of every byte before
those digits. So a change of any byte is found, in entries, headers and comment alike, and any program opens the ZIP.
`manifest.json` names each entry with its SHA-256 and is signed too: who packs the same entries anew is told so.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from bihuan.kernel import crypto

MARK = b"BIHUAN-PACK-1 "
DIGITS = 64
MANIFEST, SIGNATURE, FACTS, TIMELINE = "manifest.json", "manifest.sig", "facts.json", "timeline.jsonl"
FORMAT = 1
MOST_MANIFEST = 16 * 1024 * 1024
_EXTENSIONS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/mpeg": "mp3",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "video/x-msvideo": "avi",
    "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def signature_of_file(digest: bytes) -> str:
    """The digits at the end of a pack, for SHA-256 over all bytes before them."""
    return crypto.sign(b"pack:" + digest).hex()


def signature_of_manifest(manifest: bytes) -> str:
    """What stands in `manifest.sig`."""
    return crypto.sign(b"pack-manifest:" + hashlib.sha256(manifest).digest()).hex()


def name_of(evidence_id: int, media_type: str) -> str:
    """Where a file stands in the ZIP. Its own name may tell a person's and stands in the manifest only."""
    return f"files/{evidence_id}.{_EXTENSIONS.get(media_type, 'bin')}"


def canonical(told: Any) -> bytes:
    """JSON with sorted keys, one byte string for one content."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()


class Signer:
    """Stands between the ZIP and where it goes: hashes what passes, holds the last digits back and signs in their stead."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._held = b""
        self._before, self._whole = hashlib.sha256(), hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        held = self._held + bytes(data)
        self._held = held[-DIGITS:]
        self._pass(held[:-DIGITS])
        return len(data)

    def _pass(self, data: bytes) -> None:
        self._before.update(data)
        self._whole.update(data)
        self.size += len(data)
        self._write(data)

    def flush(self) -> None:
        """Nothing to do: what has to be held is held."""

    def finish(self) -> bytes:
        """Write the signature over the place held for it; SHA-256 of the whole file."""
        digits = signature_of_file(self._before.digest()).encode("ascii")
        self._held = b""
        self._pass(digits)
        return self._whole.digest()
