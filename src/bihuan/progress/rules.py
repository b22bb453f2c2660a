"""The words of a milestone with their placeholders, and which events are news. Pure."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError

PLACEHOLDERS = ("编号", "部门", "时间")
"""Number of the complaint, name of the unit that has it, moment of the event. Nothing personal: the recipient and her
number come from the vault when the message leaves."""
NEWS = frozenset({
    "first_replied", "replied", "closed", "declined", "withdrawn", "merged", "converted", "appointment_booked",
    "appointment_moved",
})  # fmt: skip
"""With these (and a contact that reached her) nobody waits for the first news any more."""
MOST = 300
TOLD_BY_THE_STEP = frozenset({
    "appointment_booked", "appointment_moved", "appointment_cancelled", "appointment_reminded", "declined", "converted",
})  # fmt: skip
"""One message a happening: these steps write to the customer themselves, with day, hour or reason that a milestone's
words cannot hold. They cannot be milestones."""
_SPOT = re.compile(r"\{([^{}\n]{1,20})\}")

SHIPPED: tuple[tuple[str, str, bool, bool], ...] = (
    ("accepted", "您的投诉 {编号} 已受理，3 小时内会有专人与您联系。", False, True),
    ("dispatched", "您的投诉 {编号} 已转 {部门} 处理，请保持电话畅通。", False, True),
    ("repair_done", "您的投诉 {编号} 的故障已修复，请您留意使用情况，我们会再回访。", True, True),
    ("waiting", "您的投诉 {编号} 按约定暂缓处理，到时我们会继续并与您联系。", False, False),
    ("reopened", "您的投诉 {编号} 已重新处理，由 {部门} 负责，给您添麻烦了。", True, True),
    ("closed", "您的投诉 {编号} 已办结，感谢您的监督。", False, False),
)
"""Kind, words, whether it is news, whether it is in use."""


def is_news(kind: str, payload: Mapping[str, object]) -> bool:
    """True when the customer heard something with this event."""
    return kind in NEWS or (kind == "contacted" and payload.get("reached") is not False)


def check(text: str) -> str:
    """The words as they may be kept. `RuleError` for none, too many, or an unknown placeholder."""
    said = " ".join(text.split())
    if not 4 <= len(said) <= MOST:
        raise RuleError("milestone.text", _("请写 4 到 300 个字。"), field="text")
    strange = [name for name in _SPOT.findall(said) if name not in PLACEHOLDERS]
    if strange:
        raise RuleError(
            "milestone.placeholder",
            _("没有占位符 {%(name)s}；可用：{编号}、{部门}、{时间}。") % {"name": strange[0]},
            field="text",
        )
    return said


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The words with their placeholders filled."""
    return _SPOT.sub(lambda spot: facts.get(spot[1], spot[0]), text)
