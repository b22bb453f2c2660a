"""The ASGI application that the web server loads: the hot intake path beside Django."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
_plain: Any = get_asgi_application()

from bihuan.api.v1 import gate, hot  # noqa: E402 - needs the settings loaded

_django = gate.limited(_plain)


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Posted complaints go to the gatherer, all else to Django."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http" and scope["method"] == "POST" and scope["path"].rstrip("/") == hot.PATH:
        await hot.complaints(scope, receive, send)
    else:
        await _django(scope, receive, send)


async def _live(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Nothing has to be opened or closed with the server: each part opens what it needs when it is first asked."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
