"""A desk for tests: `at_desk("ma")` is this person's browser, `walk` brings a case to a state by the verbs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.catalog.models import Node, Reason
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.handling import actions as handling
from cast import Cast


class Desk:
    """One person at the desk."""

    def __init__(self, cast: Cast, name: str) -> None:
        self.client = Client()
        self.client.force_login(cast.staff[name])

    def see(self, address: str, **query: Any) -> Any:
        """GET; the answer."""
        return self.client.get(address, query)

    def step(self, case: Case, noun: str, **told: Any) -> Any:
        """POST a step as a plain form would, against the version now stored unless told otherwise."""
        version = told.pop("version", Case.objects.get(pk=case.pk).version)
        return self.client.post(f"/cases/{case.number}/{noun}/", {"version": version, **told})

    def htmx(self, case: Case, noun: str, **told: Any) -> Any:
        """POST a step as the page does."""
        version = told.pop("version", Case.objects.get(pk=case.pk).version)
        data = {"version": version, **told}
        return self.client.post(f"/cases/{case.number}/{noun}/", data, headers={"HX-Request": "true"})


@pytest.fixture
def at_desk(cast: Cast) -> Callable[[str], Desk]:
    """`at_desk("an")`: that person's desk."""
    return lambda name: Desk(cast, name)


@pytest.fixture
def walk(cast: Cast) -> Callable[[str], Case]:
    """`walk("in_handling")`: a fresh case in that state, at home with the maintenance unit of Changzhou."""

    def to(state: str, **changes: Any) -> Case:
        case = cast.case(**changes)
        steps = ["registered", "accepted", "dispatched", "received", "in_handling", "waiting"]
        wanted = steps[: steps.index(state) + 1] if state in steps else steps[:-1]
        if "accepted" in wanted:
            flow.accept(case, cast.doer("di"), category="N0101")
        if "dispatched" in wanted:
            dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
        if "received" in wanted:
            dispatch.receive(case, cast.doer("ma"), "self")
        if "in_handling" in wanted:
            handling.contact(case, cast.doer("ma"), "call", "约了明天上门")
        if "waiting" in wanted:
            handling.wait(case, cast.doer("ma"), Reason.objects.filter(kind="waiting", pauses=True)[0].code, "改约")
        if state in {"replied", "in_revisit", "closed"}:
            flow.answer(case, cast.doer("ma"), "call", "处理人马跃：基站故障已修复。")
        if state == "closed":
            flow.revisited(case, cast.doer("re"), 3, closing=flow.Closing(cause_code(), ["kpi"], system_cause=True))
        return case

    return to


def cause_code() -> str:
    """Any cause of the shipped tree."""
    return Node.objects.filter(tree="cause", level=3)[0].code


def reason_code(kind: str) -> str:
    """Any reason of this kind."""
    return Reason.objects.filter(kind=kind, active=True)[0].code


def now(case: Case) -> Case:
    """The case as stored."""
    return Case.objects.get(pk=case.pk)
