"""`{{ row|named }}`: a row's name in the reader's language; `{{ map|at:key }}`: one entry of a mapping."""

from collections.abc import Mapping
from typing import Any

from django import template

from bihuan.web.setup import names

register = template.Library()
register.filter("named", names.named)
register.filter("role_names", names.role_names)
register.filter("listed", names.listed)
register.filter("phrased", names.phrased)


@register.filter
def at(values: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a mapping; nothing when it has none."""
    return values.get(key, "")
