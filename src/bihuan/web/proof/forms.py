"""What the steps about proof ask for on the case page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases import access
from bihuan.handling import callers
from bihuan.handling.models import CallerCheck
from bihuan.identity import roles
from bihuan.web.desk import words
from bihuan.web.desk.forms import StepForm, choices_of, long_text


class CallerCheckForm(StepForm):
    """Who complains for the customer, and how that was checked."""

    who = forms.CharField(label=_("代办人姓名"), max_length=50)
    relation = forms.ChoiceField(label=_("与客户的关系"), choices=CallerCheck.Relation.choices)
    means = forms.ChoiceField(label=_("核实方式"), choices=CallerCheck.Means.choices, widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("来电人读回的验证码"), required=False, max_length=12, help_text=_("先用“发送核实验证码”发到机主号码。"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    answered = forms.MultipleChoiceField(
        label=_("答对的问题"), required=False, choices=list(callers.QUESTIONS.items()), widget=forms.CheckboxSelectMultiple,
        help_text=_("答对两项及以上为通过。"),
    )  # fmt: skip
    note = long_text(_("说明"), required=False, rows=2, help_text=_("看了什么证明，或为什么没有通过。"))


class NoAskForm(StepForm):
    """Nothing to ask."""


class PackForm(StepForm):
    """What for, and whether in plain words."""

    purpose = forms.ChoiceField(
        label=_("用途"), help_text=_("用途、时间和您的姓名写进证据包，也记在工单经过里；下载写入审计日志。")
    )
    words = forms.ChoiceField(label=_("个人信息"), widget=forms.RadioSelect, initial="masked")

    def ready(self) -> None:
        self.choose("purpose", choices_of(words.PURPOSES))
        shown = [("masked", _("脱敏"))]
        if access.may(self.viewer, self.case, roles.REVEAL):
            shown.append(("plain", _("明文（写入使用登记）")))
        self.choose("words", shown)
