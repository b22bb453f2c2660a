"""What the agent fills in; only number, words and place are needed, the rest folds away."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.scales import words_by_code
from bihuan.catalog import snapshot as catalog
from bihuan.intake.schema import ComplaintIn, Customer
from bihuan.web.widgets import AreaPicker, NodePicker

URGENCIES = (("", _("随分类")), *words_by_code("urgency").items())
DONE = (
    ("register", _("登记投诉")),
    ("dispatch", _("登记并派单")),
    ("answer", _("现场答复")),
)


_NEVER_KEPT = {"autocomplete": "off", "data-private": ""}


class CallForm(forms.Form):
    """A call as a complaint."""

    calling_number = forms.CharField(
        label=_("来电号码"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autofocus": True, "autocomplete": "off", "data-private": ""}
        ),
        error_messages={"required": _("请填写来电号码。")},
    )
    name = forms.CharField(
        label=_("客户姓名"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    complained_number = forms.CharField(
        label=_("投诉的号码或账号"), help_text=_("与来电号码相同时不填"), max_length=64, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    content = forms.CharField(
        label=_("投诉内容"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请记下客户说的情况。")},
    )
    area = forms.CharField(
        label=_("发生地"), widget=AreaPicker(), error_messages={"required": _("请选择区县，可输入拼音首字母。")}
    )
    address = forms.CharField(
        label=_("地址"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    category = forms.CharField(
        label=_("分类"),
        required=False,
        widget=NodePicker("phenomenon"),
        help_text=_("不选则按文字建议，由派单人员确定"),
    )
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=URGENCIES, required=False)
    demand = forms.CharField(label=_("客户要求"), max_length=2000, required=False)
    occurred_at = forms.DateTimeField(
        label=_("发生时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    frequency = forms.CharField(label=_("发生频次"), max_length=200, required=False)
    other_contact = forms.CharField(
        label=_("其他联系方式"), max_length=100, required=False, widget=forms.TextInput(attrs={"data-private": ""})
    )
    identity_number = forms.CharField(
        label=_("证件号码"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=_NEVER_KEPT),
    )
    product = forms.CharField(label=_("产品"), required=False, widget=NodePicker("product"))
    terminal = forms.CharField(label=_("终端型号"), max_length=200, required=False)
    on_behalf = forms.BooleanField(label=_("代他人投诉"), required=False)
    called_hotline = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput())
    done = forms.ChoiceField(choices=DONE, required=False, widget=forms.HiddenInput())
    reply = forms.CharField(
        label=_("现场答复内容"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明原因和解决办法；客户认可即为一次性处理。"),
    )  # fmt: skip

    def clean_area(self) -> str:
        value = str(self.cleaned_data["area"])
        if catalog.current().area(value) is None:
            raise forms.ValidationError(_("没有找到这个区县，请从列表中选择。"))
        return value

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("done") == "answer" and not told.get("reply", "").strip():
            self.add_error("reply", _("现场答复要写下答复客户的内容。"))
        return told

    def complaint(self) -> ComplaintIn:
        """The complaint as intake takes it."""
        told = self.cleaned_data
        occurred: datetime | None = told["occurred_at"]
        return ComplaintIn(
            channel="hotline",
            called_hotline=told["called_hotline"],
            content=told["content"],
            demand=told["demand"],
            occurred_at=occurred,
            frequency=told["frequency"],
            customer=Customer(
                name=told["name"],
                phone=told["calling_number"],
                other_contact=told["other_contact"],
                identity_number=told["identity_number"],
            ),
            relation="on_behalf" if told["on_behalf"] else "self",
            calling_number=told["calling_number"],
            complained_number=told["complained_number"],
            area=told["area"],
            address=told["address"],
            category=told["category"],
            product=told["product"],
            terminal=told["terminal"],
            urgency=told["urgency"],
        )
