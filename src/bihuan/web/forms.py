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
        "invalid_login": _("账号或密码不对。请核对后再试；连续输错 5 次会锁定 15 分钟，忘记密码请找系统管理员重置。"),
        "inactive": _("账号或密码不对。请核对后再试；连续输错 5 次会锁定 15 分钟，忘记密码请找系统管理员重置。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        focus = "password" if self.initial.get("username") else "username"
        self.fields[focus].widget.attrs["autofocus"] = True


class PasswordForm(forms.Form):
    """One's own new password, twice."""

    old = forms.CharField(
        label=_("原密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 位，不要用姓名、账号或常见的词。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both times the same."""
        told = super().clean() or {}
        if told.get("new") and told.get("again") and told["new"] != told["again"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return told
