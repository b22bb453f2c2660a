"""The tree and unit pickers as form widgets: an id in, the words of it shown."""

from typing import Any

from django.forms import TextInput
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bihuan.web.desk.names import Names

_HINTS: dict[str, Promise] = {
    "units": _("部门名称、拼音首字母或代码"),
    "phenomenon": _("关键词、拼音首字母或代码"),
    "product": _("关键词、拼音首字母或代码"),
    "cause": _("关键词、拼音首字母或代码"),
    "dispute": _("关键词、拼音首字母或代码"),
}


class PickerInput(TextInput):
    """`tree` is one of the catalog's trees, or `units`. Without script it is a field for the code."""

    def __init__(self, tree: str) -> None:
        super().__init__()
        self.tree = tree

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The custom element with the plain field inside."""
        given = attrs or {}
        told = str(value or "")
        src = reverse("desk:units") if self.tree == "units" else reverse("pick-nodes", args=[self.tree])
        extra = {key: given[key] for key in ("aria-describedby", "aria-invalid") if key in given}
        attributes = SafeString("".join(format_html(' {}="{}"', key, extra[key]) for key in extra))
        return format_html(
            '<bh-picker src="{}" name="{}" input-id="{}" value="{}" label="{}" placeholder="{}"{}>'
            '<input name="{}" id="{}" value="{}"></bh-picker>',
            src, name, given.get("id", ""), told, self.label(told), _HINTS[self.tree], attributes,
            name, given.get("id", ""), told,
        )  # fmt: skip

    def label(self, told: str) -> str:
        """The words of the value, as the list shows them."""
        names = Names()
        if self.tree == "units":
            return names.unit(int(told)) if told.isdigit() else ""
        node = names.book.catalog.node(self.tree, told) if told else None
        return names.node(node.id, whole=True) if node else ""
