"""One language for choosing cases: what it takes, what it refuses, and that it comes back unchanged from an address."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases.facets import FACETS
from bihuan.cases.filters import NAMES, Filter, as_of_key, key_of_moment, parse
from bihuan.cases.models import Case
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from cast import Cast

pytestmark = pytest.mark.django_db


def found(**chosen: Any) -> list[int]:
    return list(Case.objects.filter(parse(chosen).q()).order_by("id").values_list("id", flat=True))


def test_several_keys_of_a_name_widen_and_names_narrow_each_other(cast: Cast) -> None:
    hotline, web, app = (cast.case(channel=channel).id for channel in ("hotline", "web", "app"))
    assert found(channel=["hotline", "web"]) == [hotline, web]
    assert found(channel=["hotline", "web"], source_system="-") == [hotline, web]
    assert found(channel="hotline", source_system="别的系统") == []
    assert found() == [hotline, web, app]


def test_trees_take_the_level_they_name(cast: Cast) -> None:
    radio, cable, none = (cast.case(category=code).id for code in ("N0101", "N0201", ""))
    assert found(category="N") == [radio, cable]
    assert found(category2="N01") == [radio]
    assert found(category3="N0101") == [radio]
    assert found(category="-") == [none]
    with pytest.raises(RuleError):
        parse({"category": "N0101"})


def test_areas_units_and_people_by_their_stable_names(cast: Cast) -> None:
    home, away = cast.case().id, cast.case("an_wx", area="320211").id
    assert found(area="320000") == [home, away]
    assert found(area="320400") == [home]
    assert found(district="320211") == [away]
    assert found(unit="sc_cz") == [home]
    assert found(unit_below="hq") == [home, away]
    assert found(taken_by="an") == [home]
    assert found(handler="-") == [home, away]


def test_days_are_those_of_the_operator(cast: Cast) -> None:
    late_evening = clock.now().replace(year=2026, month=3, day=31, hour=16, minute=30)
    with clock.at(late_evening):
        case = cast.case().id
    assert (
        found(**{"from": "2026-04-01", "to": "2026-04-01"})
        == [case]
        == found(month="2026-04")
        == found(day="2026-04-01")
    )
    assert found(month="2026-03") == []
    assert found(week="2026-03-30") == [case]


def test_conditions_all_have_to_hold_as_of_the_moment_asked_for(cast: Cast) -> None:
    case = cast.case()
    assert case.limit_at is not None
    after = (case.limit_at + timedelta(hours=1)).isoformat()
    assert found(**{"is": "late"}) == []
    assert found(**{"is": ["late", "open"], "as_of": after}) == [case.id]
    assert found(**{"is": ["late", "ended"], "as_of": after}) == []
    assert found(as_of=(case.registered_at - timedelta(seconds=1)).isoformat()) == []


@pytest.mark.parametrize(
    ("name", "key"),
    [("from", "2026-02-30"), ("to", "1.3.2026"), ("month", "2026-13"), ("month", "2026-01-01"), ("week", "2026-03-31"),
     ("channel", "pigeon"), ("urgency", "9"), ("urgency", "²"), ("city", "320412"), ("area", "999999"), ("area", "x"),
     ("unit", "nowhere"), ("unit_below", "nowhere"), ("handler", "nobody"), ("is", "pretty"), ("as_of", "tomorrow"),
     ("day", "0001-01-01"), ("as_of", "9999-12-31"), ("source_system", "a\x00b"), ("source_system", "\ud800"),
     ("source_system", "长" * 201), ("customer_level", "-1"), ("month", "-")],
)  # fmt: skip
def test_a_key_that_names_nothing_is_refused_with_its_field(name: str, key: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse({name: key})
    assert (refused.value.field, refused.value.status) == (name, 422)
    str(refused.value.message).encode()


def test_unknown_names_belong_to_the_page_unless_asked_to_be_strict() -> None:
    assert parse({"after": "x", "q": "没信号"}).pairs == ()
    with pytest.raises(RuleError) as refused:
        parse({"afer": "x"}, strict=True)
    assert refused.value.field == "afer"


def test_a_field_left_empty_chooses_nothing() -> None:
    assert parse(QueryDict("from=&channel=&is=late")).pairs == (("is", "late"),)


@given(
    st.lists(
        st.tuples(st.sampled_from(["channel", "source_system", "is", "from", "as_of", "month"]), st.integers(0, 2))
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_address_gives_back_the_filter_it_was_made_from(picks: list[tuple[str, int]]) -> None:
    keys = {
        "channel": ["hotline", "web", "app"],
        "source_system": ["-", "投诉 & 支撑=系统", "营业精灵+"],
        "is": ["late", "open", "counted"],
        "from": ["2026-01-01", "2026-02-01", "2026-03-01"],
        "as_of": ["month_end", "2026-05-01", "2026-05-01T09:30:00+08:00"],
        "month": ["2026-01", "2026-02", "2025-12"],
    }
    chosen = parse([(name, keys[name][number]) for name, number in picks])
    assert parse(parse_qsl(chosen.query())).pairs == chosen.pairs
    assert sorted(parse(QueryDict(chosen.query())).pairs) == sorted(chosen.pairs)
    assert len(chosen.words()) == len({name for name, _key in chosen.pairs})


@given(st.datetimes(datetime(1992, 1, 1), datetime(2198, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_comes_back_from_its_key(at: Any) -> None:
    assert as_of_key(key_of_moment(at)) == at
    assert as_of_key(key_of_moment(at).replace("+", " ")) == at


def test_every_name_can_be_said(cast: Cast) -> None:
    from bihuan.cases.filters import name_of

    assert all(name_of(name) for name in NAMES)
    assert set(FACETS) < set(NAMES)
    assert Filter().words() == []
