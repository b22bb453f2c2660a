"""Whatever happens to cases and however far the index got: a search equals a plain scan of everything in reach."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases import access
from bihuan.cases.actions import append, let_read
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity import book
from bihuan.kernel import clock
from bihuan.knowledge import indexing, phrases, postings, search
from cast import DISTRICT, OTHER_DISTRICT, Cast

WHO = ("an", "di", "du", "ma", "te", "li", "wu", "re", "ji", "he", "pa", "sys", "an_wx", "re_wx", "sy")
WORDS = ("断网", "网断", "断网断", "网断 断网", "a断", "断", "A断网", "断，网", "断网 断，网")
TAKERS = ("an", "bo", "di", "an_wx")
AREAS = (str(DISTRICT), str(OTHER_DISTRICT), "320400", "320000")
SMALL = {"MOST": 5, "FIRST": 3, "FEW": 4, "NEAR": 2}

step = st.tuples(st.sampled_from(["new", "new", "new", "unit", "reply", "restate", "index"]), st.integers(0, 10**6))
texts = st.text("断网a，", min_size=2, max_size=9).map(lambda text: f"投诉{text}")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of four cases, few of them many: every border is met."""
    monkeypatch.setattr(postings, "BLOCK", 4)
    of_index = {"MANY": 2, "FOLDED": 7, "BATCH": 9, "CASES": 2}
    for module, sizes in ((phrases, {"MANY": 0, "MOST": 2}), (indexing, of_index), (search, SMALL)):
        for name, value in sizes.items():
            monkeypatch.setattr(module, name, value)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(step, min_size=4, max_size=12), texts, st.data())
def test_a_search_equals_a_plain_scan(
    cast: Cast, small: None, steps: list[tuple[str, int]], text: str, data: st.DataObject
) -> None:
    for kind, chosen in steps:
        _play(cast, kind, chosen, text)
    for who in data.draw(st.lists(st.sampled_from(WHO), min_size=4, max_size=4, unique=True)):
        word = data.draw(st.sampled_from(WORDS))
        if not search.asked(word).terms():
            continue
        viewer = cast.viewer(who)
        wanted = _scanned(viewer, word)
        found = search.search(viewer, word, shown=4)
        assert [case.id for case in found.cases] == wanted[:4], (who, word)
        assert (found.count, found.capped) == (min(len(wanted), SMALL["MOST"]), len(wanted) > SMALL["MOST"]), (
            who,
            word,
        )
        listed = search.narrowing(word)(access.visible(viewer)).order_by("-id").values_list("id", flat=True)
        assert list(listed) == wanted, (who, word)


def _scanned(viewer: access.Viewer, typed: str) -> list[int]:
    rows = access.visible(viewer).order_by("-id").values_list("id", "content")
    return [case_id for case_id, text in rows if all(word.lower() in text.lower() for word in typed.split())]


def _play(cast: Cast, kind: str, chosen: int, text: str) -> None:
    cases = list(Case.objects.order_by("id").values_list("id", flat=True))
    if kind == "new" or not cases:
        taken_by, area = TAKERS[chosen % 4], AREAS[chosen // 4 % 4]
        cast.case(taken_by, content=f"{text}{'断网' * (chosen % 3)}", area=area)
        return
    if kind == "index":
        last, reached = CaseEvent.objects.latest("id").id, indexing.reached()
        indexing.run(reached + chosen % (last - reached + 1))
        return
    case = Case.objects.select_for_update().get(pk=cases[chosen % len(cases)])
    doer, now = cast.doer("di"), clock.now()
    if kind == "unit":
        units = sorted(book.units().units)
        let_read(case, units[chosen // 7 % len(units)], now)
        append(case, "transferred", doer)
    elif kind == "reply":
        case.replied_at = now
        append(case, "replied", doer, columns=("replied_at",))
    else:
        where = (
            Case.objects.filter(pk=cases[chosen // 5 % len(cases)]).values("area_id", "city_id", "district_id").get()
        )
        Case.objects.filter(pk=case.pk).update(content=f"{text}网断", **where)
