"""Words are found anywhere in the texts of the cases in reach, indexed or not, common or rare; never one too few."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases.models import CaseEvent
from bihuan.kernel.errors import RuleError
from bihuan.knowledge import indexing, phrases, postings, search
from bihuan.knowledge.models import IndexedUpTo, Posting, Restated
from cast import OTHER_DISTRICT, Cast


def indexed() -> None:
    """Bring the index up to date, as the jobs process does."""
    indexing.run(CaseEvent.objects.latest("id").id)


def numbers(cast: Cast, who: str, words: str) -> list[str]:
    return [case.number for case in search.search(cast.viewer(who), words).cases]


@pytest.mark.parametrize("late", [False, True])
def test_it_is_found_whether_indexed_or_not(cast: Cast, late: bool) -> None:
    first, second = cast.case(content="昨晚又断网了，光猫红灯"), cast.case(content="宽带断网三天")
    cast.case(content="断断续续，网络慢")
    if not late:
        indexed()
    assert (len(postings.read(["断网"])) == 0) is late
    found = search.search(cast.viewer("di"), "断网")
    assert [case.number for case in found.cases] == [second.number, first.number]
    assert (found.count, found.capped) == (2, False)


def test_longer_words_have_to_stand_together(cast: Cast) -> None:
    cast.case(content="网络很慢，信号网络，络信不好")
    case = cast.case(content="手机网络信号差")
    indexed()
    assert numbers(cast, "di", "网络信号") == [case.number]


def test_all_words_have_to_be_there(cast: Cast) -> None:
    cast.case(content="武进区断网")
    case = cast.case(content="武进区湖塘断网")
    indexed()
    assert numbers(cast, "di", "断网 湖塘") == [case.number]


def test_what_lies_out_of_reach_is_neither_listed_nor_counted(cast: Cast) -> None:
    case = cast.case(content="家里断网")
    cast.case("an_wx", content="无锡断网", area=str(OTHER_DISTRICT))
    indexed()
    for who, count in (("di", 1), ("di_wx", 1), ("an", 1), ("bo", 1), ("fe", 2), ("re", 0), ("sy", 0)):
        assert search.search(cast.viewer(who), "断网").count == count, who
    assert numbers(cast, "an", "断网") == [case.number]


def test_a_single_character_is_too_little(cast: Cast) -> None:
    with pytest.raises(RuleError, match="search.short"):
        search.search(cast.viewer("di"), "断")


def test_running_twice_indexes_once(cast: Cast) -> None:
    cast.case()
    last = CaseEvent.objects.latest("id").id
    assert indexing.run(last) == 1
    before = list(Posting.objects.values_list("term", "block", "part", "bits"))
    assert indexing.run(last) == 0
    IndexedUpTo.objects.update(event_id=0)
    indexing.run(last)
    assert [(*key, bytes(bits)) for *key, bits in Posting.objects.values_list("term", "block", "part", "bits")] == [
        (*key, bytes(bits)) for *key, bits in before
    ]


def test_a_round_that_broke_off_leaves_nothing_and_is_done_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = cast.case(content="家里断网")
    last = CaseEvent.objects.latest("id").id
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "FOLDED", 1)
        patched.setattr(postings, "fold", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            indexing.run(last)
    assert (indexing.reached() < last, Posting.objects.exists()) == (True, False)
    assert indexing.run(last) >= 1
    assert numbers(cast, "di", "断网") == [case.number]


def test_a_few_events_are_not_worth_a_round(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.case()
    last = CaseEvent.objects.latest("id").id
    IndexedUpTo.objects.update_or_create(pk=1, defaults={"event_id": last - 1})
    monkeypatch.setattr(indexing, "settled", lambda: last)
    assert indexing.run() == 0
    monkeypatch.setattr(indexing, "WORTH", 1)
    assert indexing.run() >= 1


def test_a_text_changed_under_the_index_is_found_by_its_new_words_only(cast: Cast) -> None:
    case = cast.case(content="家里断网")
    indexed()
    type(case).objects.filter(pk=case.pk).update(content="话费多扣")
    assert numbers(cast, "di", "断网") == []
    assert numbers(cast, "di", "话费") == [case.number]
    indexing.run(0)
    assert not Restated.objects.exists()
    assert not any(bits for held in postings.read(["断网"]).values() for bits in held.values())
    assert numbers(cast, "di", "话费") == [case.number]


def test_a_phrase_that_cost_much_looking_gets_its_own_bitmap(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "MANY", 1)
    first = cast.case(content="家里断网了，Wi-Fi 也没有")
    cast.case(content="家里断，里断网")
    indexed()
    assert numbers(cast, "di", "里断网") != numbers(cast, "di", "家里断网") == [first.number]
    indexing.run(0)
    assert set(phrases.all_known()) == {"里断网", "家里断网"}
    assert search.asked("家里断网").learned().open == []
    later = cast.case(content="全家里断网")
    indexed()
    assert numbers(cast, "di", "家里断网") == [later.number, first.number]
    monkeypatch.setattr(phrases, "MOST", 1)
    indexing.run(0)
    indexing.run(0)
    assert len(phrases.all_known()) == len(Posting.objects.filter(term__startswith="=").values("term").distinct()) == 1
    assert numbers(cast, "di", "家里断网") == [later.number, first.number]


def test_a_search_is_a_few_queries_however_much_is_found(
    cast: Cast, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "BLOCK", 2)
    monkeypatch.setattr(search, "FIRST", 2)
    monkeypatch.setattr(search, "NEAR", 2)
    for _number in range(6):
        cast.case(content="家里断网很久")
    indexed()
    cast.case(content="家里断网很久")
    viewer = cast.viewer("di")
    with django_assert_max_num_queries(14):  # with the savepoint and the setting
        assert search.search(viewer, "断网很久 家里").count == 7


def test_wildcards_are_taken_literally(cast: Cast) -> None:
    cast.case(content="话费扣了100元")
    case = cast.case(content="电量100%还是没信号")
    assert numbers(cast, "di", "100%") == [case.number]
    assert numbers(cast, "di", "电量\x00信号") == [case.number]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_piece_of_a_text_finds_it(cast: Cast, data: st.DataObject) -> None:
    text = "昨天下午3点起Wi-Fi连不上，光猫LOS灯闪红；5G信号也只有1格"
    case = cast.case(content=text)
    start = data.draw(st.integers(0, len(text) - 2))
    piece = text[start : data.draw(st.integers(start + 2, len(text)))].strip()
    try:
        assert case.number in numbers(cast, "di", piece)
    except RuleError as short:
        assert short.code == "search.short"
