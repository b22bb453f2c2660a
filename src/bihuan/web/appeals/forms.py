"""What each body's order is taken down with; only shape is checked here, the verbs say what may be."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.appeals import own, rules
from bihuan.appeals.actions import CORRECTABLE
from bihuan.appeals.models import Appeal, Appellant
from bihuan.catalog import snapshot as catalog
from bihuan.flow.appeals import AppealIn
from bihuan.intake.schema import Customer
from bihuan.kernel import clock
from bihuan.web.setup.units import unit_choices
from bihuan.web.widgets import AreaPicker, NodePicker

_PRIVATE = {"autocomplete": "off", "data-private": ""}
_DAY = {"type": "date"}
_MOMENT_FORM = "%Y-%m-%dT%H:%M"

LEFT_OUT: Mapping[str, frozenset[str]] = {
    "miit": frozenset(),
    "12300": frozenset({"postcode"}),
    "12345": frozenset(
        {"postcode", "reason", "dispute", "arose_on", "interested", "settled", "elsewhere", "templated", "outcome"}
    ),
    "12315": frozenset({"postcode", "complained_on", "outcome"}),
}
"""Fields that a body's order does not have."""


def _moment(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT_FORM)
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget, required=required)


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(_DAY, "%Y-%m-%d"), required=False)


def _long(label: Any, rows: int, *, required: bool = True, most: int = 5000) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.Textarea({"rows": rows}),
        error_messages={"required": _("请填写这一项。")},
    )  # fmt: skip


def _line(label: Any, most: int, *, required: bool = False, private: bool = False, **more: Any) -> forms.CharField:
    attrs = _PRIVATE if private else {"autocomplete": "off"}
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.TextInput(attrs), **more)


def _choice(label: Any, choices: Mapping[str, Promise]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices.items()), required=False)


class _OwnFields(forms.Form):
    """The body's own fields under `own_<code>`, and the conditions; fields the body does not ask for are gone."""

    appellant = forms.ChoiceField(label=_("谁来申诉"), choices=Appellant.choices, required=False)
    templated = forms.BooleanField(label=_("模板化诉求（文字与他人雷同）"), required=False)
    dispute = _choice(_("争议种类"), rules.DISPUTES)
    arose_on = _day(_("争议发生日期"))
    complained_on = _day(_("先前向企业投诉的日期"))
    outcome = _choice(_("企业当时的答复"), rules.OUTCOMES)
    interested = forms.BooleanField(label=_("申诉人是直接利害关系人（或有授权）"), required=False)
    named = forms.BooleanField(label=_("被申诉的是本公司"), required=False)
    settled = forms.BooleanField(label=_("已达成和解并履行"), required=False)
    elsewhere = _choice(_("是否已由其他机关受理"), rules.ELSEWHERE)
    postcode = _line(_("邮编"), 10)
    reason = _long(_("理由"), 3, required=False, most=2000)
    earlier = _line(_("先前的投诉工单编号"), 64, help_text=_("客户自己先投诉的那一张；填电话后可在下面选。"))

    def __init__(self, *args: Any, body: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        for one in own.FIELDS[body]:
            self.fields[f"own_{one.code}"] = _own_field(one)
        for name in LEFT_OUT[body]:
            self.fields.pop(name, None)

    def own_values(self) -> dict[str, Any]:
        """The body's own fields as the room takes them."""
        told = {one.code: self.cleaned_data.get(f"own_{one.code}") for one in own.FIELDS[self.body]}
        return {code: _plain(value) for code, value in told.items() if value not in (None, "", False)}

    def conditions(self) -> dict[str, Any]:
        """The values of `CORRECTABLE` this form asked for."""
        told = {name: self.cleaned_data[name] for name in CORRECTABLE if name in self.fields}
        choices = {"appellant": "customer", "dispute": "other", "outcome": "dissatisfied"}
        told = {name: value or choices[name] if name in choices else value for name, value in told.items()}
        return {**told, "own": self.own_values()}

    @property
    def own_fields(self) -> list[Any]:
        """Bound fields of the body's own, for the template."""
        return [self[f"own_{one.code}"] for one in own.FIELDS[self.body]]


def _own_field(one: own.Own) -> forms.Field:
    label: Any = one.name
    if one.kind == "flag":
        return forms.BooleanField(label=label, required=False)
    if one.kind == "day":
        return _day(label)
    if one.kind == "moment":
        return _moment(label, required=False)
    if one.kind == "money":
        return forms.DecimalField(label=label, required=False, min_value=0, max_digits=12, decimal_places=2)
    if one.kind == "choice":
        return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *one.choices.items()])
    return forms.CharField(label=label, required=False, max_length=200)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


