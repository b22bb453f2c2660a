"""The API described: `/api/v1/openapi.json` for programs, `/api/v1/` for people. Neither needs a token."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from bihuan.api.v1 import language
from bihuan.api.v1.openapi import TAGS, document
from bihuan.api.v1.operation import BASE, Operation
from bihuan.api.v1.operations import OPERATIONS


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description as JSON, its words in the caller's language."""
    with translation.override(language.chosen(request.headers.get("Accept-Language", ""))):
        body = msgspec.json.encode(document())
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """All operations in groups, each with its fields and an example to copy."""
    described = document()
    groups = [
        {"name": tag, "title": title, "entries": [_entry(op, described) for op in OPERATIONS if op.tag == tag]}
        for tag, title in TAGS.items()
    ]
    return render(request, "api/operations.html", {"groups": [group for group in groups if group["entries"]]})


def _entry(operation: Operation, described: dict[str, Any]) -> dict[str, Any]:
    told = described["paths"][BASE + operation.path][operation.method.lower()]
    return {
        "method": operation.method,
        "path": BASE + operation.path,
        "anchor": operation.name,
        "summary": operation.summary,
        "rights": operation.rights,
        "status": operation.status,
        "parameters": [given for given in told["parameters"] if given["in"] == "query"],
        "fields": _fields(operation, described),
        "example": _indented(operation.example) if operation.example else "",
    }


def _fields(operation: Operation, described: dict[str, Any]) -> list[dict[str, Any]]:
    if operation.body is None:
        return []
    schema = described["components"]["schemas"][operation.body.__name__]
    return [
        {
            "name": name,
            "required": name in schema.get("required", ()),
            "kind": _kind(told),
            "words": told.get("description", ""),
        }
        for name, told in schema["properties"].items()
    ]


def _kind(told: dict[str, Any]) -> str:
    """A field's type in few words: `string ≤ 64`, `call | sms | email`, `Customer`."""
    if "enum" in told:
        return " | ".join(str(value) or '""' for value in told["enum"])
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if "anyOf" in told:
        return " | ".join(_kind(inner) for inner in told["anyOf"])
    kind = str(told.get("format") or told.get("contentEncoding") or told.get("type", ""))
    if kind == "array":
        return f"[{_kind(told['items'])}]"
    bound = told.get("maxLength", told.get("maximum"))
    return f"{kind} ≤ {bound}" if bound is not None else kind


def _indented(example: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(dict(example)), indent=2).decode()
