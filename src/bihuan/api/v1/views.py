"""The one Django view of the API: who is it, may she, is the body well-formed, then the operation's handler."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from psycopg_pool import PoolTimeout

from bihuan.api.v1 import finding, language, problem, repeats
from bihuan.api.v1.bearer import bearer_of, out_of_scope, unknown_token
from bihuan.api.v1.operation import BASE, Call, Operation
from bihuan.api.v1.operations import OPERATIONS
from bihuan.api.v1.problem import Refused
from bihuan.cases.filters import Filter
from bihuan.identity import audit, tokens
from bihuan.identity import book as units
from bihuan.identity.viewer import Viewer, viewer_of_token
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import one_picture

_log = logging.getLogger(__name__)
_JSON = "application/json"
_encode = msgspec.json.Encoder().encode


@csrf_exempt
def entrance(request: HttpRequest) -> HttpResponseBase:
    """Every request under `/api/v1/` but the posted complaint, which has a faster way in (`hot`)."""
    chosen = language.chosen(request.headers.get("Accept-Language", ""))
    with translation.override(chosen):
        response = _answered(request)
    response["Content-Language"] = "en" if chosen == language.ENGLISH else "zh-Hans"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _answered(request: HttpRequest) -> HttpResponseBase:
    try:
        return _serve(request)
    except Refused as refused:
        return _problem(refused.status, refused.body, refused.headers)
    except RuleError as error:
        return _problem(*problem.of_rule(error))
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        _log.warning("api: database: %s", type(error).__name__)
        detail = _("暂时无法办理，请稍后用同一个 Idempotency-Key 重试。")
        return _problem(503, problem.problem(503, "database.unavailable", detail), {"Retry-After": "1"})
    except Exception:
        _log.exception("api: %s %s", request.method, request.path)
        detail = _("系统内部出错，已记录。请稍后重试；如仍出错，请联系系统管理员并告知时间。")
        return _problem(500, problem.problem(500, "internal", detail))


def _problem(status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(_encode(body), status=status, content_type=problem.MEDIA_TYPE, headers=dict(headers or {}))


def _serve(request: HttpRequest) -> HttpResponseBase:
    operation, places = _operation(request)
    viewer = authenticated(request)
    if not operation.of_case and not viewer.rights & set(operation.rights):
        _refused(request, viewer, operation)
        raise out_of_scope(operation.rights)
    call = _call(request, operation, places, viewer)
    try:
        return _run(operation, call)
    except RuleError as error:
        if error.status == 403:
            _refused(request, viewer, operation)
        raise


def _refused(request: HttpRequest, viewer: Viewer, operation: Operation) -> None:
    audit.record(
        "refused",
        actor_id=viewer.staff_id,
        actor_name=viewer.name,
        subject=f"{operation.method} {request.path}",
        result="refused",
        address=_address(request),
        detail={"token": viewer.token_id},
    )


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")


def _operation(request: HttpRequest) -> tuple[Operation, dict[str, str]]:
    path = request.path.removeprefix(BASE)
    found = [(op, match) for op in OPERATIONS if (match := op.pattern.fullmatch(path))]
    if not found:
        raise Refused(404, "path.not_found", _("没有这个地址，请核对接口文档 /api/v1/。"))
    wanted = "GET" if request.method == "HEAD" else request.method
    for operation, match in found:
        if operation.method == wanted:
            return operation, match.groupdict()
    allowed = ", ".join(sorted({op.method for op, _match in found}))
    raise Refused(405, "method.not_allowed", _("这个地址只接受 %(methods)s。") % {"methods": allowed}, Allow=allowed)


def authenticated(request: HttpRequest) -> Viewer:
    """The viewer behind the bearer token; 401 with what to do otherwise."""
    row = tokens.find(bearer_of(request.headers.get("Authorization", "")))
    if row is None:
        raise unknown_token()
    return viewer_of_token(row, units.units())


def _call(request: HttpRequest, operation: Operation, places: dict[str, str], viewer: Viewer) -> Call:
    body, digest = None, b""
    if operation.body is not None:
        raw = _read(request, operation)
        body = _form(request, operation, raw) if _is_form(request) else _json(operation, raw)
        digest = repeats.digest_of("POST", request.path.rstrip("/"), _encode(body))
    query, filters = _query(request, operation)
    return Call(
        viewer=viewer,
        places=places,
        query=query,
        filters=filters,
        body=body,
        seen=_seen(request.headers.get("If-Match", "")),
        address=_address(request),
        key=repeats.key_of(request.headers.get("Idempotency-Key", "")) if operation.method == "POST" else "",
        digest=digest,
    )


def _seen(header: str) -> int | None:
    value = header.strip().removeprefix("W/").strip('"')
    if value in {"", "*"}:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise Refused(
            422, "if_match.malformed", _('If-Match 请写工单的版本号，例如 "3"；它在 ETag 和 version 里。'), "If-Match"
        )
    return int(value)


def _is_form(request: HttpRequest) -> bool:
    return (request.content_type or "").lower() == "multipart/form-data"


def _read(request: HttpRequest, operation: Operation) -> bytes:
    """The raw body. Its size is checked before it is looked at, its type before it is parsed."""
    most = operation.most_bytes
    raw = request.read(most + 1)
    if len(raw) > most:
        raise problem.too_large(most)
    kind = (request.content_type or "").lower()
    if raw and not (kind.endswith("json") or (operation.multipart and _is_form(request))):
        taken = "application/json" + (_(" 或 multipart/form-data") if operation.multipart else "")
        raise Refused(
            415, "body.media_type", _("请用 Content-Type: %(types)s 提交。") % {"types": taken}, "Content-Type"
        )
    return raw


def _json(operation: Operation, raw: bytes) -> Any:
    assert operation.decoder is not None
    try:
        body = operation.decoder.decode(raw or b"{}")
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise problem.undecoded(error, operation.choices) from None
    problem.refuse_control(msgspec.to_builtins(body, builtin_types=(bytes,)))
    return _in_utc(body)


def _form(request: HttpRequest, operation: Operation, raw: bytes) -> Any:
    """A multipart body, kept in memory: what is evidence must not lie about in a temporary folder."""
    try:
        fields, files = MultiPartParser(request.META, BytesIO(raw), [MemoryFileUploadHandler(request)]).parse()
    except (MultiPartParserError, SuspiciousOperation, UnicodeError):
        raise Refused(400, "body.not_form", _("multipart 正文不完整，请检查分隔符。"), "body") from None
    values: dict[str, Any] = dict(fields.items())
    for name, file in files.items():
        assert isinstance(file, UploadedFile)
        values[name] = file.read()
        values.setdefault("name", file.name)
    return _converted(values, operation, operation.body)


def _query(request: HttpRequest, operation: Operation) -> tuple[Any, Filter]:
    """The operation's own parameters, and the conditions all lists share."""
    if operation.query is None:
        return None, Filter()
    own = {field.name for field in msgspec.structs.fields(operation.query)}
    values: dict[str, Any] = {}
    shared: list[tuple[str, list[str]]] = []
    for name in request.GET:
        if operation.filtered and name not in own:
            shared.append((name, request.GET.getlist(name)))
        else:
            # In an address a bare + is a blank; moments are written with one: 09:00:00+08:00.
            given = str(request.GET[name])
            values[name] = given.replace(" ", "+") if name.endswith(("_from", "_to")) else given
    return _converted(values, operation, operation.query), finding.shared(shared)


