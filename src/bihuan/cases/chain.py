"""The hash chain of a case: pure functions over events."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

_encode = msgspec.json.Encoder(order="deterministic").encode
_sha256 = hashlib.sha256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = b"\x00" * 32
"""What stands before the first event."""


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC, exact."""
    gone = moment - _EPOCH
    return (gone.days * 86400 + gone.seconds) * 1_000_000 + gone.microseconds


def canonical(
    case_id: int,
    seq: int,
    kind: str,
    at: datetime,
    recorded_at: datetime,
    actor_id: int | None,
    unit_id: int | None,
    source: str,
    why: str,
    payload: Mapping[str, Any],
) -> bytes:
    """The bytes that are hashed. Payloads hold no floats: their text form does not survive every JSON round trip."""
    return _encode(
        [case_id, seq, kind, microseconds(at), microseconds(recorded_at), actor_id, unit_id, source, why, payload]
    )


def sealed(before: bytes, head: list[Any], payload: str) -> bytes:
    """The hash of an event whose payload is JSON text already (`text`): equals `link(before, canonical(…))`.

    `head` is what stands before the payload in `canonical`, moments as microseconds.
    """
    return hashlib.sha256(before + _encode([*head, msgspec.Raw(payload.encode())])).digest()


def chained(
    case_id: int,
    told: Iterable[tuple[str, datetime, Mapping[str, Any]]],
    recorded_at: datetime,
    who: tuple[int | None, int | None, str],
) -> list[tuple[str, bytes]]:
    """(payload as JSON text, hash) of a new case's events (kind, at, payload) in order: `link(before, canonical(…))` of
    each, put together at once for batches. `kind` and the source in `who` are plain words of ours; no reason is given.
    """
    before, made = START, []
    actor = "null" if who[0] is None else who[0]
    unit = "null" if who[1] is None else who[1]
    middle = f',{microseconds(recorded_at)},{actor},{unit},"{who[2]}","",'
    for seq, (kind, at, payload) in enumerate(told, 1):
        body = _encode(payload).decode() if payload else "{}"
        gone = at - _EPOCH
        moment = (gone.days * 86400 + gone.seconds) * 1_000_000 + gone.microseconds
        before = _sha256(before + f'[{case_id},{seq},"{kind}",{moment}{middle}{body}]'.encode()).digest()
        made.append((body, before))
    return made


def link(before: bytes, content: bytes) -> bytes:
    """SHA-256 over the hash before and this event's canonical bytes."""
    return hashlib.sha256(before + content).digest()


def plain(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload with floats and moments as text, so that what is stored equals what was hashed."""
    return {key: _plain(value) for key, value in payload.items() if value is not None and value != ""}


_AS_IT_IS = frozenset((str, int, bool, type(None)))


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return str(value)


def text(payload: Mapping[str, Any]) -> str:
    """The payload as JSON text for a bulk insert."""
    return _encode(payload).decode()


def digest_of(content: str, demand: str) -> str:
    """SHA-256 of a case's stored words, kept in its first event so that an edited text is found too."""
    return hashlib.sha256(f"{content}\x1f{demand}".encode()).hexdigest()