class IntakeForm(_OwnFields):
    """One order of a body, as its letter, call or system brings it."""

    number = _line(_("转办单位的编号"), 64, required=True, error_messages={"required": _("请填写转办单位的编号。")})
    received_at = _moment(_("转办单位受理时间"))
    transferred_at = _moment(_("转办时间"), _("时限从这一刻起算。"))
    name = _line(_("申诉人姓名"), 100)
    phone = _line(_("申诉人电话"), 32, private=True)
    other_contact = _line(_("其他联系方式（代理人电话、邮箱）"), 100, private=True)
    address = _line(_("地址"), 500)
    complained_number = _line(_("申诉的号码或账号"), 64, private=True)
    area = forms.CharField(
        label=_("所在地"), widget=AreaPicker(), error_messages={"required": _("请选择区县，可输入拼音首字母。")}
    )
    category = forms.CharField(label=_("分类"), required=False, widget=NodePicker("phenomenon"))
    content = _long(_("事实经过"), 6)
    demand = _long(_("诉求"), 3, required=False, most=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime(clock.now())
        begin = {
            "interested": True,
            "named": True,
            "outcome": "dissatisfied",
            "transferred_at": now,
            "received_at": now,
        }
        kwargs["initial"] = {**begin, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_area(self) -> str:
        value = str(self.cleaned_data["area"])
        if catalog.current().area(value) is None:
            raise forms.ValidationError(_("没有找到这个区县，请从列表中选择。"))
        return value

    def appeal(self) -> AppealIn:
        """The order as the room takes it."""
        told = self.cleaned_data
        contact = {name: told[name] for name in ("name", "phone", "other_contact")}
        plain = ("number", "received_at", "transferred_at", "address", "complained_number", "area", "category")
        values = {**self.conditions(), **{name: told[name] for name in (*plain, "content", "demand", "earlier")}}
        return AppealIn(body=self.body, customer=Customer(**contact), **values)


class CorrectionForm(_OwnFields):
    """What was taken down wrongly, put right."""

    def __init__(self, *args: Any, appeal: Appeal, earlier: str = "", **kwargs: Any) -> None:
        begin = {name: getattr(appeal, name) for name in CORRECTABLE if name != "own"}
        begin |= {f"own_{code}": _shown(value) for code, value in appeal.own.items()}
        kwargs |= {"body": appeal.body.code, "initial": {**begin, "earlier": earlier}}
        super().__init__(*args, **kwargs)


def _shown(value: Any) -> Any:
    """A stored moment as the field shows it; everything else as it is."""
    if isinstance(value, str) and "T" in value[10:11]:
        return timezone.localtime(datetime.fromisoformat(value))
    return value


_YES_NO = [("", _("未定")), ("yes", _("是")), ("no", _("否"))]


class JudgementForm(forms.Form):
    """Liability, reasonableness, and what is charged to whom."""

    liable = forms.ChoiceField(label=_("企业有责任"), choices=_YES_NO, required=False)
    reasonable = forms.ChoiceField(label=_("诉求合理"), choices=_YES_NO, required=False)
    raised = forms.BooleanField(label=_("升格处理才办结"), required=False)
    penalty = forms.DecimalField(label=_("考核金额（元）"), required=False, max_digits=12, decimal_places=2)
    penalty_unit = forms.TypedChoiceField(label=_("被考核部门"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, appeal: Appeal, **kwargs: Any) -> None:
        words = {True: "yes", False: "no", None: ""}
        begin = {
            "liable": words[appeal.liable], "reasonable": words[appeal.reasonable], "raised": appeal.raised,
            "penalty": appeal.penalty, "penalty_unit": appeal.penalty_unit_id,
        }  # fmt: skip
        kwargs["initial"] = begin
        super().__init__(*args, **kwargs)
        self.fields["penalty_unit"].choices = unit_choices("—")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `actions.judge` takes."""
        told, words = self.cleaned_data, {"yes": True, "no": False, "": None}
        return {
            "liable": words[told["liable"]], "reasonable": words[told["reasonable"]], "raised": told["raised"],
            "penalty": told["penalty"], "penalty_unit_id": told["penalty_unit"],
        }  # fmt: skip


class LetterForm(forms.Form):
    """The answer letter."""

    title = forms.CharField(label=_("标题"), max_length=200)
    text = _long(_("正文"), 16, most=10_000)
