"""Pickers of people as form widgets: a username in, the name shown."""

from typing import Any

from django.forms import TextInput
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.identity.models import Staff
from bihuan.web.setup.names import named


class StaffPicker(TextInput):
    """Chooses one account. Without script it is a field for the username."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The custom element with the plain field inside."""
        told, given = str(value or ""), attrs or {}
        row = Staff.objects.filter(username=told).first() if told else None
        extra = {key: given[key] for key in ("aria-describedby", "aria-invalid") if key in given}
        attributes = SafeString("".join(format_html(' {}="{}"', key, extra[key]) for key in extra))
        return format_html(
            '<bh-picker src="{}" name="{}" input-id="{}" value="{}" label="{}" placeholder="{}"{}>'
            '<input name="{}" id="{}" value="{}"></bh-picker>',
            reverse("setup:pick-staff"), name, given.get("id", ""), told, named(row) if row else told,
            _("姓名、账号或工号"), attributes, name, given.get("id", ""), told,
        )  # fmt: skip
