"""In front of Django: a body larger than its address takes is refused before it fills memory or disk."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from django.utils import translation

from bihuan.api.v1 import language, problem
from bihuan.api.v1.operation import BASE, USUAL_BYTES
from bihuan.api.v1.operations import OPERATIONS
from bihuan.api.v1.problem import Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
_encode = msgspec.json.Encoder().encode


async def respond(
    send: Send, chosen: str, status: int, body: bytes, media_type: str, headers: dict[str, str] | None = None
) -> None:
    """Send one whole answer with the headers every answer of the API carries."""
    told = {
        "Content-Type": media_type,
        "Content-Length": str(len(body)),
        "Content-Language": "en" if chosen == language.ENGLISH else "zh-Hans",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, chosen: str, refused: Refused) -> None:
    """Send a refusal as problem+json."""
    await respond(send, chosen, refused.status, _encode(refused.body), problem.MEDIA_TYPE, refused.headers)


def most_bytes(path: str) -> int:
    """How large a body this address takes."""
    behind = path.removeprefix(BASE)
    return max((op.most_bytes for op in OPERATIONS if op.pattern.fullmatch(behind)), default=USUAL_BYTES)


def limited(app: App) -> App:
    """`app` behind the gate. Only the API's addresses are watched."""

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(f"{BASE}/"):
            await app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        watch = _Watch(receive, most_bytes(scope["path"]))
        if not watch.announced(headers.get(b"content-length", b"")):
            await app(scope, watch.receive, send)
        if watch.too_large:
            chosen = language.chosen(headers.get(b"accept-language", b"").decode("latin-1"))
            with translation.override(chosen):
                await refuse(send, chosen, problem.too_large(watch.most))

    return gate


class _Watch:
    """Counts what comes in; past the bound the application is told that the caller has gone, so it stops reading."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self.most = receive, most
        self._seen = 0
        self.too_large = False

    def announced(self, content_length: bytes) -> bool:
        """True when the length told in advance is too large already."""
        self.too_large = content_length.isdigit() and int(content_length[:20]) > self.most
        return self.too_large

    async def receive(self) -> MutableMapping[str, Any]:
        """The next message, as long as the bound holds."""
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self.most:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message
