"""Labels of stored fields, and how their values are read."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Channel, Urgency
from bihuan.catalog.models import Area, Node, Reason
from bihuan.dispatch.models import Mode
from bihuan.identity.models import Shift, Unit
from bihuan.revisit.models import Rule

Label = str | Promise

CHOICES: Mapping[str, Mapping[object, Label]] = {
    "unit": dict(Unit.Kind.choices),
    "area": dict(Area.Level.choices),
    "service": dict(Node.ServiceType.choices),
    "reason": dict(Reason.Kind.choices),
    "shift": dict(Shift.Kind.choices),
    "mode": dict(Mode.choices),
    "late": {"lead": _("转给责任人"), "pool": _("放回待接单，换人")},
    "urgency": dict(Urgency.choices),
    "tree": dict(Node.Tree.choices),
    "impact": {1: _("单个客户"), 2: _("几个客户"), 3: _("一片区域"), 4: _("大面积")},
    "complexity": {1: _("简单"), 2: _("普通"), 3: _("复杂")},
    "channel": dict(Channel.choices),
    "bad": dict(Rule.Bad.choices),
}
"""Words of coded values."""

HIDDEN = frozenset({"id", "path", "initials", "is_system", "created_at", "area_level", "digest", "last_login"})
"""Fields that follow from others or say nothing to a reader."""

_ACTIVE: tuple[Label, str] = (_("在用"), "bool")
_NAME: dict[str, tuple[Label, str]] = {"name": (_("名称"), "text"), "name_en": (_("英文名称"), "text")}

FIELDS: Mapping[str, Mapping[str, tuple[Label, str]]] = {
    "identity_unit": {
        "code": (_("代码"), "text"),
        **_NAME,
        "kind": (_("类型"), "choice:unit"),
        "parent_id": (_("上级部门"), "unit"),
        "area_id": (_("负责地区"), "area"),
        "responsible_id": (_("责任人"), "staff"),
        "active": _ACTIVE,
    },
    "identity_staff": {
        "username": (_("账号"), "text"),
        "name": (_("姓名"), "text"),
        "name_en": (_("英文姓名"), "text"),
        "employee_number": (_("工号"), "text"),
        "unit_id": (_("部门"), "unit"),
        "roles": (_("角色"), "roles"),
        "deputy_id": (_("代理人"), "staff"),
        "skills": (_("技能"), "list"),
        "is_active": _ACTIVE,
        "must_change_password": (_("须换密码"), "bool"),
        "password_changed_at": (_("密码设定时间"), "moment"),
    },
    "identity_shift": {
        "unit_id": (_("部门"), "unit"),
        "staff_id": (_("人员"), "staff"),
        "kind": (_("班次"), "choice:shift"),
        "starts_at": (_("开始"), "moment"),
        "ends_at": (_("结束"), "moment"),
    },
    "dispatch_unitwork": {
        "unit_id": (_("部门"), "unit"),
        "mode": (_("分派方式"), "choice:mode"),
        "pickup_term": (_("接单时限"), "text"),
        "late_to": (_("超时未接"), "choice:late"),
        "most_open": (_("每人最多在手"), "text"),
        "share_days": (_("份额按最近几天计"), "text"),
    },
    "catalog_area": {
        **_NAME,
        "level": (_("级别"), "choice:area"),
        "parent_id": (_("上级地区"), "area"),
        "active": _ACTIVE,
    },
    "catalog_node": {
        "tree": (_("所在的树"), "choice:tree"),
        "code": (_("代码"), "text"),
        **_NAME,
        "parent_id": (_("上级"), "node"),
        "level": (_("层级"), "text"),
        "position": (_("次序"), "text"),
        "service_type": (_("服务类型"), "choice:service"),
        "urgency": (_("紧急程度"), "choice:urgency"),
        "impact": (_("影响范围"), "choice:impact"),
        "complexity": (_("复杂程度"), "choice:complexity"),
        "dispute": (_("争议类型"), "text"),
        "keywords": (_("关键词"), "list"),
        "active": _ACTIVE,
    },
    "catalog_reason": {
        "kind": (_("用于"), "choice:reason"),
        "code": (_("代码"), "text"),
        **_NAME,
        "told_customer": (_("告知客户的话"), "text"),
        "told_customer_en": (_("告知客户的话（英文）"), "text"),
        "pauses": (_("暂停计时"), "bool"),
        "active": _ACTIVE,
    },
    "appeals_body": {
        "code": (_("代码"), "text"),
        **_NAME,
        "checks": (_("受理条件"), "checks"),
        "fee_months": (_("费用争议期限（月）"), "text"),
        "other_months": (_("其他争议期限（月）"), "text"),
        "unanswered_days": (_("企业答复期（日）"), "text"),
        "letter": (_("答复函模板"), "text"),
        "masked": (_("答复函里的客户信息脱敏"), "bool"),
        "active": _ACTIVE,
    },
    "revisit_rule": {
        "version": (_("版本"), "text"),
        "category": (_("现象分类"), "text"),
        "days": (_("哪几天打"), "list"),
        "hour_from": (_("从几点"), "text"),
        "hour_to": (_("到几点"), "text"),
        "gap_minutes": (_("两次之间隔（分钟）"), "text"),
        "attempts": (_("至少打几次"), "text"),
        "spread_days": (_("至少分在几天"), "text"),
        "media": (_("必须用过的方式"), "list"),
        "approver": (_("由谁审批例外结单"), "text"),
        "approval_term": (_("审批时限"), "text"),
        "required": (_("结单要有"), "required"),
        "survey": (_("结单后发评价短信"), "bool"),
        "survey_days": (_("评价链接有效（天）"), "text"),
        "bad_score": (_("几分及以下算差评"), "text"),
        "bad_rating": (_("差评之后"), "choice:bad"),
        "bad_days": (_("几天内转回"), "text"),
        "care_days": (_("结单几天后关怀回访"), "text"),
        "care_within": (_("几天内做完"), "text"),
        "script": (_("回访话术"), "text"),
        "script_en": (_("回访话术（英文）"), "text"),
        "questions": (_("还要问的问题"), "list"),
        "active": _ACTIVE,
    },
    "catalog_parameter": {"code": (_("代码"), "text"), "value": (_("值"), "text"), **_NAME},
    "catalog_subscribers": {
        "area_id": (_("地区"), "area"),
        "product_id": (_("产品"), "node"),
        "month": (_("月份"), "text"),
        "count": (_("用户数"), "text"),
    },
}
"""Table → field → (label, kind of value); kinds as `history.words` knows them."""
