"""What stands above a case's timeline while it is supervised or a question about it waits."""

from typing import Any

from django import template

from bihuan.asking import queries as asking
from bihuan.cases.models import Case
from bihuan.supervision import actions as supervision
from bihuan.web import chips
from bihuan.web.desk.names import Names
from bihuan.web.leading.supervision import chip_of

register = template.Library()


@register.inclusion_tag("leading/beside.html", takes_context=True)
def leading_beside(context: dict[str, Any], case: Case, masks: dict[str, str]) -> dict[str, Any]:
    """The open supervision and the open questions of a case; `kinds` of its events tell whether to ask for them."""
    names = Names()
    held = supervision.open_of(case.id) if supervision.FLAG in case.flags else None
    questions = [
        {
            "one": one,
            "by": names.staff(one.asked_by_id),
            "to": names.staff(one.asked_of_id),
            "chip": chips.time_chip(one.due_at),
        }
        for one in (asking.open_on(case.id) if "asked" in context["kinds"] else ())
    ]
    by = names.staff(held.ordered_by_id) if held else ""
    return {"held": held, "chip": chip_of(held) if held else None, "by": by, "questions": questions, "masks": masks}
