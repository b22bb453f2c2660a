"""A posted complaint as a draft, and the plain way to register it where no gathering stands in front (`hot`)."""

from django.utils import translation

from bihuan.api.v1.operation import BASE, Answer, Call
from bihuan.cases.actions import Doer
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.intake.actions import Draft, register_one
from bihuan.intake.schema import ComplaintIn

PATH = f"{BASE}/complaints"


def draft_of(complaint: ComplaintIn, viewer: Viewer, key: str, digest: bytes) -> Draft:
    """What is to be registered. A token bound to an originating system always speaks for that system."""
    if viewer.source_system:
        complaint.source_system = viewer.source_system
    return Draft(
        complaint,
        Doer.of(viewer),
        own=roles.ACCEPT in viewer.rights,
        token_id=viewer.token_id,
        key=key,
        body_digest=digest if key else b"",
        language=translation.get_language() or "zh-hans",
        reader=viewer,
    )


def href_of(number: str) -> str:
    """Where the complaint can be read."""
    return f"{PATH}/{number}"


def register(call: Call) -> Answer:
    """`POST /complaints`, one at a time."""
    answer = register_one(draft_of(call.body, call.viewer, call.key, call.digest))
    answer.href = href_of(answer.number)
    return Answer(answer, {"Location": answer.href})
