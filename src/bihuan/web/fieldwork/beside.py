"""What work outside shows on the case page."""

from typing import Any

from bihuan.cases.models import Case
from bihuan.fieldwork import queries
from bihuan.fieldwork.models import Crew
from bihuan.fieldwork.rules import DAYS
from bihuan.identity.viewer import Viewer
from bihuan.web.desk.names import Names, either
from bihuan.web.fieldwork.words import chip_of, day_name, span


def of(viewer: Viewer, case: Case, names: Names) -> dict[str, Any]:
    """The template's context: appointments and wishes; three statements at most."""
    visits = queries.of_case(case.id)
    wish = queries.wish_of(case.id)
    crews = Crew.objects.in_bulk({one.crew_id for one in visits}) if visits else {}
    return {
        "visits": [
            {
                "visit": one, "day": day_name(one.starts_at), "span": span(one.starts_at, one.ends_at),
                "crew": either(crews[one.crew_id].name, crews[one.crew_id].name_en), "staff": names.staff(one.staff_id),
                "chip": chip_of(one),
            }
            for one in visits
        ],
        "wish": wish,
        "wish_days": "、".join(str(DAYS[day]) for day in wish.days) if wish else "",
    }  # fmt: skip
