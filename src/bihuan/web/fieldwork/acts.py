"""The steps of a case that begin work outside: what each form's data becomes."""

from collections.abc import Mapping
from typing import Any

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.fieldwork import queries, visits
from bihuan.flow import fieldwork, repairs
from bihuan.identity.viewer import Viewer

Data = Mapping[str, Any]


def book(case: Case, viewer: Viewer, data: Data) -> object:
    """Keep the agreed slot; perhaps the case waits for it."""
    crew_id, starts, ends = data["slot"]
    return fieldwork.book(
        case, Doer.of(viewer), crew_id, starts, ends, data["agreed_by"], data["agreed_means"], note=data["note"],
        wait_for=data.get("wait_for", ""),
    )  # fmt: skip


def wish(case: Case, viewer: Viewer, data: Data) -> object:
    """Keep when the customer would rather be visited."""
    return visits.wish(case, Doer.of(viewer), data["days"], data["hour_from"], data["hour_to"], data["note"])


def send(case: Case, viewer: Viewer, data: Data) -> object:
    """Send a crew; while a visit is agreed with the same crew the order belongs to it."""
    visit = queries.ahead_of(case.id)
    return repairs.send(
        case, Doer.of(viewer), data["crew"], data["fault"], data["due"], product=data["product"], place=data["place"],
        visit_id=visit.pk if visit and visit.crew_id == data["crew"] else None,
    )  # fmt: skip
