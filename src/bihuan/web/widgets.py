"""Form controls of our own: the area and tree pickers, plain text fields where scripts do not run."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bihuan.catalog import snapshot as catalog


class _Picker(forms.TextInput):
    src = ""

    def shown(self, value: str) -> str:
        """What stands in the field for a stored value."""
        return value

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        inner = super().render(name, value, attrs, renderer)
        held = attrs or {}
        return format_html(
            '<bh-picker src="{}" name="{}" value="{}" label="{}" input-id="{}" aria-invalid="{}" any-shut>{}</bh-picker>',
            self.src,
            name,
            value or "",
            self.shown(str(value)) if value else "",
            held.get("id", ""),
            held.get("aria-invalid", "false"),
            inner,
        )


class AreaPicker(_Picker):
    """An area, by name, pinyin initials or from the top."""

    src = "/pick/areas/"

    def shown(self, value: str) -> str:
        area = catalog.current().area(value)
        return area.name if area else value


class NodePicker(_Picker):
    """An entry of one tree, by its code."""

    def __init__(self, tree: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.tree = tree
        self.src = f"/pick/nodes/{tree}/"

    def shown(self, value: str) -> str:
        node = catalog.current().node(self.tree, value)
        return " / ".join(node.names) if node else value
