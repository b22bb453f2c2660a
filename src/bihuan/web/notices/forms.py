"""Which notices also leave the house, and to where."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.notices.actions import Wish
from bihuan.notices.kinds import KINDS

_KINDS = [(kind.code, kind.name) for kind in KINDS.values()]


class PreferenceForm(forms.Form):
    """Her addresses and the kinds; an address that is there is never shown again, only replaced or taken out."""

    mail = forms.CharField(label=_("邮件地址"), required=False, max_length=200, help_text=_("留空表示不变。"))
    mail_off = forms.BooleanField(label=_("删除邮件地址"), required=False)
    mail_kinds = forms.MultipleChoiceField(
        label=_("同时发邮件的通知"), choices=_KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = forms.CharField(label=_("手机号码"), required=False, max_length=16, help_text=_("留空表示不变。"))
    phone_off = forms.BooleanField(label=_("删除手机号码"), required=False)
    phone_kinds = forms.MultipleChoiceField(
        label=_("同时发短信的通知"), choices=_KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def wish(self) -> Wish:
        """What `notices.actions.prefer` takes."""
        told: dict[str, Any] = self.cleaned_data
        mail = "" if told["mail_off"] else told["mail"].strip() or None
        phone = "" if told["phone_off"] else told["phone"].strip() or None
        return Wish(mail, told["mail_kinds"], phone, told["phone_kinds"])
