"""A body's own fields in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bihuan.appeals import own
from bihuan.appeals.models import Appeal
from bihuan.web import words as spoken


def own_shown(appeal: Appeal) -> list[tuple[str, str]]:
    """Label and words of what the body's order said besides; empty ones are left out."""
    fields = [one for one in own.FIELDS[appeal.body.code] if one.code in appeal.own]
    return [(str(one.name), _words(one, appeal.own[one.code])) for one in fields]


def _words(one: own.Own, value: Any) -> str:
    if one.kind == "flag":
        return _("是") if value else _("否")
    if one.kind == "moment":
        return spoken.local(datetime.fromisoformat(value))
    if one.kind == "choice":
        return str(one.choices.get(value, value))
    return str(value)
