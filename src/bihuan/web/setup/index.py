"""The first page of set-up: the pages that exist for this reader."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bihuan.identity import roles
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.web.setup.door import page, show
from bihuan.web.setup.names import named


@dataclass(frozen=True)
class Card:
    """One page: its address, what it is for, and the rights of which one opens it."""

    url_name: str
    label: Promise
    about: Promise
    icon: str
    rights: tuple[str, ...]

    @property
    def url(self) -> str:
        """Where it is."""
        return reverse(self.url_name)


@dataclass(frozen=True)
class Group:
    """Pages of one task under one heading."""

    code: str
    label: Promise
    cards: tuple[Card, ...]


PEOPLE = (roles.ACCOUNTS, roles.GRANTS)
RULES = (roles.SETUP,)
GROUPS: tuple[Group, ...] = (
    Group("people", _("人员与部门"), (
        Card("setup:units", _("部门管理"), _("组织结构、负责地区、责任人"), "sitemap", PEOPLE),
        Card("setup:staff", _("人员与角色"), _("账号、密码重置、角色授予、解锁"), "users", PEOPLE),
        Card("setup:roster", _("排班"), _("班次、请假与代理、责任人"), "calendar", (roles.DUTY,)),
        Card("setup:handover", _("交接班"), _("交班时的在办情况和留言，由下一班接班"), "arrows-exchange", (roles.DUTY,)),
    )),
    Group("routing", _("分类与派单"), (
        Card("setup:trees", _("分类树"), _("现象、产品、原因、争议四棵树及关键词"), "tags", RULES),
        Card("setup:areas", _("地区"), _("省、市、区县与网格"), "map-pin", RULES),
        Card("setup:rules", _("派单规则"), _("哪类投诉派给哪个部门，可试派"), "route", RULES),
        Card("sharing:units", _("分派方式与技能"), _("自取、自动或班组长分派，接单时限，人员技能"), "users", (roles.DUTY,)),
        Card("fieldwork:crews", _("班组与片区"), _("上门班组、负责的地区、人员和每天的时段"), "route", (roles.DUTY, roles.SETUP)),
        Card("sharing:disputes", _("归属裁定"), _("两个部门都说不归自己的工单，由您裁定"), "alert-triangle", (roles.RULE,)),
        Card("setup:parameters", _("参数"), _("重复投诉天数、自动派单等单项设定"), "settings", RULES),
    )),
    Group("time", _("时限与升级"), (
        Card("setup:limits", _("时限规则"), _("每项承诺的时长、日历、预警和升级，可试算"), "clock", RULES),
        Card("setup:calendars", _("工作日历"), _("工作时段、节假日与调休"), "calendar", RULES),
        Card(
            "setup:escalation", _("升级办法"), _("到期前后每一级通知谁、提级、转办、督办，全省一套"), "alert-triangle", RULES,
        ),
        Card("appeals:bodies", _("申诉转办单位"), _("管局、12300 等的条件、各省时限、答复函"), "file-text", RULES),
    )),
    Group("closing", _("回访与评价"), (
        Card("closing:rules", _("回访与结单规则"), _("何时打、怎样算联系不上、结单要有什么、评价、关怀"), "phone", RULES),
        Card("closing:sheets", _("访谈表"), _("访谈时问的问题，可改，留版本"), "clipboard-text", RULES),
    )),
    Group("texts", _("话术与文书"), (
        Card("setup:reasons", _("原因与告知语"), _("不予受理、退单、挂起等原因，告知客户的话"), "message", RULES),
        Card("teamwork:milestones", _("进展告知设置"), _("哪些节点告知客户、用什么话"), "bell", RULES),
        Card("knowledge:articles", _("知识库"), _("话术、规范、典型案例和文字模块，留版本，经审批"), "file-text", RULES),
        Card("proof:signing-texts", _("客户签署文字"), _("客户在手机上签名时看到的确认单和协议"), "edit", RULES),
        Card("teamwork:report-template", _("报告模板与接口人"), _("重大投诉报告的模板，各部门接口人"), "file-text", RULES),
    )),
    Group("money", _("金额"), (
        Card("teamwork:budgets", _("补偿额度与预算"), _("各角色可直接批准的金额，各部门每月预算"), "copy", RULES),
    )),
    Group("figures", _("统计"), (
        Card("setup:subscribers", _("用户数"), _("按地区、产品、月份的用户数（万投比的分母）"), "chart-bar", RULES),
    )),
    Group("channels", _("接口与安全"), (
        Card("setup:tokens", _("接口令牌"), _("发给对接系统的令牌，可吊销"), "lock", (roles.SETUP, roles.GRANTS)),
        Card("proof:recording-hosts", _("录音系统"), _("联系记录可以链接到哪些录音系统"), "headset", RULES),
        Card("proof:verify", _("证据包核验"), _("交回来的投诉证据包有没有被改动"), "shield-lock", (roles.EXPORT,)),
    )),
)  # fmt: skip
FEW = 9
"""From more cards on than these a box to filter them stands above."""


@page(roles.SETUP, roles.ACCOUNTS, roles.GRANTS, roles.DUTY)
@require_safe
def index(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The cards of the pages she may open, by task."""
    groups = [
        (group, cards)
        for group in GROUPS
        if (cards := [card for card in group.cards if any(by.can(right) for right in card.rights)])
    ]
    many = sum(len(cards) for _group, cards in groups) > FEW
    return show(request, "setup/index.html", {"groups": groups, "many": many})


@page(roles.ACCOUNTS, roles.DUTY, roles.GRANTS, roles.SETUP)
@require_safe
def pick_staff(request: HttpRequest, by: Viewer) -> JsonResponse:
    """People by name, username or employee number (`q`), for pickers; ids are usernames."""
    q = request.GET.get("q", "").strip()
    rows = Staff.objects.filter(is_active=True, is_system=False).select_related("unit")
    if q:
        rows = (
            rows.filter(name__contains=q)
            | rows.filter(username__istartswith=q)
            | rows.filter(employee_number__iexact=q)
            | rows.filter(name_en__icontains=q)
        )
    found = rows.order_by("username")[:30]
    answer = [{"id": row.username, "label": named(row), "path": named(row.unit), "leaf": True} for row in found]
    return JsonResponse(answer, safe=False)
