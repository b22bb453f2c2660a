"""The template with its placeholders, and the sheet that is printed. Pure."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.kernel.paper import Sheet
from bihuan.text.personal import TOKEN

PLACEHOLDERS: tuple[str, ...] = (
    "编号", "登记时间", "地区", "渠道", "分类", "紧急程度", "投诉内容", "诉求", "责任部门", "处理人", "处理经过", "协查情况",
    "答复", "状态",
)  # fmt: skip
NUMBER = "{编号}"
TITLE = "关于投诉 {编号} 的重大投诉报告"
TEXT = """一、基本情况：{登记时间} 经 {渠道} 受理，地区 {地区}，分类 {分类}，紧急程度 {紧急程度}，当前状态 {状态}。
二、投诉内容：{投诉内容}
三、客户诉求：{诉求}
四、责任部门与处理人：{责任部门} {处理人}
五、处理经过：{处理经过}
六、协查情况：{协查情况}
七、对客户的答复：{答复}
八、原因分析：
九、影响与风险（社会影响、经济损失）：
十、整改措施与责任人："""
_SPOT = re.compile(r"\{([^{}\n]{1,20})\}")
LEAST, MOST = 20, 10_000


def check(text: str, field: str) -> None:
    """Refuses a placeholder nobody can fill."""
    strange = [name for name in _SPOT.findall(text) if name not in PLACEHOLDERS]
    if strange:
        raise RuleError(
            "report.placeholder",
            _("没有占位符 {%(name)s}；可用：%(all)s。")
            % {"name": strange[0], "all": "、".join(f"{{{name}}}" for name in PLACEHOLDERS)},
            field=field,
        )


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The template with what is known; what is not stays empty."""
    return _SPOT.sub(lambda spot: facts.get(spot[1], ""), template)


def sheet(
    title: str, text: str, number: str, masks: Mapping[str, str], operator: str, day: date, mark: str = ""
) -> Sheet:
    """The report as it is printed: numbers of persons as masks."""

    def spoken(told: str) -> str:
        return TOKEN.sub(lambda token: masks.get(token[0], "****"), told.replace(NUMBER, number))

    lines = tuple(line.strip() for line in spoken(text).splitlines() if line.strip())
    signed = tuple(part for part in (operator, f"{day.year}年{day.month}月{day.day}日") if part)
    return Sheet(spoken(title), lines, (), signed, mark)
