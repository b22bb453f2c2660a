"""A reply says when, who, why and what; nothing of another customer leaves the house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.text.reply_check import EMPTY_PHRASES, check, numbers_in

GOOD = "王先生您好，我是处理人马跃。11月20日上午经查，因基站板卡故障导致无信号，已于当日更换并恢复，请您再试。"


def codes(text: str, **given: object) -> list[str]:
    return [one.code for one in check(text, **given)]  # type: ignore[arg-type]


def test_a_full_reply_passes() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (GOOD.replace("11月20日上午", "").replace("当日", ""), "time"),
        (GOOD.replace("我是处理人马跃。", ""), "handler"),
        (GOOD.replace("经查，因基站板卡故障导致无信号，", "我们核对了基站告警记录，"), "cause"),
        (GOOD.replace("已于当日更换并恢复，请您再试", "基站在当日有告警"), "solution"),
    ],
)
def test_each_missing_part_is_named(text: str, lacks: str) -> None:
    assert codes(text) == [lacks]


def test_mere_phrases_are_no_answer() -> None:
    assert codes("您的问题我们高度重视，会尽快处理，请耐心等待。") == [
        "short",
        "time",
        "handler",
        "cause",
        "solution",
        "empty",
    ]


def test_phrases_beside_facts_do_no_harm() -> None:
    assert check(GOOD + "给您带来不便敬请谅解。") == []


def test_the_solution_field_and_the_handlers_name_count() -> None:
    text = "11月20日经查因基站板卡故障导致无信号，马跃处理，已通知您家附近的其他用户，谢谢配合。"
    assert codes(text, solution="更换板卡", handler="马跃") == []


def test_an_interim_reply_need_not_say_everything() -> None:
    assert check("已约明天上午上门测试。", final=False) == []


def test_a_token_of_another_case_is_refused() -> None:
    found = check(GOOD + "⟦P9⟧", own_tokens=["⟦P1⟧"])
    assert [(one.code, one.hard) for one in found] == [("foreign_token", True)]
    assert check(GOOD + "⟦P1⟧", own_tokens=["⟦P1⟧"]) == []


def test_another_customers_number_is_refused_and_never_shown_whole() -> None:
    (found,) = check(GOOD + "13700001111", foreign=["13700001111"])
    assert found.hard and found.shown == ("…1111",)


def test_placeholders_left_are_shown() -> None:
    (found,) = check(GOOD + "{承诺时间}")
    assert (found.code, found.shown) == ("placeholder", ("{承诺时间}",))


def test_numbers_to_look_up() -> None:
    assert numbers_in("请拨打13912345678或10000，工单TS261121-01045726") == ["13912345678"]


@given(st.text(max_size=300), st.booleans())
def test_any_text_is_answered_and_only_foreign_data_refuses(text: str, final: bool) -> None:
    found = check(text, final=final)
    assert all(one.code == "foreign_token" for one in found if one.hard)


@given(st.lists(st.sampled_from(EMPTY_PHRASES), min_size=1, max_size=6))
def test_no_heap_of_phrases_passes(phrases: list[str]) -> None:
    assert "empty" in codes("，".join(phrases))
