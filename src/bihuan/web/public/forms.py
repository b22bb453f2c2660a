"""Forms in plain words: few fields, big, each error says what to do."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.numbers import tidy
from bihuan.catalog import snapshot as catalog
from bihuan.web.widgets import AreaPicker

TOPICS = (
    ("N01", _("手机信号、上网、通话")),
    ("N02", _("宽带、电视")),
    ("C", _("话费、套餐、扣费")),
    ("S", _("服务态度、业务办理、其他")),
)


class ComplaintForm(forms.Form):
    """What a customer needs to say; everything else is asked later, if at all."""

    topic = forms.ChoiceField(label=_("您遇到了什么问题？"), choices=TOPICS, widget=forms.RadioSelect, required=False)
    content = forms.CharField(
        label=_("请说说发生了什么"),
        help_text=_("什么时候开始的、在什么地方、您希望怎么解决。"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("请写下发生了什么，一两句话也可以。")},
    )
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请填写能联系到您的电话，我们要用它答复您。")},
    )
    name = forms.CharField(
        label=_("怎么称呼您"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    area = forms.CharField(
        label=_("在哪里"),
        help_text=_("输入区县名称或拼音首字母，例如 武进 或 wjq。"),
        widget=AreaPicker(),
        error_messages={"required": _("请选择所在的区县，我们好派给当地的人员。")},
    )
    address = forms.CharField(label=_("详细地址（信号、宽带问题请填写）"), max_length=500, required=False)
    complained_number = forms.CharField(
        label=_("出问题的号码或宽带账号（与联系电话不同时填写）"), max_length=64, required=False
    )
    other_contact = forms.CharField(label=_("备用联系方式（电话或邮箱）"), max_length=100, required=False)

    def clean_phone(self) -> str:
        value = str(self.cleaned_data["phone"])
        if not 5 <= sum(mark.isdigit() for mark in value) <= 20:
            raise forms.ValidationError(_("这不像电话号码：请填 5 至 20 位数字。"))
        return value

    def clean_area(self) -> str:
        value = str(self.cleaned_data["area"])
        if catalog.current().area(value) is None:
            raise forms.ValidationError(_("没有找到这个地方，请从列表中选择区县。"))
        return value


class LookUpForm(forms.Form):
    """The complaint number, and to which of her numbers the code goes."""

    number = forms.CharField(
        label=_("投诉编号"),
        help_text=_("在您收到的短信里，以 TS 开头。"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("请输入投诉编号。")},
    )
    to = forms.ChoiceField(
        label=_("查询码发到"),
        choices=(("phone", _("投诉时留的电话")), ("other_contact", _("投诉时留的备用联系方式"))),
        widget=forms.RadioSelect,
        initial="phone",
    )

    def clean_number(self) -> str:
        return tidy(str(self.cleaned_data["number"]))


class CodeForm(forms.Form):
    """The six digits from the text message."""

    code = forms.CharField(
        label=_("查询码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("请输入收到的 6 位查询码。")},
    )

    def clean_code(self) -> str:
        return re.sub(r"\D", "", str(self.cleaned_data["code"]))


class MaterialForm(forms.Form):
    """Something to add."""

    text = forms.CharField(
        label=_("要补充的内容"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写下要补充的内容。")},
    )


class FileForm(forms.Form):
    """A photo or another file, perhaps with a word about it."""

    content = forms.FileField(
        label=_("照片或文件"),
        help_text=_("照片、录音、视频、PDF、Word、Excel 或文本，最大 8 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,audio/*,video/*,.pdf,.docx,.xlsx,.txt,.csv"}),
        error_messages={"required": _("请选择照片或文件。"), "empty": _("文件是空的，请重新选择。")},
    )
    text = forms.CharField(label=_("说明（可不填）"), max_length=500, required=False)


class RejectionForm(forms.Form):
    """Not solved: in her own words."""

    text = forms.CharField(
        label=_("哪里没有解决？"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写下哪里没有解决，处理人员会看到。")},
    )


class WithdrawalForm(forms.Form):
    """She ends it; one tick so that a slip of the finger does not."""

    sure = forms.BooleanField(
        label=_("我确认撤回这件投诉，不再需要处理"), error_messages={"required": _("如确定撤回，请勾选。")}
    )
    text = forms.CharField(label=_("原因（可不填）"), max_length=500, required=False)