def _converted(values: dict[str, Any], operation: Operation, schema: Any) -> Any:
    problem.refuse_control({name: value for name, value in values.items() if not isinstance(value, bytes)})
    try:
        return _in_utc(msgspec.convert(values, schema, strict=False, builtin_types=(bytes,)))
    except msgspec.ValidationError as error:
        raise problem.undecoded(error, operation.choices) from None


def _in_utc(told: Any) -> Any:
    """The struct with its moments in UTC; what no calendar of ours reaches is refused, as the database would."""
    for name in told.__struct_fields__:
        moment = getattr(told, name)
        if not isinstance(moment, datetime):
            continue
        if not 1990 <= moment.year <= 2199:
            raise Refused(422, "moment.range", _("年份要在 1990 至 2199 之间，请核对日期。"), name)
        if moment.tzinfo is not None:
            setattr(told, name, moment.astimezone(UTC))
    return told


def _run(operation: Operation, call: Call) -> HttpResponseBase:
    """Call the handler; a POST in one transaction with its key, so that the step and its kept answer are one."""
    token = call.viewer.token_id if call.key and operation.repeats != "itself" else None
    picture = one_picture() if operation.of_case else nullcontext()
    with picture, transaction.atomic() if operation.method == "POST" else nullcontext():
        kept = repeats.claim(token, call.key, call.digest) if token is not None else None
        if kept is not None:
            headers = {"Idempotency-Replayed": "true"}
            return HttpResponse(bytes(kept.body), status=kept.status, content_type=_JSON, headers=headers)
        answer = operation.handler(call)
        if isinstance(answer.content, Iterator):
            return StreamingHttpResponse(answer.content, content_type=answer.media_type, headers=dict(answer.headers))
        content = answer.content if isinstance(answer.content, bytes) else _encode(answer.content)
        if token is not None and operation.repeats == "kept":
            repeats.keep(token, call.key, operation.status, content)
    return HttpResponse(content, status=operation.status, content_type=answer.media_type, headers=dict(answer.headers))
