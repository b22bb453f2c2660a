"""The installation's secrets, in one file that only its owner may read (`settings.KEY_FILE`).

Whoever loses this file loses every encrypted name and number; whoever gets it and the database reads them.
"""

import base64
import binascii
import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

_RECHECK_SECONDS = 1.0
_held: "tuple[float, Keys] | None" = None
"""The hot path asks per value: the file is looked at once a second, so a new key still arrives without a restart."""


class BadKeys(RuntimeError):
    """The key file is missing where it must exist, damaged, or open to others; the message says what to do."""


@dataclass(frozen=True)
class Keys:
    """`keys` are AES-256 keys by id (32 bytes each); new values are encrypted with `keys[active]`.

    `index_key` makes the blind index, `audit_key` the hash chains' anchors; `secret_key` is Django's.
    """

    secret_key: str = field(repr=False)
    active: str
    keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)


def load(path: Path) -> Keys:
    """Read the file; raises BadKeys when it is missing, damaged or readable by others."""
    try:
        stamp = path.stat()
    except FileNotFoundError:
        raise BadKeys(f"{path} is missing: put the installation's key file back (see its backup)") from None
    if stamp.st_mode & 0o077:
        raise BadKeys(f"{path} can be read by others: chmod 600 {path}")
    return _read(path, stamp.st_mtime_ns)


def load_or_create(path: Path) -> Keys:
    """Read the file, or make it with fresh secrets (mode 0600); safe when several processes do so at once."""
    if not path.exists():
        _create(path)
    return load(path)


def current() -> Keys:
    """The keys of this process's settings; made on first use, so only ask when data may be written."""
    global _held
    moment = time.monotonic()
    if _held is not None and moment - _held[0] < _RECHECK_SECONDS:
        return _held[1]
    from django.conf import settings

    found = load_or_create(settings.KEY_FILE)
    _held = (moment, found)
    return found


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> Keys:
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(
            secret_key=str(raw["secret_key"]),
            active=str(raw["active"]),
            keys={str(name): _bytes(value) for name, value in raw["keys"].items()},
            index_key=_bytes(raw["index_key"]),
            audit_key=_bytes(raw["audit_key"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise BadKeys(f"{path} is damaged ({error}): put the installation's key file back (see its backup)") from None
    if keys.active not in keys.keys or any(len(value) != 32 for value in keys.keys.values()):
        raise BadKeys(f"{path}: `active` must name one of `keys`, each 32 bytes in base64")
    return keys


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def _create(path: Path) -> None:
    """Write a whole file aside, then link it into place: the first of several wins and all read the same."""
    path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    content = {
        "secret_key": secrets.token_urlsafe(48),
        "active": "k1",
        "keys": {"k1": _fresh()},
        "index_key": _fresh(),
        "audit_key": _fresh(),
    }
    half = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            json.dump(content, output, indent=1)
            output.flush()
            os.fsync(output.fileno())
        with suppress(FileExistsError):
            os.link(half, path)
    finally:
        half.unlink()
