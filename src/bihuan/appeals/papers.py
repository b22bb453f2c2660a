"""The answer letter: a template with placeholders, what they stand for, and the sheet that is printed. Pure.

A letter is stored without personal data: the customer's name and contacts stay placeholders, numbers in the text are
vault tokens. They are filled in, masked or plain, only on paper.
"""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.kernel.paper import Sheet
from bihuan.text.personal import TOKEN

PERSONAL: Mapping[str, str] = {"姓名": "name", "电话": "phone", "地址": "address", "号码": "complained_number"}
"""Placeholders that stand for a field of the vault; they stay until the letter is put on paper."""
NUMBERS: tuple[str, ...] = ("申诉编号", "工单编号")
"""These stay too: a long number standing in the text would be taken for somebody's."""
PLAIN: tuple[str, ...] = ("转办单位", "收到日期", "诉求", "处理结果", "责任认定", "企业")
PLACEHOLDERS: tuple[str, ...] = (*PLAIN, *NUMBERS, *PERSONAL)
_SPOT = re.compile(r"\{([^{}\n]{1,20})\}")
_HIDDEN = "****"

LETTER = """{转办单位}：
贵单位转来的申诉（编号 {申诉编号}，申诉人 {姓名}，电话 {电话}）于 {收到日期} 收悉，我公司登记为工单 {工单编号}。
现将核查处理情况答复如下。
一、申诉人诉求：{诉求}
二、核查与处理：{处理结果}
三、责任认定：{责任认定}
特此答复。"""
"""What every body's template is at first; edited in set-up."""


def check(text: str, field: str = "text") -> None:
    """Refuses a text with a placeholder nobody can fill."""
    strange = [name for name in _SPOT.findall(text) if name not in PLACEHOLDERS]
    if strange:
        raise RuleError(
            "letter.placeholder",
            _("没有占位符 {%(name)s}；可用：%(all)s。")
            % {"name": strange[0], "all": "、".join(f"{{{name}}}" for name in PLACEHOLDERS)},
            field=field,
        )


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The template with its plain placeholders filled; personal ones, and those without a fact, stay."""
    return _SPOT.sub(lambda spot: facts.get(spot[1], spot[0]) if spot[1] in PLAIN else spot[0], template)


def numbered(text: str, numbers: Mapping[str, str]) -> str:
    """The text with these numbers (of `NUMBERS`) as placeholders again, where somebody wrote them out."""
    for name in NUMBERS:
        if len(numbers.get(name, "")) > 4:
            text = text.replace(numbers[name], f"{{{name}}}")
    return text


def unfilled(text: str) -> list[str]:
    """Plain placeholders that still stand in the text: the letter is not finished."""
    return [name for name in _SPOT.findall(text) if name in PLAIN]


def spoken(text: str, values: Mapping[str, str]) -> str:
    """The text with personal placeholders, numbers and vault tokens as `values` say them (masks or plain)."""

    def word(spot: re.Match[str]) -> str:
        name = spot[1]
        return values.get(PERSONAL.get(name, name), "") if name in PERSONAL or name in NUMBERS else spot[0]

    text = _SPOT.sub(word, text)
    return TOKEN.sub(lambda token: values.get(token[0], _HIDDEN), text)


def sheet(title: str, text: str, values: Mapping[str, str], operator: str, day: date, mark: str = "") -> Sheet:
    """The letter as it is printed; a first line that ends in a colon addresses the reader."""
    lines = [line.strip() for line in spoken(text, values).splitlines() if line.strip()]
    head = lines[:1] if lines and lines[0].endswith(("：", ":")) else []
    signed = tuple(part for part in (operator, f"{day.year}年{day.month}月{day.day}日") if part)
    return Sheet(spoken(title, values), tuple(lines[len(head) :]), tuple(head), signed, mark)
