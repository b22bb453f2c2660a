"""The table of states is whole: every state can be reached, every open one can end, and the docs show the same table."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases import states
from bihuan.identity.roles import ALL_RIGHTS


def _reachable(start: str) -> set[str]:
    seen, edge = {start}, [start]
    while edge:
        for step in states.allowed(edge.pop()):
            if step.target and step.target not in seen:
                seen.add(step.target)
                edge.append(step.target)
    return seen


def test_every_state_can_be_reached_from_registration() -> None:
    assert _reachable("registered") == set(states.STATES)


@pytest.mark.parametrize("state", [code for code, state in states.STATES.items() if state.open])
def test_every_open_case_can_still_be_closed(state: str) -> None:
    assert "closed" in _reachable(state)


def test_only_ended_cases_are_not_open() -> None:
    assert {code for code, state in states.STATES.items() if not state.open} == {
        "declined",
        "closed",
        "withdrawn",
        "merged",
        "converted",
    }


def test_steps_name_known_states_and_rights() -> None:
    for step in states.STEPS.values():
        assert step.sources <= set(states.STATES)
        assert not step.target or step.target in states.STATES
        assert step.right in ALL_RIGHTS


@given(st.sampled_from(sorted(states.STATES)), st.text(max_size=12))
def test_an_unknown_step_leads_nowhere(state: str, verb: str) -> None:
    if verb not in states.STEPS:
        assert states.target(state, verb) is None


@given(st.lists(st.sampled_from(sorted(states.STEPS)), max_size=40))
def test_whatever_is_tried_a_case_is_closed_only_after_a_reply_and_a_revisit(verbs: list[str]) -> None:
    state, seen = "registered", []
    for verb in verbs:
        after = states.target(state, verb)
        if after is not None:
            state = after
            seen.append(verb)
    if "closed" in seen:
        before = seen[: seen.index("closed")]
        assert "replied" in before and ("revisited" in before or "revisit_attempted" in before)


def test_the_docs_show_the_table_that_runs() -> None:
    with translation.override("zh-hans"):
        drawn = states.markdown()
    page = Path(__file__).parents[2] / "docs" / "states.md"
    assert drawn in page.read_text(encoding="utf-8"), "run: ./dev exec bihuan states > (into docs/states.md)"
