"""The whole ASGI application, called in this process as a web server calls it, over a database that really commits."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
from asgiref.sync import async_to_sync

from api.api_cast import one_connection
from bihuan.api.v1 import hot
from bihuan.asgi import application

COMPLAINT: dict[str, Any] = {
    "channel": "hotline",
    "content": "家里三天没有信号，打电话一直断。",
    "area": "320412",
    "customer": {"name": "王小明", "phone": "13912345678"},
}


Talk = TypeVar("Talk")


class Wire:
    """A client of the application with one token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def send(self, *requests: dict[str, Any]) -> list[httpx.Response]:
        """Send requests at the same time; the answers in order. Each is what `httpx` takes: method, url, content …"""

        async def together(client: httpx.AsyncClient) -> list[httpx.Response]:
            return await asyncio.gather(*(client.request(**request) for request in requests))

        return self.talk(together)

    def talk(self, said: Callable[[httpx.AsyncClient], Awaitable[Talk]]) -> Talk:
        """A longer conversation with one running application."""

        async def whole() -> Talk:
            hot._gatherer = None  # its tasks belong to the loop of the test before
            transport = httpx.ASGITransport(app=application, raise_app_exceptions=True)
            headers = {"Authorization": f"Bearer {self.token}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
                try:
                    return await said(client)
                finally:
                    await self._end()

        with one_connection():
            return async_to_sync(whole)()

    async def _end(self) -> None:
        if hot._gatherer is not None:
            for task in hot._gatherer._tasks:
                task.cancel()
            hot._gatherer = None

    def post(self, content: bytes | Any, **headers: str) -> httpx.Response:
        """Post one complaint: raw bytes, or plain values as JSON."""
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        told = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.send({"method": "POST", "url": "/api/v1/complaints", "content": raw, "headers": told})[0]


def told(**changes: Any) -> dict[str, Any]:
    """A good complaint with some fields changed; `customer__phone` reaches inside."""
    found = json.loads(json.dumps(COMPLAINT))
    for name, value in changes.items():
        where = found
        *path, last = name.split("__")
        for part in path:
            where = where.setdefault(part, {})
        where[last] = value
    return found
