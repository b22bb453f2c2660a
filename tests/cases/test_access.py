"""What lies outside a person's reach does not exist for her."""

import pytest
from django.db import connection

from bihuan.cases.access import Lie, access_case, reaches, visible
from bihuan.cases.models import Case
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.identity import roles
from bihuan.kernel.errors import Forbidden, NotFound
from cast import OTHER_DISTRICT, Cast


def _sees(cast: Cast, case: Case) -> set[str]:
    """Who finds it when she asks for it; whoever has read it already has to come to the same answer."""
    found = {name for name in cast.staff if visible(cast.viewer(name)).filter(pk=case.pk).exists()}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {Lie.sql('c')} FROM cases_case c WHERE id = %s", [case.pk])
        lie = Lie.read(cursor.fetchone())
    assert {name for name in cast.staff if reaches(cast.viewer(name), lie)} == found
    return found


EVERYWHERE = {"he", "fe", "gu"}
CITY = {"di", "du", "ji"}


def test_a_registered_case_is_seen_by_its_taker_her_unit_and_the_city(cast: Cast) -> None:
    case = cast.case()
    assert _sees(cast, case) == {"an", "bo", "wu"} | CITY | EVERYWHERE


def test_a_dispatched_case_is_also_seen_by_the_unit_and_its_lead(cast: Cast) -> None:
    case = cast.case()
    flow.accept(case, cast.doer("di"))
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
    assert {"ma", "li"} <= _sees(cast, case)
    assert not {"te", "mk", "ma_wx", "an_wx", "di_wx", "re", "sy", "se", "au", "pa"} & _sees(cast, case)


def test_a_returned_case_stays_readable_but_only_readable(cast: Cast) -> None:
    case = cast.case()
    flow.accept(case, cast.doer("di"))
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
    access_case(cast.viewer("ma"), case.number, roles.RECEIVE)
    dispatch.give_back(case, cast.doer("ma"), _first_reason(), "不归我们管")
    assert access_case(cast.viewer("ma"), case.number).pk == case.pk
    for right in (roles.RECEIVE, roles.HANDLE, roles.REVEAL):
        with pytest.raises(Forbidden):
            access_case(cast.viewer("ma"), case.number, right)


def _first_reason() -> str:
    from bihuan.catalog.models import Reason

    return Reason.objects.filter(kind="return")[0].code


def test_revisit_staff_see_a_case_only_once_it_is_replied(cast: Cast) -> None:
    case = cast.case()
    assert "re" not in _sees(cast, case)
    flow.answer(case, cast.doer("an"), "call", "已现场解释清楚，客户认可。")
    assert "re" in _sees(cast, case)
    assert "re_wx" not in _sees(cast, case)


def test_another_citys_case_does_not_exist(cast: Cast) -> None:
    case = cast.case("an_wx", area=str(OTHER_DISTRICT))
    for name in ("an", "di", "ma", "li", "wu", "ji", "du", "re"):
        with pytest.raises(NotFound):
            access_case(cast.viewer(name), case.number)


def test_administrators_see_no_case_at_all(cast: Cast) -> None:
    cast.case()
    for name in ("sy", "se", "au"):
        assert not visible(cast.viewer(name)).exists()


def test_a_number_is_found_however_it_is_typed(cast: Cast) -> None:
    case = cast.case()
    typed = case.number.lower().replace("-", " ")
    assert access_case(cast.viewer("an"), typed).pk == case.pk
