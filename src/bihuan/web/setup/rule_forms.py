"""Forms of routing: one rule, and the complaint with which a set is tried out."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases.models import Channel
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.models import Node
from bihuan.dispatch.models import Rule
from bihuan.identity.models import Unit
from bihuan.kernel.errors import RuleError
from bihuan.web.setup.conditions import FLAGS, URGENCY_NUMBERS, WEEKDAYS
from bihuan.web.setup.names import named
from bihuan.web.setup.widgets import StaffPicker
from bihuan.web.widgets import AreaPicker, NodePicker

_LEVELS = [(str(n), str(n)) for n in range(1, 8)]
_PRIORITIES = [("", gettext_lazy("不变")), *((str(n), str(n)) for n in range(1, 6))]


def nodes(tree: str) -> list[tuple[str, str]]:
    """The entries in use of a tree, indented by level, as a choice field takes them."""
    rows = Node.objects.filter(tree=tree, active=True).order_by("code")
    return [(row.code, "　" * (row.level - 1) + f"{named(row)} {row.code}") for row in rows]


def _targets() -> list[tuple[str, Any]]:
    kinds = [(f"kind:{code}", str(label)) for code, label in Unit.Kind.choices if code not in {"team"}]
    local = [("area:district", _("投诉所在地的区局")), ("area:branch", _("投诉所在地的支局"))]
    rows = Unit.objects.filter(active=True).order_by("code")
    return [
        ("", "—"),
        (_("按类型，取负责投诉所在地的那个"), [*local, *kinds]),
        (_("固定的一个部门"), [(f"unit:{row.code}", f"{named(row)} {row.code}") for row in rows]),
    ]


class RuleForm(forms.Form):
    """If all of this holds, then that unit."""

    reason = forms.CharField(
        label=gettext_lazy("规则说明"), help_text=gettext_lazy("派单时显示，说明为什么派给它。"), max_length=200
    )
    reason_en = forms.CharField(label=gettext_lazy("规则说明（英文）"), max_length=300, required=False)
    category = forms.MultipleChoiceField(
        label=gettext_lazy("现象分类（含下级）"), widget=forms.CheckboxSelectMultiple, required=False
    )
    product = forms.MultipleChoiceField(
        label=gettext_lazy("产品（含下级）"), widget=forms.CheckboxSelectMultiple, required=False
    )
    service_type = forms.MultipleChoiceField(
        label=gettext_lazy("服务类型"),
        choices=Node.ServiceType.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    channel = forms.MultipleChoiceField(
        label=gettext_lazy("渠道"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    flags = forms.MultipleChoiceField(
        label=gettext_lazy("标记"), choices=list(FLAGS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    area = forms.CharField(
        label=gettext_lazy("地区"), help_text=gettext_lazy("地区代码或名称，多个用空格隔开。"), required=False
    )
    level_at_least = forms.ChoiceField(
        label=gettext_lazy("客户星级至少"), choices=[("", "—"), *_LEVELS], required=False
    )
    urgency_at_least = forms.ChoiceField(
        label=gettext_lazy("紧急程度至少"), choices=[("", "—"), *URGENCY_NUMBERS.items()], required=False
    )
    area_level_at_least = forms.ChoiceField(
        label=gettext_lazy("地区至少精确到"),
        choices=[("", "—"), (2, gettext_lazy("市")), (3, gettext_lazy("区县")), (4, gettext_lazy("网格"))],
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("内容含任一词"),
        help_text=gettext_lazy("多个用空格隔开，如：泄露 曝光。"),
        max_length=200,
        required=False,
    )
    hours = forms.CharField(
        label=gettext_lazy("登记时段"),
        help_text=gettext_lazy("如 18:00-08:00，多个用空格隔开。"),
        max_length=80,
        required=False,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("登记于星期几"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    target = forms.ChoiceField(label=gettext_lazy("派给"))
    staff = forms.CharField(
        label=gettext_lazy("责任人"),
        help_text=gettext_lazy("可不填；填了就要派给她所在的那个部门。"),
        widget=StaffPicker(),
        required=False,
    )
    routed = forms.CharField(
        label=gettext_lazy("派单档次"),
        help_text=gettext_lazy("一个词，如“快办”；时限规则的条件写 routed=快办，就从这次派单起按那条时限计时。"),
        max_length=20,
        required=False,
    )
    priority = forms.ChoiceField(label=gettext_lazy("优先级至少提到"), choices=_PRIORITIES, required=False)
    demands = forms.CharField(label=gettext_lazy("处理要求"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    demands_en = forms.CharField(
        label=gettext_lazy("处理要求（英文）"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    active = forms.BooleanField(label=gettext_lazy("启用这条规则"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = nodes("phenomenon")  # type: ignore[attr-defined]
        self.fields["product"].choices = nodes("product")  # type: ignore[attr-defined]
        self.fields["target"].choices = _targets()  # type: ignore[attr-defined]
        # a flag that only an older rule knows stays choosable, so that saving the rule does not drop it unseen
        held = [(flag, flag) for flag in self.initial.get("flags") or [] if flag not in FLAGS]
        self.fields["flags"].choices = [*FLAGS.items(), *held]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `dispatch.editing` takes, without the code."""
        told = self.cleaned_data
        conditions: dict[str, Any] = {
            key: told[key]
            for key in ("category", "product", "service_type", "channel", "flags", "weekdays")
            if told[key]
        }
        if told["area"]:
            conditions["area"] = [_area(one) for one in re.split(r"[\s,，、]+", told["area"].strip()) if one]
        for key in ("text", "hours"):
            words = [one for one in re.split(r"[\s,，、]+", told[key].strip()) if one]
            if words:
                conditions[key] = words
        for key in ("level_at_least", "urgency_at_least", "area_level_at_least"):
            if told[key]:
                conditions[key] = int(told[key])
        kind, _colon, value = told["target"].partition(":")
        targets = {"unit": {"unit": value}, "kind": {"kind": value}, "area": {"kind": value, "by_area": True}}
        plain = ("reason", "reason_en", "demands", "demands_en", "active")
        return {name: told[name] for name in plain} | {
            "conditions": conditions,
            "target": targets.get(kind, {})
            | {key: told[key].strip() for key in ("staff", "routed") if told[key].strip()},
            "priority": int(told["priority"]) if told["priority"] else None,
        }


