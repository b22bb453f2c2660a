"""Asking, answering and supervising as steps of the desk: which verb each calls, and when it has an object."""

from collections.abc import Mapping
from typing import Any

from bihuan.asking import actions as asking
from bihuan.asking import queries as questions
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.cases.states import STATES
from bihuan.identity.viewer import Viewer
from bihuan.supervision import actions as supervision

Data = Mapping[str, Any]
CODES = frozenset({"questions", "pleas", "answers", "supervision", "supervision-reports", "supervision-verdict"})


def ask(case: Case, viewer: Viewer, data: Data) -> object:
    """A hard case to the duty manager, or whom she chose."""
    return asking.ask(case, Doer.of(viewer), data["text"], of_id=int(data["to"]) if data["to"] else None)


def plead(case: Case, viewer: Viewer, data: Data) -> object:
    """A customer's case to a superior."""
    return asking.ask(case, Doer.of(viewer), data["text"], kind="plea", of_id=int(data["to"]))


def answer(case: Case, viewer: Viewer, data: Data) -> object:
    """The answer, of a plea with yes or no."""
    granted = {"yes": True, "no": False}.get(data.get("granted", ""))
    return asking.answer(case, Doer.of(viewer), int(data["question"]), data["text"], granted)


def supervise(case: Case, viewer: Viewer, data: Data) -> object:
    """Order a supervision."""
    return supervision.order(case, Doer.of(viewer), data["demand"], data["due"])


def report(case: Case, viewer: Viewer, data: Data) -> object:
    """Progress."""
    return supervision.report(case, Doer.of(viewer), data["text"])


def judge(case: Case, viewer: Viewer, data: Data) -> object:
    """The verdict."""
    return supervision.end(case, Doer.of(viewer), data["verdict"], data["note"])


def has_object(code: str, viewer: Viewer, case: Case) -> bool:
    """Whether there is something to answer, to report on, to judge; a second supervision is not offered."""
    if code == "answers":
        return any(questions.may_answer(one, viewer.staff_id) for one in questions.open_on(case.id))
    if code == "supervision":
        return STATES[case.status].open and supervision.FLAG not in case.flags
    if code == "supervision-reports":
        return supervision.FLAG in case.flags
    if code == "supervision-verdict":
        held = supervision.open_of(case.id) if supervision.FLAG in case.flags else None
        mine = held is not None and supervision.may_end(held, Doer.of(viewer))
        return mine and case.handler_id != viewer.staff_id
    return True
