"""The glossary holds every name the code has, in both spellings."""

import re
from collections.abc import Iterable

import pytest
from django.utils import translation

from bihuan.appeals.rules import STATUSES
from bihuan.cases.conditions import CONDITIONS
from bihuan.cases.facets import FACETS
from bihuan.cases.models import Channel
from bihuan.cases.queues import QUEUES
from bihuan.cases.states import STATES, STEPS
from bihuan.catalog.models import Node, Reason
from bihuan.handling.models import Means
from bihuan.identity.models import Shift, Unit
from bihuan.identity.roles import ALL_RIGHTS, ROLES
from bihuan.insight.measures import MEASURES
from bihuan.insight.periods import AGAINST
from bihuan.knowledge.models import Kind, State, Verdict
from bihuan.sla.policies import Owner
from bihuan.web.desk.nouns import NOUNS
from docs.docs_cast import ROOT

_TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
_NAMED = {
    "States": {state.code: state.name for state in STATES.values()},
    "Steps": {step.verb: step.name for step in STEPS.values()},
    "Roles": {role.code: role.name for role in ROLES.values()},
    "Measures": {measure.code: measure.name for measure in MEASURES.values()},
    "Queues": {queue.code: queue.name for queue in QUEUES.values()},
    "Channels": {**dict(Channel.choices), **dict(Means.choices)},
    "Units": {
        code: name for kind in (Unit.Kind, Node.Tree, Reason.Kind, Shift.Kind) for code, name in kind.choices
    },
    "Conditions": {condition.code: condition.name for condition in CONDITIONS.values()},
    "People": dict(AGAINST),
    "Appeals": {status.code: status.name for status in STATUSES.values()},
    "Knowledge": {**dict(Kind.choices), **dict(State.choices), **dict(Verdict.choices)},
}  # fmt: skip
_CODES = {
    "Rights": ALL_RIGHTS,
    "Dimensions": FACETS,
    "Steps": NOUNS,
    "Time": list(Owner),
}


def _rows(section: str) -> list[str]:
    found = re.search(rf"^## {section}.*?\n(.*?)(?=^## |\Z)", _TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"no section {section}"
    return [line for line in found[1].splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("section", _NAMED)
def test_every_name_stands_beside_its_code(section: str) -> None:
    rows = _rows(section)
    with translation.override("zh-hans"):
        for code, name in _NAMED[section].items():
            assert any(f"`{code}`" in row and str(name) in row for row in rows), f"{section}: {name} {code}"


@pytest.mark.parametrize("section", _CODES)
def test_every_code_is_there(section: str) -> None:
    rows: Iterable[str] = _rows(section)
    for code in _CODES[section]:
        assert any(f"`{code}`" in row for row in rows), f"{section}: {code}"


def test_a_state_or_step_that_is_gone_is_gone_here_too() -> None:
    for section, known in (("States", STATES), ("Roles", ROLES), ("Measures", MEASURES), ("Queues", QUEUES)):
        told = [re.findall(r"`([\w.]+)`", row)[0] for row in _rows(section) if "`" in row]
        assert set(told) == set(known), section
