"""One operation of the API as plain data: address, right, what goes in, what comes out, who does it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from django.utils.functional import Promise

from bihuan.cases.filters import Filter
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer

BASE = "/api/v1"
USUAL_BYTES = 256 * 1024
Schema = type[msgspec.Struct]

_PLACES = {"number": r"[^/\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,64}", "id": r"[0-9]{1,18}"}


@dataclass(frozen=True)
class Call:
    """One authenticated request: who asks, the names in its address, and what came with it, checked against its schema.

    `filters` are the conditions all lists share; `seen` is the version from `If-Match`; `address` the caller's network
    address, for the audit log; `key` and `digest` the `Idempotency-Key` and what it stands for.
    """

    viewer: Viewer
    places: Mapping[str, str] = field(default_factory=dict)
    query: Any = None
    filters: Filter = Filter()
    body: Any = None
    seen: int | None = None
    address: str = ""
    key: str = ""
    digest: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What a handler gives back: a struct that becomes JSON, or a file with its media type: its bytes, or an
    iterator of them for a large one."""

    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


@dataclass(frozen=True)
class Operation:
    """One line of the table.

    `rights`: one of these the token must have. With `of_case` the handler asks the one door (`cases.access`), which knows
    about the case too; otherwise the entrance refuses. `filtered`: its address also takes `cases.filters`. `repeats`
    says what a second request under one `Idempotency-Key` gets: the answer `kept` from the first; or it runs `again`,
    because it changes no case and its answer must not be stored; or the verb sees to it `itself`.
    """

    method: str
    path: str
    name: str
    tag: str
    summary: Promise
    rights: tuple[str, ...]
    handler: Callable[[Call], Answer]
    answer: Any
    body: Schema | None = None
    query: Schema | None = None
    filtered: bool = False
    status: int = 200
    of_case: bool = False
    repeats: Literal["kept", "again", "itself"] = "kept"
    most_bytes: int = USUAL_BYTES
    multipart: bool = False
    file: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the path behind `/api/v1`, with or without a slash at its end."""
        spelled = re.sub(r"\{(\w+)\}", lambda place: f"(?P<{place[1]}>{_PLACES[place[1]]})", self.path)
        return re.compile(f"{spelled}/?", re.ASCII)

    @cached_property
    def decoder(self) -> "msgspec.json.Decoder[Any] | None":
        """Decodes the body."""
        return msgspec.json.Decoder(self.body) if self.body is not None else None

    def choices(self, name: str) -> list[str]:
        """The values a field of the body or query may take, where they are listed; empty otherwise."""
        return choices_of(self.body, name) or choices_of(self.query, name)


def choices_of(schema: Schema | None, name: str) -> list[str]:
    """The values of a `Literal` field of a struct (`closing.cause` and `fields[2]` are followed); empty otherwise."""
    head, _dot, rest = name.partition(".")
    kind: Any = get_type_hints(schema).get(head.partition("[")[0]) if schema is not None else None
    return _literals(kind, rest)


def _literals(kind: Any, rest: str) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return choices_of(kind, rest) if rest else []
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    return next((found for inner in get_args(kind) if (found := _literals(inner, rest))), [])


ANYONE = (roles.READ, roles.REGISTER)
"""For what every caller of the API needs, such as codes."""
