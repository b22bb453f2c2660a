"""The places of the house, each shown to those who have the right for it."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    Place("approvals", "closing:approvals", _("待我审批"), "check", (roles.DUTY,)),
    Place("knowledge", "knowledge:articles", _("知识库"), "file-text", (roles.READ,)),
    Place("teamwork", "teamwork:first", _("协作"), "users", (roles.HANDLE, roles.MONEY, roles.REOPEN)),
    Place("fieldwork", "fieldwork:first", _("上门维修"), "route", (roles.HANDLE,)),
    Place("leading", "leading:supervision", _("督办和答疑"), "flag", (roles.SUPERVISE, roles.DUTY)),
    Place("appeals", "appeals:list", _("申诉"), "file-text", (roles.APPEAL,)),
    Place("figures", "reports:figures", _("统计"), "chart-bar", (roles.FIGURES,)),
    Place("reviews", "closing:reviews", _("转派复盘"), "search", (roles.REVIEW,)),
    Place("requests", "closing:requests", _("服务请求"), "clipboard-text", (roles.READ,)),
    Place("ledger", "closing:ledger", _("台账"), "list-details", (roles.AUDIT,)),
    Place("imports", "imports:index", _("导入"), "file-import", (roles.IMPORT,)),
    Place("handover", "setup:handover", _("交接班"), "arrows-exchange", (roles.REGISTER, roles.RECEIVE, roles.REVISIT)),
    Place("setup", "setup:index", _("设置"), "settings", (roles.SETUP, roles.ACCOUNTS, roles.GRANTS, roles.DUTY)),
    Place("audit", "setup:audit", _("审计"), "shield-lock", (roles.AUDIT,)),
)


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
