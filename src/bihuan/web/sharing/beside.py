"""What sharing work shows on the case page: an open or ruled dispute, and the parts of co-handling units."""

from collections.abc import Set
from typing import Any

from bihuan.cases.models import Case
from bihuan.dispatch import cohandling, disputes
from bihuan.sla import deadlines
from bihuan.web import chips
from bihuan.web.desk.names import Names


def of(case: Case, names: Names, kinds: Set[str]) -> dict[str, Any]:
    """The template's context; `kinds` of its events tell whether there is anything to ask for."""
    found = disputes.of_case(case.id) if "disputed" in kinds else []
    parts = cohandling.parts(case.id) if "cohandling_asked" in kinds else []
    terms = deadlines.open_of(cohandling.KIND, [one.pk for one in parts]) if parts else {}
    return {
        "disputes": [
            {
                "row": one,
                "unit": names.unit(one.unit_id),
                "other": names.unit(one.other_unit_id),
                "first": names.unit(one.first_unit_id),
                "owner": names.unit(one.owner_unit_id),
            }
            for one in found
        ],
        "parts": [
            {
                "row": one,
                "unit": names.unit(one.unit_id),
                "by": names.staff(one.reported_by_id),
                "chip": chips.time_chip(terms[one.pk].due_at) if one.pk in terms else None,
            }
            for one in parts
        ],
    }
