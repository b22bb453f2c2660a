"""Encryption and keyed hashes. Keys come from `kernel.keys`; nothing here knows what it protects."""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bihuan.kernel import keys

_NONCE = 12


class Unreadable(Exception):
    """Sealed bytes do not open: wrong key, wrong place, or altered."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(plain: bytes, place: bytes) -> tuple[str, bytes]:
    """Encrypt with the active key, bound to `place` (it opens nowhere else). Returns key id and nonce + ciphertext."""
    ring = keys.current()
    nonce = os.urandom(_NONCE)
    return ring.active, nonce + _cipher(ring.keys[ring.active]).encrypt(nonce, plain, place)


def open_sealed(key_id: str, sealed: bytes, place: bytes) -> bytes:
    """The plain bytes; raises `Unreadable` when key, place or content do not fit."""
    ring = keys.current()
    try:
        return _cipher(ring.keys[key_id]).decrypt(sealed[:_NONCE], bytes(sealed[_NONCE:]), place)
    except Exception as error:
        raise Unreadable(f"sealed with key {key_id!r}") from error


def blind(kind: bytes, value: str) -> bytes:
    """A keyed hash (16 bytes) of a normalised value: equal values meet, nothing can be read back."""
    return hmac.digest(keys.current().index_key, kind + b"|" + value.encode(), hashlib.sha256)[:16]


def sign(message: bytes) -> bytes:
    """HMAC-SHA-256 with the audit key, which the database does not hold."""
    return hmac.digest(keys.current().audit_key, message, hashlib.sha256)
