"""`POST /api/v1/complaints`: what arrives while one batch is being written is gathered and written as the next.

A callable beside Django in the same process. Nothing is put off past the 201: vault, case, event, clocks, receipt and
idempotency key are durable in one commit before the answer leaves. The verb is `intake.registration`, as everywhere.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.api.v1 import problem
from bihuan.cases.actions import Doer
from bihuan.identity import book as units
from bihuan.identity import roles, tokens
from bihuan.identity.viewer import Viewer, viewer_of_token
from bihuan.intake import context as contexts
from bihuan.intake.actions import Draft, registration
from bihuan.intake.context import Context
from bihuan.intake.schema import Registered, complaint_decoder
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/api/v1/complaints"
MOST_BYTES = 256 * 1024
MOST_AT_ONCE = 256
MOST_WAITING = 5000
_STALE_AFTER = 0.5
_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class _Refused(Exception):
    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status, self.body = status, body


@dataclass(slots=True)
class _Waiting:
    draft: Draft
    answer: "asyncio.Future[Registered | RuleError]"


class Gatherer:
    """Collects drafts and writes them in batches over connections of its own; one for the process."""

    def __init__(self, writers: int = 2) -> None:
        self._waiting: list[_Waiting] = []
        self._more = asyncio.Event()
        self._context: Context | None = None
        self._version: tuple[int, float] = (-1, 0.0)
        self._viewers: dict[bytes, Viewer | None] = {}
        self._refreshing = asyncio.Lock()
        self._tasks = [asyncio.create_task(self._write()) for _number in range(writers)]

    async def viewer(self, token: str) -> Viewer | None:
        """Who a token is; looked up again whenever a setting (a revocation, a role) has changed."""
        await self._refresh()
        digest = tokens.digest_of(token)
        if digest not in self._viewers:
            if len(self._viewers) > 10_000:
                self._viewers.clear()
            self._viewers[digest] = await sync_to_async(_viewer_now)(token)
        return self._viewers[digest]

    async def _refresh(self) -> None:
        """Keep the context no older than half a second."""
        if time.monotonic() - self._version[1] < _STALE_AFTER and self._context is not None:
            return
        async with self._refreshing:
            if time.monotonic() - self._version[1] < _STALE_AFTER and self._context is not None:
                return
            context = await sync_to_async(contexts.current)()
            if context is not self._context:
                self._viewers.clear()
            self._context = context
            self._version = (0, time.monotonic())

    async def register(self, draft: Draft) -> Registered | RuleError:
        """The answer once the complaint is durable, or its refusal."""
        if len(self._waiting) >= MOST_WAITING:
            raise _Refused(
                503, problem.problem(503, "intake.busy", _("受理繁忙，请稍后用同一个 Idempotency-Key 重试。"))
            )
        answer: asyncio.Future[Registered | RuleError] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(draft, answer))
        self._more.set()
        return await answer

    async def _write(self) -> None:
        connection: psycopg.AsyncConnection[Any] | None = None
        while True:
            await self._more.wait()
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            if not self._waiting:
                self._more.clear()
            if not batch:
                continue
            try:
                if connection is None or connection.closed:
                    connection = await _connect()
                await self._write_batch(connection, batch)
            except Exception as error:  # noqa: BLE001 - every waiting caller must get an answer
                _log.warning("intake batch of %s failed: %s", len(batch), type(error).__name__, exc_info=error)
                if connection is not None:
                    await connection.close()
                connection = None
                _fail(batch)

    async def _write_batch(self, connection: psycopg.AsyncConnection[Any], batch: Sequence[_Waiting]) -> None:
        await self._refresh()
        assert self._context is not None
        drafts = [item.draft for item in batch]
        try:
            answers = await _drive(connection, drafts, self._context)
        except psycopg.errors.UniqueViolation:
            # A twin was written between our look and our write: one by one, so that only the twin is refused.
            answers = [await _drive_one(connection, draft, self._context) for draft in drafts]
        for item, answer in zip(batch, answers, strict=True):
            if not item.answer.done():
                item.answer.set_result(answer)


def _viewer_now(token: str) -> Viewer | None:
    row = tokens.find(token)
    return viewer_of_token(row, units.units()) if row is not None else None


async def _connect() -> psycopg.AsyncConnection[Any]:
    connection = await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True, prepare_threshold=0)
    await connection.execute("SET statement_timeout = '30s'")
    return connection


async def _drive(
    connection: psycopg.AsyncConnection[Any], drafts: Sequence[Draft], context: Context
) -> list[Registered | RuleError]:
    steps = registration(drafts, context, clock.now())
    try:
        statement = next(steps)
        while True:
            cursor = await connection.execute(*statement)
            statement = steps.send(await cursor.fetchall() if cursor.description else [])
    except StopIteration as done:
        return list(done.value)


async def _drive_one(
    connection: psycopg.AsyncConnection[Any], draft: Draft, context: Context
) -> Registered | RuleError:
    for _attempt in range(2):
        try:
            return (await _drive(connection, [draft], context))[0]
        except psycopg.errors.UniqueViolation:
            continue
    return (await _drive(connection, [draft], context))[0]


def _fail(batch: Sequence[_Waiting]) -> None:
    body = problem.problem(503, "intake.unavailable", _("暂时无法受理，请稍后用同一个 Idempotency-Key 重试。"))
    for item in batch:
        if not item.answer.done():
            item.answer.set_exception(_Refused(503, body))


_gatherer: Gatherer | None = None


def _gather() -> Gatherer:
    global _gatherer
    if _gatherer is None:
        _gatherer = Gatherer()
    return _gatherer


async def complaints(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI entrance for one posted complaint."""
    headers = dict(scope["headers"])
    with translation.override(_language(headers)):
        try:
            status, body, extra = 201, b"", []
            answer = await _handle(headers, receive)
            number = answer.number
            answer.href = f"{PATH}/{number}"
            body = _encode(answer)
            extra = [(b"location", answer.href.encode())]
            media = b"application/json"
        except _Refused as refused:
            status, body, media = refused.status, _encode(refused.body), problem.MEDIA_TYPE.encode()
            extra = [(b"retry-after", b"1")] if status == 503 else []
            if status == 401:
                extra = [(b"www-authenticate", b'Bearer realm="bihuan"')]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", media),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
                *extra,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


