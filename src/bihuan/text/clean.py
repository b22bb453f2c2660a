"""Hygiene for every text that comes in, whatever the entrance: one function, called once a field.

After it a text is NFC, trimmed, with `\\n` line ends, free of what a database, a terminal or a page would stumble on.
"""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError

_BLANK: Final = " \t\r\n\u00a0\u3000\ufeff"
_REFUSED_IN_A_LINE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_REFUSED_IN_LINES: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS: Final = re.compile("\r\n?|[\u2028\u2029]")
_UNSEEN: Final = re.compile("[\ufeff\u202a-\u202e\u2066-\u2069]")
"""Direction overrides let a text show something else than it says; byte order marks come from careless copying."""


def clean(value: object, max_length: int, field: str, multiline: bool = False) -> str:
    """The text as it will be stored, at most `max_length` characters (code points, after trimming); may be empty.

    Raises RuleError naming `field`: `text.type`, `text.too_long`, `text.surrogate`, `text.control`.
    A tab or line break is welcome in a `multiline` text and refused inside a line. Emoji stay.
    """
    if type(value) is str and len(value) <= max_length and value.isascii() and value.isprintable():
        return value.strip(" ")  # numbers and codes, most of what comes in
    if not isinstance(value, str):
        raise RuleError("text.type", _("这里需要文字。请改为文本后重新提交。"), field=field)
    text = value.strip(_BLANK)
    if len(text) > max_length * 3:
        raise _too_long(len(text), max_length, field)
    if not text.isprintable():
        text = _without_surprises(text, field, multiline)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if len(text) > max_length:
        raise _too_long(len(text), max_length, field)
    return text


def _without_surprises(text: str, field: str, multiline: bool) -> str:
    """For the rarer text that holds line ends, full-width blanks, joiners or worse."""
    if multiline:
        text = _LINE_ENDS.sub("\n", text)
        refused = _REFUSED_IN_LINES.search(text)
    else:
        refused = _REFUSED_IN_A_LINE.search(text)
    if refused:
        raise _refusal(refused[0], refused.start() + 1, field, multiline)
    return _UNSEEN.sub("", text).strip(_BLANK)


def _refusal(char: str, position: int, field: str, multiline: bool) -> RuleError:
    place = {"position": position, "code": f"U+{ord(char):04X}"}
    if "\ud800" <= char <= "\udfff":
        message = _("第 %(position)d 个字符不完整（%(code)s，半个表情符号）。请删除后重新输入。")
        return RuleError("text.surrogate", message % place, field=field, data=place)
    if char in "\n\r\t" and not multiline:
        message = _("第 %(position)d 个字符是换行或制表符，这里只能写一行。请删除后重新提交。")
    else:
        message = _("第 %(position)d 个字符是不可见的控制字符（%(code)s）。请删除后重新提交。")
    return RuleError("text.control", message % place, field=field, data=place)


def _too_long(count: int, limit: int, field: str) -> RuleError:
    message = _("最多 %(limit)d 个字，现在有 %(count)d 个。请删减后重新提交。")
    numbers = {"limit": limit, "count": count}
    return RuleError("text.too_long", message % numbers, field=field, data=numbers)
