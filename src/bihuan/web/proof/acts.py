"""The steps about proof as the desk takes them: case, reader, what the form asked for."""

from collections.abc import Mapping
from typing import Any

from bihuan.cases.models import Case
from bihuan.identity.viewer import Viewer

Data = Mapping[str, Any]


def pack(case: Case, viewer: Viewer, data: Data) -> object:
    """Take the evidence out as a pack."""
    from bihuan.web.proof import packing  # it shows a case as the case page does, and that offers these steps

    return packing.pack(case, viewer, data["purpose"], plain=data["words"] == "plain")
