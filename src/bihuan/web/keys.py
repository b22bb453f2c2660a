"""The keyboard, as one table: the handler in the browser, the tooltips and the cheat-sheet all read it from here."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Key:
    """`combo` as the browser handler spells it; `action` is what an element names in `data-key` to be pressed.

    `typing` says whether it also works while the cursor is in a field.
    """

    combo: str
    action: str
    label: Promise
    typing: bool = False

    @property
    def caps(self) -> str:
        """As printed on a key cap."""
        return self.combo.replace("Control", "Ctrl").replace("Escape", "Esc")


KEYS: tuple[Key, ...] = (
    Key("J", "next", _("下一条")),
    Key("K", "previous", _("上一条")),
    Key("Enter", "open", _("打开选中的一条")),
    Key("X", "pick", _("勾选 / 取消勾选")),
    Key("N", "new", _("登记新投诉")),
    Key("R", "reply", _("答复客户")),
    Key("A", "assign", _("接单或派单")),
    Key("S", "suspend", _("挂起 / 恢复")),
    Key("1", "satisfied", _("回访：满意")),
    Key("2", "neutral", _("回访：一般")),
    Key("3", "dissatisfied", _("回访：不满意")),
    Key("0", "unreached", _("回访：未接通")),
    Key("/", "search", _("按工单编号查找")),
    Key("?", "help", _("快捷键一览")),
    Key("Control+K", "jump", _("跳转到页面或动作"), typing=True),
    Key("F9", "register", _("通话中登记投诉"), typing=True),
    Key("Control+Enter", "submit", _("提交当前表单"), typing=True),
    Key("Escape", "close", _("关闭弹窗，或离开输入框"), typing=True),
)


def caps(action: str) -> str:
    """The key cap of an action (`Ctrl+K`); an empty string when it has none."""
    return next((key.caps for key in KEYS if key.action == action), "")


def table() -> list[dict[str, object]]:
    """The table as the browser reads it, in the reader's language."""
    return [{"combo": k.combo, "action": k.action, "label": str(k.label), "typing": k.typing} for k in KEYS]
