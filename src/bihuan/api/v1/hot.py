"""`POST /api/v1/complaints`: what arrives while one batch is being written is gathered and written as the next.

A callable beside Django in the same process. Nothing is put off past the 201: vault, case, event, clocks, receipt and
idempotency key are durable in one commit before the answer leaves. The verb is `intake.registration`, as everywhere.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.api.v1 import gate, language, problem, repeats
from bihuan.api.v1.bearer import bearer_of, out_of_scope, unknown_token
from bihuan.api.v1.gate import Receive, Scope, Send
from bihuan.api.v1.operation import USUAL_BYTES
from bihuan.api.v1.problem import Refused
from bihuan.api.v1.registering import PATH, draft_of, href_of
from bihuan.identity import book as units
from bihuan.identity import roles, tokens
from bihuan.identity.viewer import Viewer, viewer_of_token
from bihuan.intake import context as contexts
from bihuan.intake.actions import Draft, registration
from bihuan.intake.context import Context
from bihuan.intake.schema import Registered, complaint_decoder
from bihuan.kernel import clock
from bihuan.kernel.aside import aside
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import settings_version

MOST_AT_ONCE = 256
MOST_WAITING = 5000
_STALE_AFTER = 0.5
_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class _Unwritten(Exception):
    """The database did not take the batch; the caller may try again with the same key."""


@dataclass(slots=True, frozen=True)
class _Known:
    viewer: Viewer | None
    expires_at: datetime | None


_UNSEEN = _Known(None, None)


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
        self._version: tuple[int, ...] = ()
        self._looked = 0.0
        self._viewers: dict[bytes, _Known | None] = {}
        self._refreshing = asyncio.Lock()
        self._tasks = [asyncio.create_task(self._write()) for _number in range(writers)]

    async def viewer(self, token: str) -> Viewer | None:
        """Who a token is; looked up again whenever a setting (a revocation, a role) has changed."""
        await self._refresh()
        digest = tokens.digest_of(token)
        known = self._viewers.get(digest, _UNSEEN)
        if known is _UNSEEN:
            known = await aside(_known_now)(token)
            if len(self._viewers) > 10_000:
                self._viewers.clear()
            self._viewers[digest] = known
        if known is None or (known.expires_at is not None and known.expires_at <= clock.now()):
            return None
        return known.viewer

    async def _refresh(self) -> None:
        """Keep the context no older than half a second."""
        if time.monotonic() - self._looked < _STALE_AFTER and self._context is not None:
            return
        async with self._refreshing:
            if time.monotonic() - self._looked < _STALE_AFTER and self._context is not None:
                return
            self._context, version = await aside(_settings_now)()
            if version != self._version:
                self._viewers.clear()
            self._version, self._looked = version, time.monotonic()

    async def register(self, draft: Draft) -> Registered | RuleError:
        """The answer once the complaint is durable, or its refusal."""
        if len(self._waiting) >= MOST_WAITING:
            raise _later("intake.busy", _("受理繁忙，请稍后用同一个 Idempotency-Key 重试。"))
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
        try:
            answers = await _drive(connection, [item.draft for item in batch], self._context)
        except (psycopg.errors.IntegrityError, psycopg.errors.DataError):
            # A twin was written between our look and our write, or one holds what the database refuses: one by one, so
            # that only that one is answered otherwise.
            for item in batch:
                await self._write_alone(connection, item)
            return
        for item, answer in zip(batch, answers, strict=True):
            if not item.answer.done():
                item.answer.set_result(answer)

    async def _write_alone(self, connection: psycopg.AsyncConnection[Any], item: _Waiting) -> None:
        assert self._context is not None
        try:
            answer = await _drive_one(connection, item.draft, self._context)
        except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
            _log.error("a complaint could not be written: %s", type(error).__name__, exc_info=error)
            _fail([item])
        else:
            if not item.answer.done():
                item.answer.set_result(answer)


def _known_now(token: str) -> _Known | None:
    row = tokens.find(token)
    return _Known(viewer_of_token(row, units.units()), row.expires_at) if row is not None else None


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


def _settings_now() -> tuple[Context, tuple[int, ...]]:
    """The context, and the version of all settings: rights hang on people, units and tokens, which it does not hold."""
    version = settings_version()
    return contexts.current(), version


def _fail(batch: Sequence[_Waiting]) -> None:
    for item in batch:
        if not item.answer.done():
            item.answer.set_exception(_Unwritten())


def _later(code: str, detail: str) -> Refused:
    return Refused(503, code, detail, Retry_After="1")


_gatherer: Gatherer | None = None


def _gather() -> Gatherer:
    global _gatherer
    if _gatherer is None:
        _gatherer = Gatherer()
    return _gatherer


async def complaints(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI entrance for one posted complaint."""
    headers = dict(scope["headers"])
    chosen = language.chosen(headers.get(b"accept-language", b"").decode("latin-1"))
    with translation.override(chosen):
        try:
            answer = await _handle(headers, receive)
        except Refused as refused:
            await gate.refuse(send, chosen, refused)
            return
    answer.href = href_of(answer.number)
    await gate.respond(send, chosen, 201, _encode(answer), "application/json", {"Location": answer.href})


async def _handle(headers: dict[bytes, bytes], receive: Receive) -> Registered:
    viewer = await _authenticate(headers)
    kind = headers.get(b"content-type", b"application/json").partition(b";")[0].strip().lower()
    if not kind.endswith(b"json"):
        detail = _("请用 Content-Type: %(types)s 提交。") % {"types": "application/json"}
        raise Refused(415, "body.media_type", detail, "Content-Type")
    key = repeats.key_of(headers.get(b"idempotency-key", b"").decode("latin-1"))
    body = await _read(headers, receive)
    try:
        complaint = complaint_decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise problem.undecoded(error) from None
    draft = draft_of(complaint, viewer, key, hashlib.sha256(body).digest())
    try:
        answer = await _gather().register(draft)
    except _Unwritten:
        raise _later("intake.unavailable", _("暂时无法受理，请稍后用同一个 Idempotency-Key 重试。")) from None
    if isinstance(answer, RuleError):
        raise problem.refused_rule(answer)
    return answer


async def _authenticate(headers: dict[bytes, bytes]) -> Viewer:
    token = bearer_of(headers.get(b"authorization", b"").decode("latin-1"))
    try:
        viewer = await _gather().viewer(token)
    except Exception as error:  # noqa: BLE001 - the database may be away for a moment
        _log.warning("token not looked up: %s", type(error).__name__)
        raise _later("intake.unavailable", _("暂时无法受理，请稍后用同一个 Idempotency-Key 重试。")) from None
    if viewer is None:
        raise unknown_token()
    if roles.REGISTER not in viewer.rights:
        raise out_of_scope((roles.REGISTER,))
    return viewer


async def _read(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > USUAL_BYTES:
        raise problem.too_large(USUAL_BYTES)
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "body.cut_off", _("请求未传完。"), "body")
        part = message.get("body", b"")
        size += len(part)
        if size > USUAL_BYTES:
            raise problem.too_large(USUAL_BYTES)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


__all__ = ["PATH", "complaints"]
