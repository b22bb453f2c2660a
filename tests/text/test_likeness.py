"""The same matter in other words is recognised, another matter is not."""

from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.likeness import LIKELY, most_alike, signature, similarity

FIRST = "家里宽带从昨天晚上八点开始断网，光猫一直亮红灯，打了两次客服都没有人上门"
AGAIN = "您好，宽带昨天晚上断网到现在，光猫亮红灯，一直没有人上门，请尽快处理"
OTHER = "上个月账单多扣了三十块钱的增值业务费，我从来没有订购过，要求退费"


def alike(a: str, b: str) -> float:
    return similarity(signature(a), signature(b))


def test_a_second_call_about_the_same_fault_is_worth_a_warning() -> None:
    assert alike(FIRST, AGAIN) >= LIKELY
    assert alike(FIRST, OTHER) < LIKELY / 2


def test_the_beginning_of_a_text_is_enough_while_typing() -> None:
    assert alike(FIRST[:16], FIRST) > 0.8


def test_greetings_tokens_and_figures_do_not_make_texts_alike() -> None:
    assert alike("您好，麻烦请尽快处理，谢谢", "你好，请尽快处理，谢谢") == 0
    assert alike("电话⟦P1⟧打不通，等了30分钟", "电话⟦P2⟧打不通，等了45分钟") == 1


def test_too_short_a_text_tells_nothing() -> None:
    assert alike("断网", "断网") == 0


def test_the_likest_come_first() -> None:
    found = most_alike(AGAIN, [OTHER, FIRST, AGAIN])
    assert [index for index, _ in found] == [2, 1]
    assert found[0][1] == 1
    assert most_alike(AGAIN, []) == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_and_the_same_both_ways(a: str, b: str) -> None:
    assert 0 <= alike(a, b) <= 1
    assert alike(a, b) == alike(b, a)
    assert alike(a, a) in (0, 1)
