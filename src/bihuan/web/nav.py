"""The places of the house, each shown to those who have the right for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.identity import roles
from bihuan.identity.models import Staff


@dataclass(frozen=True)
class Place:
    """A menu entry: `url_name` of its first page, the rights of which one is enough, and its icon in the sprite."""

    code: str
    url_name: str
    label: Promise
    icon: str
    rights: tuple[str, ...]

    def url(self) -> str:
        """Where it leads; empty while the house has no such page."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


PLACES: tuple[Place, ...] = (
    Place("desk", "desk:queue", _("工作台"), "inbox", (roles.READ,)),
    Place("registration", "hotline:registration", _("登记投诉"), "headset", (roles.REGISTER,)),
    Place("revisits", "desk:revisits", _("回访"), "phone", (roles.REVISIT,)),
    Place("leading", "leading:supervision", _("督办和答疑"), "flag", (roles.SUPERVISE, roles.DUTY)),
    Place("approvals", "closing:approvals", _("待我审批"), "check", (roles.DUTY,)),
    Place("teamwork", "teamwork:first", _("协作"), "users", (roles.HANDLE, roles.MONEY, roles.REOPEN)),
    Place("fieldwork", "fieldwork:first", _("上门维修"), "route", (roles.HANDLE, roles.SETUP, roles.FIGURES)),
    Place("appeals", "appeals:list", _("申诉"), "file-text", (roles.APPEAL,)),
    Place("figures", "reports:figures", _("统计"), "chart-bar", (roles.FIGURES,)),
    Place("setup", "setup:index", _("设置"), "settings", (roles.SETUP, roles.ACCOUNTS, roles.GRANTS, roles.DUTY)),
    Place("audit", "setup:audit", _("审计"), "shield-lock", (roles.AUDIT,)),
    Place("ledger", "closing:ledger", _("台账"), "list-details", (roles.AUDIT,)),
    Place("knowledge", "knowledge:articles", _("知识库"), "file-text", (roles.READ,)),
    Place("oversight", "oversight:first", _("监督检查"), "eye", (roles.PATROL, roles.LEAK, roles.HANDLE)),
    Place("reviews", "closing:reviews", _("转派复盘"), "search", (roles.REVIEW,)),
    Place("requests", "closing:requests", pgettext_lazy("many", "服务请求"), "clipboard-text", (roles.READ,)),
    Place("imports", "imports:index", _("导入"), "file-import", (roles.IMPORT,)),
    Place("handover", "setup:handover", _("交接班"), "arrows-exchange", (roles.REGISTER, roles.RECEIVE, roles.REVISIT)),
)
"""What is needed daily first: what finds no room in the bar is folded into its last entry."""


@dataclass(frozen=True)
class Entry:
    """A place as the menu shows it to one reader."""

    code: str
    label: Promise
    icon: str
    url: str


def entries(user: Staff) -> list[Entry]:
    """The menu of this person, in the order of the house."""
    return [
        Entry(place.code, place.label, place.icon, url)
        for place in PLACES
        if any(user.can(right) for right in place.rights) and (url := place.url())
    ]


BAR_WIDTH = 640
"""Pixels the bar has for its entries on a screen 1280 wide, beside the name, the search, the bell and the person."""
NARROW_BAR_WIDTH = 360
"""The same on a screen 1000 wide; below that all entries are folded."""
_PADDING, _WIDE, _NARROW = 26, 14, 7.5


def width_of(label: str) -> float:
    """About how many pixels an entry of the bar takes; Chinese characters are twice as wide as others."""
    return _PADDING + sum(_WIDE if ord(sign) > 0x2E7F else _NARROW for sign in label)


def folded(menu: Sequence[Entry], more: str, width: int = BAR_WIDTH) -> int:
    """How many of `menu` stand in a bar of this width; the others are behind an entry named `more`."""
    left = width - sum(width_of(str(entry.label)) for entry in menu)
    if left >= 0:
        return len(menu)
    room, count = width - width_of(more) - _NARROW * 3, 0
    for entry in menu:
        room -= width_of(str(entry.label))
        if room < 0:
            break
        count += 1
    return count
