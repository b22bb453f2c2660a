"""The steps about proof as the desk takes them: case, reader, what the form asked for."""

from collections.abc import Mapping
from typing import Any

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.handling import callers
from bihuan.identity.viewer import Viewer

Data = Mapping[str, Any]


def send_code(case: Case, viewer: Viewer, data: Data) -> object:
    """A code to the number complained about."""
    return callers.send_code(case, Doer.of(viewer))


def check_caller(case: Case, viewer: Viewer, data: Data) -> object:
    """Note how whoever complains for the customer was checked."""
    told = {name: data[name] for name in ("code", "answered", "note")}
    return callers.check(case, Doer.of(viewer), data["who"], data["relation"], data["means"], **told)


def pack(case: Case, viewer: Viewer, data: Data) -> object:
    """Take the evidence out as a pack."""
    from bihuan.web.proof import packing  # it shows a case as the case page does, and that offers these steps

    return packing.pack(case, viewer, data["purpose"], plain=data["words"] == "plain")
