"""Sealing, finding and opening personal data. No other room decrypts."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from bihuan.kernel import crypto, masking
from bihuan.kernel.bulk import BulkTable

FIELDS = (
    "name",
    "identity_number",
    "phone",
    "other_contact",
    "address",
    "complained_number",
    "calling_number",
    "called_number",
)
"""What identifies a person, beside the numbers found in free text (`P1`, `I2`… by their token)."""

PARTIES = BulkTable(
    "customers_party",
    (
        ("id", "bigint"),
        ("key_id", "text"),
        ("sealed", "bytea"),
        ("masks", "jsonb"),
        ("level", "smallint"),
        ("phone_index", "bytea"),
        ("other_index", "bytea"),
        ("identity_index", "bytea"),
        ("line_index", "bytea"),
    ),
)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, str]).decode
_json = msgspec.json.Encoder(order="deterministic").encode

_KIND = {
    "name": "name",
    "identity_number": "identity",
    "phone": "phone",
    "other_contact": "contact",
    "address": "address",
    "complained_number": "account",
    "calling_number": "phone",
    "called_number": "phone",
}


def place(party_id: int) -> bytes:
    """What a sealed record is bound to."""
    return b"party:%d" % party_id


def normal_number(value: str) -> str:
    """Digits of a telephone or account number, Chinese country code dropped; letters lower-cased for the rest."""
    if value.isdigit() and value.isascii():
        return value if len(value) <= 11 else value.removeprefix("0086").removeprefix("86")
    folded = "".join(mark for mark in value if mark.isalnum() or mark in "@._").lower()
    digits = "".join(mark for mark in folded if mark.isdigit())
    if digits and len(digits) >= len(folded) - 1 and "@" not in folded:
        bare = digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits
        return bare if not folded.endswith("x") else bare + "x"
    return folded


def index_of(kind: str, value: str) -> bytes | None:
    """The keyed hash under which a value of this kind (`number` or `identity`) is found; None for an empty one."""
    folded = normal_number(value)
    return crypto.blind(kind.encode(), folded) if folded else None


def mask_of(field: str, value: str) -> str:
    """How a value of this field is shown to who may not, or need not, see it."""
    kind = _KIND.get(field, field)
    if kind == "contact":
        kind = "email" if "@" in value else "phone"
    elif kind == "account" and len(normal_number(value)) == 11:
        kind = "phone"
    return masking.mask(kind, value)


@dataclass(frozen=True, slots=True)
class SealedParty:
    """One row of `customers_party`, ready to be written, with the hashes that link repeats."""

    row: tuple[Any, ...]
    phone_index: bytes | None
    line_index: bytes | None
    identity_index: bytes | None = None


def seal_party(
    party_id: int, fields: Mapping[str, str], tokens: Mapping[str, tuple[str, str]], level: int
) -> SealedParty:
    """Seal `fields` (of `FIELDS`) and `tokens` ({token: (kind, value)}) together and work out masks and hashes."""
    plain = {key: value for key, value in fields.items() if value}
    masks = {key: mask_of(key, value) for key, value in plain.items()}
    for token, (kind, value) in tokens.items():
        plain[token] = value
        masks[token] = mask_of(kind, value)
    key_id, sealed = crypto.seal(_encode(plain), place(party_id))
    phone = index_of("number", plain.get("phone", ""))
    other = index_of("number", plain.get("other_contact", ""))
    identity = index_of("identity", plain.get("identity_number", ""))
    complained = plain.get("complained_number", "")
    line = phone if complained in ("", plain.get("phone")) else index_of("number", complained) or phone
    row = (party_id, key_id, sealed, _json(masks).decode(), level, phone, other, identity, line)
    return SealedParty(row, phone, line, identity)


def open_party(key_id: str, sealed: bytes, party_id: int) -> dict[str, str]:
    """All sealed values of one party by field or token."""
    return _decode(crypto.open_sealed(key_id, bytes(sealed), place(party_id)))


def code_digest(party_id: int, code: str) -> bytes:
    """Keyed hash of a look-up code, bound to its party."""
    return hashlib.sha256(crypto.blind(b"code", f"{party_id}:{code}")).digest()


def seal_text(text: str, subject: str) -> tuple[str, bytes]:
    """Encrypt a message body bound to its subject."""
    return crypto.seal(text.encode(), b"message:" + subject.encode())


def open_text(key_id: str, sealed: bytes, subject: str) -> str:
    """The message body again."""
    return crypto.open_sealed(key_id, bytes(sealed), b"message:" + subject.encode()).decode()


def shown(masks: Mapping[str, str], fields: Iterable[str]) -> dict[str, str]:
    """The masks of these fields, empty where nothing was given."""
    return {field: masks.get(field, "") for field in fields}
