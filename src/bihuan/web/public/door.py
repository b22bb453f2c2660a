"""The customer's door: a complaint number and the code sent to her own number open one complaint for half an hour."""

from django.contrib.sessions.backends.base import SessionBase

from bihuan.cases.models import Case
from bihuan.customers import actions as customers
from bihuan.customers import queries as masks
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound

MINUTES = 30
MOST_CODES = 5
"""Codes one complaint is sent within an hour at most; further requests are answered alike and send nothing."""
_OPEN, _ASKED = "complaint", "complaint_asked"


def ask(session: SessionBase, number: str, to: str) -> None:
    """Send a code to the complaint's own number. An unknown number is answered just the same: nothing can be probed."""
    session[_ASKED] = {"number": number}
    case = Case.objects.filter(number=number, mode="live").only("id", "number", "party_id").first()
    if case is None:
        return
    if customers.codes_sent_since(case.party_id, 60) >= MOST_CODES:
        return  # said no differently: an answer of its own would tell that the number exists
    held = masks.masks_of([case.party_id]).get(case.party_id, {})
    customers.send_code(case.party_id, case.id, case.number, to if to in held else "phone")


def asked(session: SessionBase) -> str:
    """The number a code was asked for; empty when none was."""
    return str(session.get(_ASKED, {}).get("number", ""))


def enter(session: SessionBase, code: str) -> bool:
    """Open the complaint asked for when the code is right; a fresh session key then."""
    case = Case.objects.filter(number=asked(session), mode="live").only("id", "party_id").first()
    if case is None or not customers.check_code(case.party_id, code):
        return False
    session.cycle_key()
    session.pop(_ASKED, None)
    session[_OPEN] = {"id": case.id, "until": clock.now().timestamp() + MINUTES * 60}
    return True


def opened(session: SessionBase, *, lock: bool = False) -> Case:
    """The one complaint this session may see; `NotFound` when there is none (any more)."""
    held = session.get(_OPEN)
    if not held or held["until"] < clock.now().timestamp():
        raise NotFound("complaint")
    query = Case.objects.select_for_update() if lock else Case.objects.all()
    case = query.filter(pk=held["id"]).first()
    if case is None:
        raise NotFound("complaint")
    return case


def leave(session: SessionBase) -> None:
    """Forget it."""
    session.pop(_OPEN, None)
    session.pop(_ASKED, None)
