"""Is a reply fit to be sent? What it should state, empty phrases, and data of somebody else. Pure: plain values only."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.text import personal

LEAST: Final = 30
"""Characters below which a final reply cannot have said what it has to."""
_TIME: Final = re.compile(
    r"\d{1,2}\s*[:：点时]\s*\d{0,2}|\d{1,4}\s*[年月日号]|\d+\s*(?:小时|分钟|天|个工作日|工作日)|今[天日晚早]|昨[天日晚]|明[天日早]|"
    r"上午|下午|中午|晚上|当日|即日|本周|下周|月底前|周[一二三四五六日天]|\d{4}-\d{1,2}-\d{1,2}"
)
_HANDLER: Final = re.compile(
    r"处理人|经办人|联系人|工号|工程师|客户经理|装维|维护人员|师傅|专员|我是|由[\u4e00-\u9fff]{2,10}(?:处理|核实|跟进|负责|上门)"
)
_CAUSE: Final = re.compile(
    r"原因|由于|因为|因[\u4e00-\u9fff]{2,}|系[\u4e00-\u9fff]{2,}(?:导致|所致|引起|造成)|导致|所致|引起|造成|经核[实查]|经查|经检测|故障点|查明"
)
_SOLUTION: Final = re.compile(
    r"已(?:经)?(?:修复|恢复|更换|调整|优化|处理|退还|退费|减免|关闭|开通|重新|补|解决|完成|取消|办理|安排|赔付)|解决办法|处理结果|解决方案|"
    r"将(?:于|在)?[^。；]{0,20}(?:修复|更换|调整|优化|上门|退还|退费|减免|安排|建设|扩容|办理)|建议您|请您|为您(?:办理|安排|更换|退|减免|开通|调整)"
)
EMPTY_PHRASES: Final = (
    "尽快处理", "尽快解决", "会尽快", "正在处理中", "请耐心等待", "耐心等候", "已反馈相关部门", "已转相关部门", "反馈给相关部门",
    "相关部门会", "给您带来不便敬请谅解", "敬请谅解", "感谢您的理解与支持", "高度重视", "我们会努力", "会有专人",
)  # fmt: skip
"""Phrases that promise nothing. Beside facts they do no harm; alone they are no answer."""


@dataclass(frozen=True)
class Finding:
    """One thing about a reply. `hard` refuses it; otherwise it is a warning with what to add. `shown` are the words meant
    (never a whole number)."""

    code: str
    message: str | Promise
    hard: bool = False
    shown: tuple[str, ...] = ()


_WANTED: Final[tuple[tuple[str, re.Pattern[str], Promise], ...]] = (
    ("time", _TIME, _("没有写时间：请写明何时核实、何时修复或何时答复。")),
    ("handler", _HANDLER, _("没有写处理人：请写明由谁处理、怎么联系到。")),
    ("cause", _CAUSE, _("没有写原因：请写明查到的原因或核实情况。")),
    ("solution", _SOLUTION, _("没有写解决办法：请写明已经做了什么、还要做什么。")),
)


def check(
    text: str,
    *,
    final: bool = True,
    solution: str = "",
    handler: str = "",
    own_tokens: Collection[str] = (),
    foreign: Sequence[str] = (),
) -> list[Finding]:
    """What is wrong with a reply, refusals first; an empty list when it is fit to be sent.

    `solution` is what stands in the field of that name, `handler` the name that counts as naming the handler,
    `own_tokens` the vault tokens of this case, `foreign` numbers in the text that are known to be another customer's.
    An interim reply (`final` False) only has to hold nothing of anybody else's and no mere phrases.
    """
    found = _of_others(text, own_tokens, foreign)
    bare = re.sub(r"\s+", "", text)
    phrases = tuple(phrase for phrase in EMPTY_PHRASES if phrase in bare)
    missing = [] if not final else _missing(text, solution, handler)
    if final and len(bare) < LEAST:
        found.append(Finding("short", _("太短：客户看不出查了什么、办了什么，请补充。")))
    found += missing
    if phrases and (not final or any(one.code in {"cause", "solution"} for one in missing)):
        found.append(Finding("empty", _("只有套话：请换成具体的时间、原因和办法。"), shown=phrases[:3]))
    left = tuple(dict.fromkeys(re.findall(r"\{[^{}\n]{1,20}\}", text)))
    if left:
        found.append(Finding("placeholder", _("还有没填的占位符，请改成实际内容。"), shown=left[:3]))
    return found


def _of_others(text: str, own_tokens: Collection[str], foreign: Sequence[str]) -> list[Finding]:
    found = []
    strange = tuple(dict.fromkeys(m[0] for m in personal.TOKEN.finditer(text) if m[0] not in own_tokens))
    if strange:
        message = _("这里有别的工单里的号码标记，不能发给这位客户，请删去。")
        found.append(Finding("foreign_token", message, hard=True, shown=strange[:3]))
    if foreign:
        tails = tuple(f"…{number[-4:]}" for number in foreign[:3])
        message = _("这里有另一位客户的号码，不能发给这位客户，请删去。")
        found.append(Finding("foreign_number", message, hard=True, shown=tails))
    return found


def _missing(text: str, solution: str, handler: str) -> list[Finding]:
    said = {
        "time": bool(_TIME.search(text)),
        "handler": bool(_HANDLER.search(text)) or bool(handler and handler in text),
        "cause": bool(_CAUSE.search(text)),
        "solution": bool(_SOLUTION.search(text)) or len(solution.strip()) >= 4,
    }
    return [Finding(code, message) for code, _pattern, message in _WANTED if not said[code]]


def numbers_in(text: str) -> list[str]:
    """Telephone and account numbers a text holds, as dialled: to be looked up by who may."""
    return list(dict.fromkeys(one.value for one in personal.find(text) if one.kind in {"phone", "account"}))
