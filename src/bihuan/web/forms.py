"""Forms of the shell itself, and the base that gives every form the same manners."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Account and password. The answer to a wrong pair never says which of the two was wrong."""

    username = forms.CharField(
        label=_("账号"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("请输入账号。")},
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请输入密码。")},
    )
    error_messages = {
        "invalid_login": _("账号或密码不对。请核对后再试；忘记密码请找系统管理员重置。"),
        "inactive": _("账号或密码不对。请核对后再试；忘记密码请找系统管理员重置。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        focus = "password" if self.initial.get("username") else "username"
        self.fields[focus].widget.attrs["autofocus"] = True