def _area(told: str) -> int:
    found = catalog.current().area(told)
    if found is None:
        raise RuleError("rule.area", _("没有找到地区“%s”，请用代码或全名。") % told, field="area")
    return found.id


def initial(rule: Rule) -> dict[str, Any]:
    """A stored rule as the form shows it."""
    plain = ("reason", "reason_en", "demands", "demands_en", "active", "priority")
    held = dict(rule.conditions) | {key: " ".join(rule.conditions.get(key, [])) for key in ("text", "hours")}
    held |= {key: rule.target.get(key, "") for key in ("staff", "routed")}
    held |= {"area": " ".join(str(one) for one in rule.conditions.get("area", []))}
    return {name: getattr(rule, name) for name in plain} | held | {"target": target_key(rule.target)}


def target_key(target: dict[str, Any]) -> str:
    """A stored target as one word of the form's list."""
    if target.get("unit"):
        return f"unit:{target['unit']}"
    return f"{'area' if target.get('by_area') else 'kind'}:{target.get('kind', '')}"


class TrialForm(forms.Form):
    """A complaint to try the rules with; from the words alone category and flags are guessed as at registration."""

    content = forms.CharField(
        label=gettext_lazy("投诉内容"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=5000
    )
    category = forms.CharField(
        label=gettext_lazy("现象分类"),
        help_text=gettext_lazy("不填则由内容推断。"),
        widget=NodePicker("phenomenon"),
        required=False,
    )
    area = forms.CharField(label=gettext_lazy("地区"), widget=AreaPicker(), required=False)
    product = forms.CharField(label=gettext_lazy("产品"), widget=NodePicker("product"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), choices=Channel.choices)
    level = forms.ChoiceField(label=gettext_lazy("客户星级"), choices=[("0", "—"), *_LEVELS])
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急程度"), choices=[("", gettext_lazy("随分类")), *URGENCY_NUMBERS.items()], required=False
    )
