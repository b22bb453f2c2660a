"""The form of one level of the escalation procedure."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.catalog import snapshot as catalog
from bihuan.catalog.models import Node
from bihuan.escalation.models import Level
from bihuan.kernel.errors import RuleError
from bihuan.sla.deadlines import NAMES
from bihuan.sla.models import Policy
from bihuan.web.setup.conditions import FLAGS, URGENCY_NUMBERS, value_words
from bihuan.web.setup.names import named

MOMENTS = {"warned": _("预警（到期之前）"), "breached": _("到期"), "escalated": _("超时之后")}
TARGETS = {
    "handler": _("责任人"),
    "lead": _("部门责任人"),
    "manager": _("上级部门责任人"),
    "duty": _("当班值班长"),
    "dispatcher": _("派单员"),
    "management": _("管理部门"),
    "taker": _("首问坐席"),
}
REASSIGN = {
    "": _("不转"),
    "pool": _("放回部门待接单"),
    "lead": _("转给部门责任人"),
    "deputy": _("转给代理人（责任人不在时）"),
}
OWNERS = {**dict(Policy.Owner.choices), "work": _("子任务的期限")}
_LISTS = ("owner", "family", "policy", "work", "category", "flags")


class LevelForm(forms.Form):
    """If a limit reaches this moment and all of this holds, then this is done."""

    name = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("名称（英文）"), max_length=150, required=False)
    grade = forms.TypedChoiceField(label=_("第几级"), choices=[(n, n) for n in range(1, 10)], coerce=int)
    moment = forms.ChoiceField(label=_("时点"), choices=list(MOMENTS.items()))
    number = forms.TypedChoiceField(
        label=_("第几次"), choices=[(0, _("每次")), *((n, n) for n in range(1, 10))], coerce=int,
        help_text=_("时限规则可以有几次预警、几次升级。"),
    )  # fmt: skip
    owner = forms.MultipleChoiceField(
        label=_("时限对谁"), choices=list(OWNERS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    family = forms.MultipleChoiceField(
        label=_("时限族"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("同一承诺的几个时限，如不同类别的办结时限。"),
    )  # fmt: skip
    policy = forms.MultipleChoiceField(label=_("时限"), widget=forms.CheckboxSelectMultiple, required=False)
    work = forms.MultipleChoiceField(
        label=_("子任务"), choices=list(NAMES.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    category = forms.MultipleChoiceField(
        label=_("现象分类（含下级）"), widget=forms.CheckboxSelectMultiple, required=False
    )
    flags = forms.MultipleChoiceField(
        label=_("标记"), choices=list(FLAGS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    area = forms.CharField(label=_("地区"), help_text=_("地区代码或名称，多个用空格隔开。"), required=False)
    urgency_at_least = forms.ChoiceField(
        label=_("紧急程度至少"), choices=[("", "—"), *URGENCY_NUMBERS.items()], required=False
    )
    level_at_least = forms.ChoiceField(
        label=_("客户星级至少"), choices=[("", "—"), *((n, n) for n in range(1, 8))], required=False
    )
    tell = forms.MultipleChoiceField(
        label=_("通知"), choices=list(TARGETS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    raises = forms.BooleanField(label=_("提高一级优先级"), required=False)
    reassign = forms.ChoiceField(label=_("转给"), choices=list(REASSIGN.items()), required=False)
    supervise = forms.CharField(
        label=_("督办，期限"), required=False, max_length=20, help_text=_("如 2wd（两个工作日）、24h；不填不督办。")
    )
    active = forms.BooleanField(label=_("启用这一级"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policies = Policy.objects.filter(latest=True).order_by("code")
        nodes = Node.objects.filter(tree="phenomenon", active=True, level__lte=2).order_by("code")
        known = {
            "family": [(one, value_words("family", one)) for one in sorted({one.family for one in policies} - {""})],
            "policy": [(one.code, f"{named(one)} {one.code}") for one in policies],
            "category": [(one.code, "　" * (one.level - 1) + f"{named(one)} {one.code}") for one in nodes],
        }
        for name, choices in known.items():
            # what only an older level names stays choosable, so that saving does not drop it unseen
            held = [(one, one) for one in self.initial.get(name) or [] if one not in dict(choices)]
            self.fields[name].choices = [*choices, *held]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `escalation.editing.put` takes, without the code."""
        told = self.cleaned_data
        conditions: dict[str, Any] = {key: told[key] for key in _LISTS if told[key]}
        if told["area"]:
            conditions["area"] = [_area(one) for one in re.split(r"[\s,，、]+", told["area"].strip()) if one]
        conditions |= {key: int(told[key]) for key in ("urgency_at_least", "level_at_least") if told[key]}
        does: dict[str, Any] = {"tell": told["tell"]} if told["tell"] else {}
        does |= {"raise": True} if told["raises"] else {}
        does |= {key: told[key].strip() for key in ("reassign", "supervise") if told[key].strip()}
        plain = ("name", "name_en", "grade", "moment", "number", "active")
        return {name: told[name] for name in plain} | {"conditions": conditions, "actions": does}


def _area(told: str) -> int:
    found = catalog.current().area(told)
    if found is None:
        raise RuleError("level.area", str(_("没有找到地区“%s”，请用代码或全名。")) % told, field="area")
    return found.id


def initial(level: Level) -> dict[str, Any]:
    """A stored level as the form shows it."""
    plain = {name: getattr(level, name) for name in ("name", "name_en", "grade", "moment", "number", "active")}
    held = dict(level.conditions) | {"area": " ".join(str(one) for one in level.conditions.get("area", []))}
    does = {"tell": level.actions.get("tell", []), "raises": level.actions.get("raise", False)}
    return plain | held | does | {key: level.actions.get(key, "") for key in ("reassign", "supervise")}
