"""The bell of the top bar."""

from typing import Any

from django import template
from django.http import HttpRequest

from bihuan.identity.models import Staff
from bihuan.notices import queries

register = template.Library()


@register.inclusion_tag("notices/bell.html", takes_context=True)
def bell(context: dict[str, Any]) -> dict[str, Any]:
    """How many notices she has not read; nothing without a signed-in reader."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    return {"signed_in": True, **queries.badge(user.pk)} if isinstance(user, Staff) else {"signed_in": False}
