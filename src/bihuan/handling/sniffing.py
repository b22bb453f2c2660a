"""What a file is, told from its first bytes: a name or a claimed type proves nothing. Pure.

Only kinds that evidence comes in are known; programs, pages, scripts and unknown things are answered with None.
"""

import re
from typing import Final

_STARTS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\xd4\xc3\xb2\xa1", "application/vnd.tcpdump.pcap"),
    (b"\xa1\xb2\xc3\xd4", "application/vnd.tcpdump.pcap"),
    (b"\n\r\r\n", "application/x-pcapng"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_RIFF: Final = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
_BRANDS: Final = {
    b"M4A ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"qt  ": "video/quicktime",
}
_OFFICE: Final = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP: Final = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php")


def media_type_of(content: bytes) -> str | None:
    """The media type of a file by its content, None for what is not accepted."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12])
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    if content[:4] == b"PK\x03\x04":
        return _office(content)
    return _text(content)


def _office(content: bytes) -> str | None:
    """A Word or Excel file is an archive with named parts and no macros; any other archive hides what it holds."""
    if b"[Content_Types].xml" not in content or b"vbaProject.bin" in content:
        return None
    return next((kind for part, kind in _OFFICE if part in content), None)


def _text(content: bytes) -> str | None:
    """Plain text without control characters, in UTF-8 or in GB 18030; markup and scripts are refused."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            return None
        head = text.lstrip("\ufeff \t\r\n")[:500].lower()
        if head.startswith("#!") or any(sign in head for sign in _MARKUP):
            return None
        return "text/plain"
    return None
