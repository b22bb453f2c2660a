"""`{{ text|masked:masks }}`: stored text with vault tokens shown as masks."""

from collections.abc import Mapping

from django import template

from bihuan.web.masked import masked_text

register = template.Library()


@register.filter
def masked(text: str, masks: Mapping[str, str]) -> str:
    """The text with each vault token as its mask."""
    return masked_text(text or "", masks or {})
