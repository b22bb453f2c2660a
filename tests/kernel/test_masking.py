"""Masks show what staff need to recognise a customer, and never more."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel import masking

anything = st.text(max_size=60)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("张", "张*"),
        ("欧阳修文", "欧阳**"),
        ("欧阳", "欧阳*"),
        ("王先生", "王先生"),
        ("欧阳女士", "欧阳女士"),
        ("买买提·艾力", "买**"),
        ("John Smith", "J*** S***"),
        ("  ", ""),
    ],
)
def test_a_name_keeps_the_surname(value: str, shown: str) -> None:
    assert masking.name(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("008613812341234", "138****1234"),
        ("8613812341234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("0519-88881234", "0519-****1234"),
        ("(010) 8888 1234", "010-****1234"),
        ("+86-519-88881234", "0519-****1234"),
        ("+861088881234", "010-****1234"),
        ("0519-88881234转801", "0519-****1234"),
        ("05198881234", "0519-****234"),
        ("88881234", "****1234"),
        ("+44 20 7946 0958", "+44****0958"),
        ("0085298765432", "+852****5432"),
        ("+1 202 555 0143", "+1****0143"),
        ("110", "****0"),
        ("无", "****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_its_net_and_last_four(value: str, shown: str) -> None:
    assert masking.phone(value) == shown


def test_numbers_of_papers_accounts_and_cards_keep_their_ends() -> None:
    assert masking.identity("320404199001011234") == "320***********1234"
    assert masking.identity("32040419900101123x") == "320***********123x"
    assert masking.identity("320404900101123") == "320********1123"
    assert masking.passport("E12345678") == "E*****678"
    assert masking.account("051988881234") == "05******1234"
    assert masking.account("cz1234567890@163.gd") == "cz******7890"
    assert masking.bank_card("6222 0212 3456 7890") == "**** 7890"
    assert masking.handle("zhangsan_88") == "z***88"
    assert masking.identity("1234") == "****4"


def test_an_email_keeps_one_letter_and_the_provider() -> None:
    assert masking.email("zhang.san@example.com") == "z***@example.com"
    assert masking.email("z@example.com") == "***@example.com"
    assert masking.email("no mail") == "****"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("江苏省常州市天宁区和平路123号5幢302室", "江苏省常州市天宁区和平路****"),
        ("常州市武进区湖塘镇长虹村委三组18号", "常州市武进区湖塘镇长虹村****"),
        ("天宁区青龙街道", "天宁区青龙街道****"),
        ("碧桂园12幢", "****"),
        ("新北区太湖东路 9号 A座", "新北区太湖东路****"),
        ("", ""),
    ],
)
def test_an_address_stops_at_road_level(value: str, shown: str) -> None:
    assert masking.address(value) == shown


@given(st.sampled_from(sorted(masking.SHOWN_AT_MOST)), anything)
def test_no_mask_shows_more_than_its_kind_allows(kind: str, value: str) -> None:
    mask = masking.mask(kind, value)
    shown = [char for char in mask if char not in "*+- @"]
    titles = 2 if kind == "name" else 0
    assert len(shown) <= masking.SHOWN_AT_MOST[kind] + titles


@given(st.from_regex(r"[0-9]{7,20}", fullmatch=True))
def test_no_number_of_any_kind_is_shown_whole(number: str) -> None:
    for kind in masking.SHOWN_AT_MOST:
        mask = masking.mask(kind, number)
        hidden = len(number) - len(re.sub(r"\D", "", mask))
        assert hidden >= 3, (kind, mask)


@given(st.text(max_size=12), st.from_regex(r"[0-9]{3,6}", fullmatch=True))
def test_an_address_mask_never_shows_a_house_number(place: str, number: str) -> None:
    assert not re.search(r"\d", masking.address(f"{place}{number}号"))


@given(anything)
def test_an_unknown_kind_is_hidden_altogether(value: str) -> None:
    assert masking.mask("unheard of", value) in ("", "****")
