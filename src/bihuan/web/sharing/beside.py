"""What sharing work shows on the case page: an open or ruled dispute, and the parts of co-handling units."""

from typing import Any

from bihuan.cases.models import Case
from bihuan.dispatch import cohandling, disputes
from bihuan.identity.viewer import Viewer
from bihuan.sla import deadlines
from bihuan.web import chips
from bihuan.web.desk.names import Names


def of(viewer: Viewer, case: Case, names: Names) -> dict[str, Any]:
    """The template's context: two statements where there is nothing, four where there is."""
    found, parts = disputes.of_case(case.id), cohandling.parts(case.id)
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
