"""Whom a level means, and which level a fact meets."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.escalation.rules import LevelInfo, choose, fits
from bihuan.flow.targets import Targets
from bihuan.identity.models import Shift, Unit
from bihuan.kernel import clock
from cast import Cast

FACTS = {
    "moment": "breached", "number": 1, "owner": "customer", "policy": "resolve.72h", "family": "resolve", "work": "",
    "category": "N0101", "areas": [320000, 320400, 320412, None], "flags": ["major"], "urgency": 3, "customer_level": 5,
}  # fmt: skip


def _level(code: str = "x", moment: str = "breached", number: int = 0, **conditions: object) -> LevelInfo:
    return LevelInfo(1, code, code, "", 2, moment, number, conditions, ("lead",), False, "", "")


def test_the_first_line_that_fits_decides_and_says_what_met_it() -> None:
    lines = [_level("late", "escalated"), _level("second", number=2), _level("wuxi", area=[320200]), _level(
        "fits", owner=["customer"], category=["N01"], area=[320400], flags=["major", "security"], urgency_at_least=3
    ), _level("rest")]  # fmt: skip
    chosen = choose(lines, FACTS)
    assert chosen is not None and chosen.code == "fits"
    assert chosen.told(FACTS)["because"] == {
        "owner": ["customer"], "category": ["N0101"], "area": [320400], "flags": ["major"], "urgency": 3,
    }  # fmt: skip
    assert choose([_level(owner=["work"])], FACTS) is None


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 7), st.integers(0, 7))
def test_bounds_hold_from_their_value_on(urgency: int, least: int, level: int, least_level: int) -> None:
    line = _level(urgency_at_least=least, level_at_least=least_level)
    assert fits(line, {**FACTS, "urgency": urgency, "customer_level": level}) == (
        urgency >= least and level >= least_level
    )


def test_each_target_is_found_for_the_cases_place_and_unit(cast: Cast) -> None:
    for code, who in (("mt_cz", "li"), ("mgmt", "gu"), ("hq", "he")):
        Unit.objects.filter(code=code).update(responsible=cast.staff[who])
    case = cast.case()
    now, team = clock.now(), cast.units["team_cz"].pk

    def of(target: str, person: int | None = None) -> list[int]:
        return Targets(now).of(target, case, team, person)

    assert of("handler", cast.te.pk) == [cast.te.pk] and of("handler") == [cast.li.pk]
    assert (of("lead"), of("manager"), of("taker")) == ([cast.li.pk], [cast.he.pk], [cast.an.pk])
    assert (of("duty"), of("dispatcher"), of("management")) == ([cast.du.pk], [cast.di.pk], [cast.gu.pk])
    Shift.objects.create(
        unit=cast.units["sc_cz"], staff=cast.bo, kind="manager",
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    assert of("duty") == [cast.bo.pk]
