"""Large files kept sealed on disk, written and read a piece at a time: memory stays the same however large they are.

A file is `BHS1`, then frames: four bytes of length (big endian), one byte with the length of the key's id, that id, nonce
and AES-GCM ciphertext. Each frame is bound to the file's place, its number and whether it is the last one, so that
frames cannot be swapped, dropped or carried over to another file.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from bihuan.kernel import crypto

_MAGIC = b"BHS1"
PIECE = 256 * 1024
"""Plain bytes in one frame."""
Reader = Callable[[int], bytes]


class SealedWriter:
    """Takes plain bytes by `write`; the file appears under its name when the `with` block ends well, else not at all."""

    def __init__(self, path: Path, place: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path, self._place = path, place
        self._half = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        self._file = os.fdopen(os.open(self._half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file.write(_MAGIC)
        self._held = bytearray()
        self._number = 0

    def __enter__(self) -> "SealedWriter":
        return self

    def write(self, data: bytes) -> int:
        """Seal what fills whole frames; the rest waits."""
        self._held += data
        while len(self._held) > PIECE:
            self._frame(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def _frame(self, plain: bytes, *, last: bool) -> None:
        key_id, sealed = crypto.seal(plain, _bound(self._place, self._number, last))
        body = bytes([len(key_id)]) + key_id.encode("ascii") + sealed
        self._file.write(len(body).to_bytes(4, "big") + body)
        self._number += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._frame(bytes(self._held), last=True)
                self._file.flush()
                os.fsync(self._file.fileno())
            self._file.close()
            if kind is None:
                self._half.replace(self._path)
        finally:
            with suppress(FileNotFoundError):
                self._half.unlink()


def read(path: Path, place: bytes) -> Iterator[bytes]:
    """The plain bytes piece by piece; `crypto.Unreadable` when file, key or place do not fit, or its end is missing."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise crypto.Unreadable("not a sealed file")
            yield from _frames(file.read, place)
    except (OSError, IndexError, UnicodeError) as error:
        raise crypto.Unreadable("sealed file") from error


def _frames(take: Reader, place: bytes) -> Iterator[bytes]:
    number, body = 0, _body(take)
    while True:
        after = _body(take)
        size = body[0]
        key_id, sealed = body[1 : 1 + size].decode("ascii"), body[1 + size :]
        yield crypto.open_sealed(key_id, sealed, _bound(place, number, not after))
        if not after:
            return
        number, body = number + 1, after


def _body(take: Reader) -> bytes:
    length = int.from_bytes(take(4), "big")
    if length > PIECE + 1024:
        raise crypto.Unreadable("a frame too long")
    return take(length)


def _bound(place: bytes, number: int, last: bool) -> bytes:
    return b"%s:%d:%d" % (place, number, last)
