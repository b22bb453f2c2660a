"""The OpenAPI 3.1 description, drawn from the table of operations and the structs that check every request."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.api.v1.operation import BASE, Operation
from bihuan.api.v1.operations import OPERATIONS
from bihuan.api.v1.problem import MEDIA_TYPE
from bihuan.api.v1.shapes import Problem
from bihuan.cases import filters
from bihuan.version import version

_REF = "#/components/schemas/{name}"
_PLACES = {
    "number": ({"type": "string", "maxLength": 64}, gettext_lazy("工单编号，例如 TS261121-00010014")),
    "id": ({"type": "integer", "minimum": 1, "maximum": 10**18 - 1}, gettext_lazy("证据编号")),
}
_REFUSALS = {
    "400": gettext_lazy("正文不是有效的 JSON"),
    "401": gettext_lazy("没有令牌，或令牌无效、已吊销、已过期"),
    "403": gettext_lazy("令牌的权限不够，或工单不在您手上"),
    "404": gettext_lazy("没有找到，或您无权查看"),
    "409": gettext_lazy("工单状态不允许，或工单已被他人改动，或 Idempotency-Key 已用于另一份内容"),
    "413": gettext_lazy("请求正文过大"),
    "415": gettext_lazy("不支持这种内容类型"),
    "422": gettext_lazy("内容不符合要求，指明字段、原因和办法"),
    "503": gettext_lazy("暂时不可用，可用同一个 Idempotency-Key 重试"),
}
TAGS = {
    "complaints": gettext_lazy("投诉"),
    "steps": gettext_lazy("办理步骤"),
    "evidence": gettext_lazy("证据"),
    "catalog": gettext_lazy("代码目录"),
    "figures": gettext_lazy("统计"),
    "appeals": gettext_lazy("申诉"),
    "assistance": gettext_lazy("协查"),
    "fieldwork": gettext_lazy("上门预约和维修单"),
    "compensation": gettext_lazy("补偿与审批"),
    "tracking": gettext_lazy("专项跟踪、进展告知、重大投诉报告"),
    "notices": gettext_lazy("站内通知"),
    "leading": gettext_lazy("督办、答疑和请示"),
    "sharing": gettext_lazy("分派、归属和协同"),
    "oversight": gettext_lazy("巡查、第三方评估、整改、泄密处罚"),
}


def document() -> dict[str, Any]:
    """The whole description, in the language that is active."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(BASE + operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": _("闭环投诉处理平台 API"), "version": version(), "description": _about()},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": str(words)} for name, words in TAGS.items()],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": _("平台签发的令牌")}},
            "responses": {
                f"Problem{status}": {
                    "description": str(words),
                    "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}},
                }
                for status, words in _REFUSALS.items()
            },
        },
    }


def _about() -> str:
    return _(
        "每个请求带 Authorization: Bearer 令牌。POST 可带 Idempotency-Key：重发同一请求得到同一答复，不会重复办理。"
        '办理步骤可带 If-Match: "版本号"：别人先改动时答 409 并说明改了什么。'
        "错误用 application/problem+json 答复；Accept-Language: en 得到英文。时间都带时区。"
    )


def _schemas() -> dict[str, Any]:
    kinds: list[Any] = [Problem]
    for operation in OPERATIONS:
        kinds += [kind for kind in (operation.body, operation.answer) if kind is not None and kind is not bytes]
    _refs, components = msgspec.json.schema_components(dict.fromkeys(kinds), ref_template=_REF)
    return dict(components)


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": str(operation.summary),
        "description": _("所需权限：%(rights)s") % {"rights": " / ".join(operation.rights)},
        "parameters": _parameters(operation),
        "responses": {str(operation.status): _answer(operation), **_refusals(operation)},
    }
    if operation.body is not None:
        found["requestBody"] = {"required": True, "content": _content(operation)}
    return found


def _content(operation: Operation) -> dict[str, Any]:
    assert operation.body is not None
    schema = {"$ref": _REF.format(name=operation.body.__name__)}
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if operation.example:
        content["application/json"]["example"] = dict(operation.example)
    if operation.multipart:
        content["multipart/form-data"] = {"schema": _form(operation)}
    return content


def _form(operation: Operation) -> dict[str, Any]:
    """The same fields as a form, the file as raw bytes."""
    _refs, components = msgspec.json.schema_components([operation.body], ref_template=_REF)
    assert operation.body is not None
    schema = dict(components[operation.body.__name__])
    schema.pop("title", None)
    schema["properties"] = {
        name: {"type": "string", "format": "binary"} if told.get("contentEncoding") else told
        for name, told in schema["properties"].items()
    }
    return schema


def _answer(operation: Operation) -> dict[str, Any]:
    if operation.file:
        content: dict[str, Any] = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    else:
        content = {"application/json": {"schema": {"$ref": _REF.format(name=operation.answer.__name__)}}}
    return {"description": _("成功"), "content": content}


def _refusals(operation: Operation) -> dict[str, Any]:
    statuses = {"401", "403", "422", "503"}
    if operation.method == "POST":
        statuses |= {"400", "409", "413", "415"}
    if "{" in operation.path:
        statuses.add("404")
    return {status: {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": schema, "description": str(words)}
        for name, (schema, words) in _PLACES.items()
        if f"{{{name}}}" in operation.path
    ]
    if operation.query is not None:
        found += _query(operation.query)
    if operation.filtered:
        found += _shared()
    if operation.method == "POST":
        found.append(_header("Idempotency-Key", _("重发时用同一个键"), {"type": "string", "maxLength": 200}))
        if operation.of_case:
            version_form = {"type": "string", "pattern": r'^"\d{1,9}"$'}
            found.append(_header("If-Match", _('您看到的工单版本，例如 "3"'), version_form))
    return found


def _header(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": schema, "description": words}


def _query(schema: type[msgspec.Struct]) -> list[dict[str, Any]]:
    _refs, components = msgspec.json.schema_components([schema], ref_template=_REF)
    told = components[schema.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in told.get("required", ()),
            "schema": {key: value for key, value in _not_null(inner).items() if key != "description"},
            "description": inner.get("description", ""),
        }
        for name, inner in told["properties"].items()
    ]


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out rather than null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    return {**kept, **kinds[0]} if len(kinds) == 1 else schema


def _shared() -> Iterable[dict[str, Any]]:
    """The conditions all lists share; several keys of one name mean any of them."""
    single = {"type": "string", "maxLength": filters.MOST}
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": single if name in filters.SINGLE else {"type": "array", "items": single},
            "description": filters.name_of(name),
        }
        for name in filters.NAMES
    ]
