"""Errors as `application/problem+json` (RFC 9457): status, code, the field at fault, what is wrong and what to do."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.kernel.errors import RuleError

MEDIA_TYPE = "application/problem+json"
_PATH = re.compile(r" - at `(?:key in )?\$?\.?([^`]*)`$")
_NAMED = re.compile(r"field `([^`]+)`")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Refused(Exception):
    """A request that is answered with a problem before any verb was called."""

    def __init__(self, status: int, code: str, detail: object, field: str = "", **headers: str) -> None:
        super().__init__(code)
        self.status = status
        self.body = problem(status, code, str(detail), field)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def too_large(most: int) -> Refused:
    """The refusal of a body with more than `most` bytes."""
    size = f"{most // (1024 * 1024)} MB" if most >= 1024 * 1024 else f"{most // 1024} KB"
    detail = gettext("请求正文最大 %(size)s，请减小后重新提交。") % {"size": size}
    return Refused(413, "body.too_large", detail, "body")


def undecoded(error: Exception, choices: Callable[[str], list[str]] | None = None) -> Refused:
    """The refusal of a body or query that could not be read; `choices` as in `of_decoding`."""
    status, body = of_decoding(error, choices)
    return Refused(status, body["code"], body["detail"], body.get("field", ""))


def refused_rule(error: RuleError) -> Refused:
    """A rule's refusal as one of the entrance."""
    refused = Refused(error.status, error.code, "")
    refused.body = of_rule(error)[1]
    return refused


def problem(status: int, code: str, detail: str, field: str = "", data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The body of an error answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(_TITLES.get(status, _TITLES[400 if status < 500 else 500])),
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
    """Status and body for a refused rule; rules of the kernel carry plain Chinese, said here in the reader's language."""
    message = str(error.message)
    return error.status, problem(
        error.status, error.code, gettext(message) if message else error.code, error.field, error.data
    )


def of_decoding(error: Exception, choices: Callable[[str], list[str]] | None = None) -> tuple[int, dict[str, Any]]:
    """Status and body for a body that is no JSON (400) or not of the expected shape (422).

    `choices` tells which values a field may take, where they are few.
    """
    text = str(error)
    if isinstance(error, msgspec.ValidationError):
        found = _PATH.search(text)
        field = found.group(1).replace("[...]", "") if found else ""
        reason = text[: found.start()] if found else text
        if "missing required field" in reason or "contains unknown field" in reason:
            name = _NAMED.search(reason)
            field = ".".join(part for part in (field, name.group(1) if name else "") if part)
        listed = choices(field) if choices is not None else []
        return 422, problem(422, "body.invalid", explain(reason, listed), field or "body")
    return 400, problem(400, "body.not_json", _broken(text), "body")


def _broken(text: str) -> str:
    if "surrogate" in text:
        return gettext("请求正文里有半个表情符号（不成对的 UTF-16 代理项），请删除后重新提交。")
    if "utf-8" in text:
        return gettext("请求正文不是有效的 UTF-8 文本，请转换编码后重新提交。")
    return gettext("请求正文不是有效的 JSON，请检查括号、引号和逗号：%(why)s") % {"why": text[:200]}


def control_in(value: object, field: str = "") -> tuple[str, str] | None:
    """(field, character) of the first control character or half surrogate in plain values; None when there is none."""
    if isinstance(value, str):
        found = _CONTROL.search(value)
        return (field, f"U+{ord(found[0]):04X}") if found else None
    pairs: list[tuple[str, object]] = []
    if isinstance(value, Mapping):
        pairs = [(f"{field}.{key}" if field else str(key), inner) for key, inner in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [(f"{field}[{place}]", inner) for place, inner in enumerate(value)]
    return next((hit for name, inner in pairs if (hit := control_in(inner, name))), None)


def refuse_control(value: object) -> None:
    """Refuse plain values with a control character in any text, naming the field."""
    hit = control_in(value)
    if hit is not None:
        detail = gettext("内容里有不可见的控制字符或半个表情符号（%(code)s），请删除后重新提交。") % {"code": hit[1]}
        raise Refused(422, "text.control", detail, hit[0] or "body")


def explain(reason: str, choices: list[str] | None = None) -> str:
    """What is wrong and what to do about it, from a decoder's own words (`Expected …, got …`)."""
    for pattern, words in _EXPLAINED:
        found = pattern.search(reason)
        if found is None:
            continue
        told = {key: _typed(value) for key, value in found.groupdict().items()}
        if "allowed" in told:
            choices = told["allowed"].split("|")
        listed = gettext("可用：%(choices)s。") % {"choices": "、".join(choices)} if choices else ""
        return " ".join(part for part in (str(words) % told, listed) if part)
    return gettext("取值不符合要求（%(reason)s），请按接口文档填写。") % {"reason": reason}


def _typed(value: str) -> str:
    """A JSON type by its name in the reader's language; anything else as it is."""
    return " / ".join(str(_TYPES.get(part, part)) for part in value.split(" | "))


_TITLES = {
    400: _("请求有误"),
    401: _("未通过身份验证"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("不支持这种方法"),
    409: _("有冲突"),
    412: _("有冲突"),
    413: _("内容过大"),
    415: _("不支持这种内容类型"),
    422: _("内容不符合要求"),
    429: _("请求过于频繁"),
    500: _("系统出错"),
    503: _("暂时不可用"),
}
_TYPES = {
    "str": _("文本"),
    "int": _("整数"),
    "float": _("数字"),
    "bool": _("true 或 false"),
    "object": _("对象"),
    "array": _("数组"),
    "null": _("空值"),
    "bytes": _("base64 文本"),
    "datetime": _("时间"),
}
_EXPLAINED = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"missing required field", _("缺少必填字段，请补上。")),
        (r"unknown field", _("没有这个字段，请核对拼写；登记投诉时，其他信息可放进 extra。")),
        (r"Invalid enum value (?P<value>.{1,60})", _("没有 %(value)s 这个取值，请从允许的取值中选择。")),
        (r"matching regex '\^\((?P<allowed>[^)]*)\)\$'", _("取值不在允许的范围内。")),
        (r"matching regex", _("写法不对，请按接口文档填写。")),
        (r"Expected `array` of length <= (?P<bound>\d+)", _("最多 %(bound)s 项，请减少。")),
        (r"Expected `array` of length >= (?P<bound>\d+)", _("至少 %(bound)s 项，请补上。")),
        (r"of length <= (?P<bound>\d+)", _("内容太长：最多 %(bound)s 个字，请缩短。")),
        (r"of length >= (?P<bound>\d+)", _("内容太短：至少 %(bound)s 个字，请补充。")),
        (r"Expected `\w+` <= (?P<bound>-?[\d.]+)", _("取值不能大于 %(bound)s，请改正。")),
        (r"Expected `\w+` >= (?P<bound>-?[\d.]+)", _("取值不能小于 %(bound)s，请改正。")),
        (r"RFC3339|timezone component", _("时间请写成带时区的 ISO 格式，例如 2026-03-02T09:00:00+08:00。")),
        (r"base64", _("这里需要 base64 编码的内容，请检查编码。")),
        (r"out of range", _("数字超出范围，请改小。")),
        (
            r"Expected `(?P<wanted>[^`]+)`, got `(?P<given>[^`]+)`",
            _("类型不对：这里需要%(wanted)s，收到的是%(given)s。请改正后重新提交。"),
        ),
    )
)