def _language(headers: dict[bytes, bytes]) -> str:
    return "en" if headers.get(b"accept-language", b"").lower().startswith(b"en") else "zh-hans"


async def _handle(headers: dict[bytes, bytes], receive: Receive) -> Registered:
    viewer = await _authenticate(headers)
    body = await _read(headers, receive)
    if b"json" not in headers.get(b"content-type", b"application/json"):
        raise _Refused(
            415,
            problem.problem(415, "body.media_type", _("请用 Content-Type: application/json 提交。"), "Content-Type"),
        )
    key = headers.get(b"idempotency-key", b"").decode("latin-1")
    if len(key) > 200:
        raise _Refused(
            422, problem.problem(422, "idempotency.key_long", _("Idempotency-Key 最长 200 个字符。"), "Idempotency-Key")
        )
    try:
        complaint = complaint_decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _Refused(*problem.of_decoding(error)) from None
    if viewer.source_system:
        complaint.source_system = viewer.source_system
    draft = Draft(
        complaint,
        Doer.of(viewer),
        own=roles.ACCEPT in viewer.rights,
        token_id=viewer.token_id,
        key=key,
        body_digest=hashlib.sha256(body).digest() if key else b"",
        language=translation.get_language() or "zh-hans",
    )
    answer = await _gather().register(draft)
    if isinstance(answer, RuleError):
        raise _Refused(*problem.of_rule(answer))
    return answer


async def _authenticate(headers: dict[bytes, bytes]) -> Viewer:
    kind, _space, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _Refused(
            401, problem.problem(401, "token.missing", _("请在 Authorization 头中带上 Bearer 令牌。"), "Authorization")
        )
    try:
        viewer = await _gather().viewer(token.strip())
    except Exception as error:  # noqa: BLE001 - the database may be away for a moment
        _log.warning("token not looked up: %s", type(error).__name__)
        raise _Refused(503, problem.problem(503, "intake.unavailable", _("暂时无法受理，请稍后重试。"))) from None
    if viewer is None:
        raise _Refused(
            401,
            problem.problem(401, "token.invalid", _("令牌无效、已吊销或已过期，请联系管理员换发。"), "Authorization"),
        )
    if roles.REGISTER not in viewer.rights:
        raise _Refused(
            403,
            problem.problem(403, "token.scope", _("这个令牌没有登记投诉的权限（case.register）。"), "Authorization"),
        )
    return viewer


async def _read(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    announced = headers.get(b"content-length", b"0")
    too_large = _Refused(
        413, problem.problem(413, "body.too_large", _("请求正文最大 256 KB；附件请另行上传。"), "body")
    )
    if announced.isdigit() and int(announced) > MOST_BYTES:
        raise too_large
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refused(400, problem.problem(400, "body.cut_off", _("请求未传完。"), "body"))
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            raise too_large
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
