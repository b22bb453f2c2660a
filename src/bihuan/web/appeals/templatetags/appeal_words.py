"""Small words of appeals for templates."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.appeals import queries
from bihuan.appeals.models import Appeal
from bihuan.cases.models import Case
from bihuan.web.desk.names import either

register = template.Library()

_TONES = {
    "in_hand": "accent b-dot", "mediation": "soon b-dot", "closed_filed": "met b-dot", "closed_by_mediation": "met b-dot",
    "mediation_filed": "met b-dot",
}  # fmt: skip


@register.simple_tag
def appeal_chip(appeal: Appeal) -> SafeString:
    """The appeal's status as a chip."""
    tone = _TONES.get(appeal.status, "plain")
    return format_html('<span class="b-chip b-chip-{}">{}</span>', tone, appeal.get_status_display())


@register.filter
def named(row: Any) -> str:
    """Its name in the reader's language."""
    return either(row.name, row.name_en)


@register.filter
def told(value: bool | None) -> str:
    """Yes, no, or not decided."""
    return _("未定") if value is None else _("是") if value else _("否")


@register.inclusion_tag("appeals/parts/mark.html")
def appeal_mark(case: Case) -> dict[str, Any]:
    """On the case page: which appeal is behind it, and the way to it. One look-up, only for the regulator's channel."""
    found = queries.of_case(case.id) if case.channel == "regulator" else None
    return {"case": case, "appeal": found, "body": either(found.body.name, found.body.name_en) if found else ""}
