"""What work outside shows on the case page."""

from collections.abc import Set
from typing import Any

from bihuan.cases import access, states
from bihuan.cases.models import Case
from bihuan.fieldwork import orders_queries, queries
from bihuan.fieldwork.models import Order
from bihuan.fieldwork.orders_rules import OPEN
from bihuan.fieldwork.rules import DAYS
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.web.desk.names import Names
from bihuan.web.fieldwork.rows import chip_of as chip_of_order
from bihuan.web.fieldwork.words import chip_of, crew_name, day_name, span
from bihuan.web.setup.names import listed


def of(viewer: Viewer, case: Case, names: Names, kinds: Set[str]) -> dict[str, Any]:
    """The template's context: appointments, orders and wishes; `kinds` of its events tell which to ask for."""
    visits = queries.of_case(case.id) if "appointment_booked" in kinds else []
    orders = orders_queries.of_case(case.id) if "repair_sent" in kinds else []
    wish = queries.wish_of(case.id) if "visit_wished" in kinds else None
    return {
        "visits": [
            {
                "visit": one,
                "day": day_name(one.starts_at),
                "span": span(one.starts_at, one.ends_at),
                "crew": crew_name(one.crew_id),
                "staff": names.staff(one.staff_id),
                "chip": chip_of(one),
            }
            for one in visits
        ],
        "orders": [
            {
                "order": one,
                "chip": chip_of_order(one),
                "crew": crew_name(one.crew_id),
                "worker": names.staff(one.worker_id),
            }
            for one in orders
        ],
        "to_reply": to_reply(viewer, case, orders),
        "wish": wish,
        "wish_days": listed(DAYS[day] for day in wish.days) if wish else "",
    }


def to_reply(viewer: Viewer, case: Case, orders: list[Order]) -> bool:
    """True when a repair has ended after the last answer, none is open, and this reader may answer."""
    ended = [one.ended_at for one in orders if one.ended_at and one.status in {"done", "unable"}]
    if not ended or any(one.status in OPEN for one in orders) or states.target(case.status, "replied") is None:
        return False
    later = case.replied_at is None or max(ended) > case.replied_at
    return later and access.may(viewer, case, roles.HANDLE)
