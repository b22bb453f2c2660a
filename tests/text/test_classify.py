"""Words suggest a category and raise flags; what is denied does not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.classify import Suggester, Words, urgency_hint

NODES: list[dict[str, object]] = [
    {"code": "N0201", "keywords": ["断网", "宽带断了", "上不了网"], "weight": 1.0},
    {"code": "N0202", "keywords": ["网速慢", "测速"], "weight": 1.0},
    {"code": "N0501", "keywords": ["片区断网", "全小区"], "weight": 1.0},
    {"code": "C0101", "keywords": ["乱扣费", "多扣"], "weight": 1.0},
    {"code": "C0302", "keywords": ["SP", "代收费"], "weight": 1.0},
    {"code": "S0101", "keywords": ["态度差"], "weight": 2.0},
    {"code": "S0102", "keywords": ["态度差"], "weight": 1.0},
]


@pytest.fixture
def suggester() -> Suggester:
    return Suggester(NODES)


def codes(suggester: Suggester, text: str) -> list[str]:
    return [code for code, _ in suggester.suggest(text)]


def test_the_words_of_a_leaf_suggest_it(suggester: Suggester) -> None:
    assert (
        codes(suggester, "家里断网两天了，测速也不达标") == ["N0201", "N0202"]
        or codes(suggester, "家里断网两天了")[0] == "N0201"
    )
    assert codes(suggester, "你好") == []


def test_more_and_longer_words_score_higher(suggester: Suggester) -> None:
    one = dict(suggester.suggest("断网"))["N0201"]
    two = dict(suggester.suggest("断网，宽带断了"))["N0201"]
    assert 0 < one < two < 1


def test_a_longer_word_wins_over_the_one_inside(suggester: Suggester) -> None:
    assert codes(suggester, "我们这里片区断网") == ["N0501"]


def test_a_shared_word_is_divided_and_weight_decides(suggester: Suggester) -> None:
    assert codes(suggester, "态度差") == ["S0101", "S0102"]


def test_what_is_denied_does_not_count(suggester: Suggester) -> None:
    assert codes(suggester, "不是断网，是乱扣费") == ["C0101"]
    assert codes(suggester, "没有断网，网速慢") == ["N0202"]
    assert codes(suggester, "断网已恢复，测速只有 3 兆") == ["N0202"]


def test_english_words_stand_alone(suggester: Suggester) -> None:
    assert codes(suggester, "sp 代收费") == ["C0302"]
    assert codes(suggester, "DISPLAY 坏了") == []


@given(st.text(alphabet="断网宽带上不了测速慢乱扣费没是SP态度差，", max_size=60))
def test_suggestions_are_bounded_ordered_and_repeatable(text: str) -> None:
    suggester = Suggester(NODES)
    found = suggester.suggest(text, top=10)
    assert found == Suggester(list(reversed(NODES))).suggest(text, top=10)
    assert all(0 < score < 1 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@given(
    st.lists(st.text(alphabet="断网宽带", min_size=1, max_size=4), min_size=1, max_size=8),
    st.text(alphabet="断网宽带，", max_size=20),
)
def test_every_word_said_is_found_or_lies_inside_a_longer_one(words: list[str], text: str) -> None:
    found = Words(words).found(text)
    for word in words:
        for place in range(len(text)):
            if len(word) > 1 and text.startswith(word, place):
                assert any(p <= place and p + len(w) >= place + len(word) for p, w in found)


@pytest.mark.parametrize(
    ("text", "flag", "reason"),
    [
        ("再不解决我就打12345和工信部", "threatens_regulator", "12345、工信部"),
        ("我要找记者曝光", "threatens_exposure", "记者、曝光"),
        ("家里有孕妇，很着急", "urgent", "孕妇、着急"),
        ("整栋楼网络瘫痪了", "urgent", "网络瘫痪"),
        ("你们泄露了我的号码", "security", "泄露"),
    ],
)
def test_signs_raise_flags_with_their_reason(text: str, flag: str, reason: str) -> None:
    hints = {hint.flag: hint.reason for hint in urgency_hint(text)}
    assert hints[flag] == reason


def test_an_ordinary_or_denied_text_raises_nothing() -> None:
    assert urgency_hint("宽带断了，请派人来修") == []
    assert urgency_hint("不着急，慢慢来") == []
    assert urgency_hint("刷抖音看直播一直卡，媒体播放不了") == []
    assert urgency_hint("没有泄露，流水号 9123456") == []


@pytest.mark.parametrize(
    "said", ["是不是你们把我信息卖了", "有人拿我身份证办了两张卡", "他怎么能随便看我资料", "我的个人信息被泄露了"]
)
def test_leaked_or_misused_data_is_a_sign_of_security_however_it_is_said(said: str) -> None:
    assert "security" in {hint.flag for hint in urgency_hint(said)}
