"""Errors as `application/problem+json` (RFC 9457): status, code, the field at fault, what is wrong and what to do."""

import re
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError

MEDIA_TYPE = "application/problem+json"
_PATH = re.compile(r" - at `(?:key in )?\$?\.?([^`]*)`$")


def problem(status: int, code: str, detail: str, field: str = "", data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body of an error answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if field:
        body["field"] = field
        body["errors"] = [{"field": field, "code": code, "message": detail}]
    if data:
        body["data"] = data
    return body


def of_rule(error: RuleError) -> tuple[int, dict[str, Any]]:
    """Status and body for a refused rule."""
    return error.status, problem(error.status, error.code, str(error.message), error.field, error.data)


def of_decoding(error: Exception) -> tuple[int, dict[str, Any]]:
    """Status and body for a body that is no JSON (400) or not of the expected shape (422)."""
    text = str(error)
    if isinstance(error, msgspec.ValidationError):
        found = _PATH.search(text)
        field = found.group(1) if found else ""
        reason = text[: found.start()] if found else text
        if "missing required field" in reason or "contains unknown field" in reason:
            name = re.search(r"field `([^`]+)`", reason)
            field = ".".join(part for part in (field, name.group(1) if name else "") if part)
        return 422, problem(422, "body.invalid", f"{explain(reason)} ({reason})", field or "body")
    return 400, problem(
        400, "body.not_json", _("请求正文不是有效的 JSON（UTF-8）：%(why)s") % {"why": text[:200]}, "body"
    )


def explain(reason: str) -> str:
    """What to do about a decoder's refusal, in the reader's language."""
    if "missing required field" in reason:
        return _("缺少必填字段，请补上。")
    if "unknown field" in reason:
        return _("没有这个字段，请核对拼写；其他信息请放进 extra。")
    if "length <=" in reason:
        return _("内容太长，请缩短。")
    if "length >=" in reason:
        return _("内容不能为空。")
    if "matching regex" in reason:
        return _("取值不在允许的范围内。")
    if "RFC3339" in reason or "datetime" in reason:
        return _("时间请写成带时区的 ISO 格式，例如 2026-03-02T09:00:00+08:00。")
    if "Expected" in reason:
        return _("类型或取值不对，请按接口文档填写。")
    return _("取值不符合要求，请按接口文档填写。")


def _title(status: int) -> str:
    return {
        400: "Bad request",
        401: "Not authenticated",
        403: "Not allowed",
        404: "Not found",
        405: "Method not allowed",
        409: "Conflict",
        413: "Too large",
        415: "Unsupported media type",
        422: "Unprocessable",
        429: "Too many requests",
        503: "Not available now",
    }.get(status, "Error")
