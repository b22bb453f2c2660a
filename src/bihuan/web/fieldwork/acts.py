"""The steps of a case that begin work outside: what each form's data becomes."""

from collections.abc import Mapping
from typing import Any

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.fieldwork import visits
from bihuan.flow import fieldwork
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
