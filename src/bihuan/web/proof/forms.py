"""What the steps about proof ask for on the case page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases import access
from bihuan.identity import roles
from bihuan.web.desk import words
from bihuan.web.desk.forms import StepForm, choices_of


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
