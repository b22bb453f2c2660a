"""Units: the path of a whole subtree stays right, cycles and emptied-out closings are refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

import cast as company
from bihuan.identity import book, organisation
from bihuan.identity.models import Staff, Unit
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from cast import Cast


def _paths_hold() -> bool:
    return all(unit.path == _climbed(unit) for unit in Unit.objects.select_related("parent"))


def _climbed(unit: Unit) -> list[int]:
    path = [unit.pk]
    while unit.parent is not None:
        unit = Unit.objects.get(pk=unit.parent_id)
        path.insert(0, unit.pk)
    return path


def test_a_new_unit_hangs_below_its_parent_and_inherits_its_area(cast: Cast):
    unit = organisation.create_unit(
        "team_2", {"name": "维护二班", "kind": "team", "parent_id": cast.units["mt_cz"].pk}, cast.viewer("sy")
    )
    assert unit.path == [cast.units["hq"].pk, cast.units["mt_cz"].pk, unit.pk]
    assert book.units().units[unit.pk].area == (2, company.CITY)


def test_a_move_takes_the_whole_subtree_along(cast: Cast):
    organisation.edit_unit(cast.units["mt_cz"].pk, {"parent_id": cast.units["mgmt"].pk}, cast.viewer("sy"))
    team = Unit.objects.get(code="team_cz")
    assert team.path == [cast.units[code].pk for code in ("hq", "mgmt", "mt_cz", "team_cz")]
    assert cast.units["team_cz"].pk in book.units().below(cast.units["mgmt"].pk)
    assert _paths_hold()


@pytest.mark.parametrize("below", ["mt_cz", "team_cz"])
def test_a_unit_never_comes_below_itself(cast: Cast, below: str):
    with pytest.raises(RuleError) as refused:
        organisation.edit_unit(cast.units["mt_cz"].pk, {"parent_id": cast.units[below].pk}, cast.viewer("sy"))
    assert refused.value.code == "unit.cycle"


def test_a_unit_with_people_or_units_in_it_is_not_closed(cast: Cast):
    for code, why in (("hq", "unit.has_units"), ("mk_cz", "unit.has_staff")):
        with pytest.raises(Conflict) as refused:
            organisation.close_unit(cast.units[code].pk, cast.viewer("sy"))
        assert refused.value.code == why
    Staff.objects.filter(username="mk").update(unit=cast.units["hq"])
    organisation.close_unit(cast.units["mk_cz"].pk, cast.viewer("sy"))
    assert cast.units["mk_cz"].pk not in book.units().units
    organisation.reopen_unit(cast.units["mk_cz"].pk, cast.viewer("sy"))
    assert cast.units["mk_cz"].pk in book.units().units


@pytest.mark.parametrize("who", ["se", "au", "gu", "he"])
def test_only_the_system_administrator_changes_units(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        organisation.edit_unit(cast.units["mt_cz"].pk, {"name": "x"}, cast.viewer(who))


@pytest.mark.parametrize(
    ("code", "fields", "field"),
    [
        ("空", {"name": "x", "kind": "team"}, "code"),
        ("hq", {"name": "x", "kind": "team"}, "code"),
        ("new", {"name": " ", "kind": "team"}, "name"),
        ("new", {"name": "x", "kind": "nonsense"}, "kind"),
        ("new", {"name": "x", "kind": "team", "parent_id": 0}, "parent"),
        ("new", {"name": "x", "kind": "team", "area_id": 320400}, "area"),
        ("new", {"name": "x", "kind": "team", "path": []}, "path"),
    ],
)
def test_a_unit_that_cannot_be_is_refused(cast: Cast, code: str, fields: dict, field: str):
    with pytest.raises(RuleError) as refused:
        organisation.create_unit(code, fields, cast.viewer("sy"))
    assert refused.value.field == field


class Moves(TestCase):
    """Any order of moves leaves a tree whose paths are what climbing finds."""

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8))
    def test_paths_hold_after_any_moves(self, moves: list[tuple[int, int]]) -> None:
        people = company.build()
        by, units = people.viewer("sy"), list(people.units.values())
        for child, parent in moves:
            try:
                organisation.edit_unit(units[child].pk, {"parent_id": units[parent].pk}, by)
            except RuleError as refused:
                assert refused.code == "unit.cycle"
        assert _paths_hold()
