"""What the steps of sharing work do, as the desk's nouns call them."""

from collections.abc import Mapping
from typing import Any

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.dispatch import actions as dispatching
from bihuan.dispatch import assigning
from bihuan.flow import sharing
from bihuan.identity.viewer import Viewer

Data = Mapping[str, Any]


def assign(case: Case, viewer: Viewer, data: Data) -> object:
    """Give it to a person of the unit."""
    return sharing.assign(case, Doer.of(viewer), data["staff"], data["why"])


def release(case: Case, viewer: Viewer, data: Data) -> object:
    """Back to the pool."""
    return dispatching.release(case, Doer.of(viewer), data["why"])


def take_back(case: Case, viewer: Viewer, data: Data) -> object:
    """Take over from the deputy."""
    return assigning.take_back(case, Doer.of(viewer))


def dispute(case: Case, viewer: Viewer, data: Data) -> object:
    """Ask for a ruling."""
    return sharing.open_dispute(case, Doer.of(viewer), data["reason"], data["unit"])


def cohandle(case: Case, viewer: Viewer, data: Data) -> object:
    """Ask units to work on it too."""
    return sharing.ask_cohandling(case, Doer.of(viewer), data["units"], data["ask"], term=f"{data['hours']}h")


def contribute(case: Case, viewer: Viewer, data: Data) -> object:
    """Report our part."""
    return sharing.report_part(case, Doer.of(viewer), data["report"], done=data["done"])
