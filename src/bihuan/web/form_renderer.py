"""Draws the plain controls of forms by hand, letter for letter as Django's templates would.

A select of three hundred units is six hundred templates to Django; the whole control takes it longer than the page around
it. Anything but the controls named here is still drawn by its template.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_FOLDER = "django/forms/widgets/"
_INPUTS = ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox")


class Renderer(DjangoTemplates):
    """The forms' renderer of the house."""

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> str:
        """The control as markup."""
        drawn = _DRAWN.get(template_name)
        if drawn is None:
            return super().render(template_name, context, request)  # type: ignore[arg-type]
        return SafeString(drawn(context["widget"]).strip())


def _plain(value: Any) -> str:
    """As `stringformat:'s'` shows it: no grouping of digits, no local commas."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_plain(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_plain(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{conditional_escape(widget["type"])}" name="{name}"{value}{_attributes(widget)}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    value = conditional_escape(localize(widget["value"])) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _option(option: Mapping[str, Any]) -> str:
    label = conditional_escape(localize(option["label"]))
    return f'<option value="{_plain(option["value"])}"{_attributes(option)}>{label}</option>\n'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(group)}">')
        parts += [f"\n  {_option(option)}" for option in options]
        if group:
            parts.append("\n  </optgroup>")
    return "".join(parts) + "\n</select>"


_DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}
