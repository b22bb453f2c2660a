"""Whatever comes in at any entrance leaves the hygiene clean, or is refused with field, reason and remedy."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.errors import RuleError
from bihuan.text.clean import clean


def refusal(value: object, max_length: int = 50, multiline: bool = False) -> RuleError:
    with pytest.raises(RuleError) as caught:
        clean(value, max_length, "content", multiline)
    assert caught.value.field == "content"
    assert caught.value.message
    return caught.value


def test_it_trims_composes_and_keeps_emoji() -> None:
    assert clean("  \u3000宽带断网\r\n", 50, "content") == "宽带断网"
    assert clean("e\u0301te\u0301", 50, "content") == "été"
    assert clean("太慢了😡👨‍👩‍👧", 50, "content") == "太慢了😡👨‍👩‍👧"
    assert clean("   ", 50, "content") == ""


def test_line_ends_become_one_kind_in_a_long_text() -> None:
    assert clean("一\r\n二\r三\u2028四\t五", 50, "content", multiline=True) == "一\n二\n三\n四\t五"


def test_a_single_line_refuses_a_line_break_inside() -> None:
    assert refusal("一\n二").code == "text.control"
    assert refusal("一\t二").data["position"] == 2


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x0b"])
def test_control_characters_are_refused_by_place(char: str) -> None:
    error = refusal(f"宽带{char}断", multiline=True)
    assert error.code == "text.control"
    assert error.data == {"position": 3, "code": f"U+{ord(char):04X}"}


def test_half_a_surrogate_is_refused() -> None:
    assert refusal("表情\ud83d").code == "text.surrogate"
    assert refusal("\udc00", multiline=True).code == "text.surrogate"


def test_length_is_counted_in_characters_after_trimming() -> None:
    assert clean(" " * 900 + "好" * 50 + " ", 50, "content") == "好" * 50
    error = refusal("好" * 51)
    assert error.code == "text.too_long"
    assert error.data == {"limit": 50, "count": 51}
    assert refusal("好" * 10_000_000).data["count"] == 10_000_000


@pytest.mark.parametrize("value", [None, 7, 1.5, True, b"bytes", ["x"], {"a": 1}])
def test_what_is_no_text_is_refused(value: object) -> None:
    assert refusal(value).code == "text.type"


def test_direction_overrides_and_byte_order_marks_vanish() -> None:
    assert clean("\ufeff退\u202e款\u202c", 50, "content") == "退款"


def test_a_refusal_speaks_english_to_an_english_reader() -> None:
    with translation.override("en"):
        assert refusal("好" * 51).message.startswith(("At most 50", "最多"))


@given(st.text(alphabet=st.characters(), max_size=80), st.booleans())
def test_what_passes_is_stable_and_storable(value: str, multiline: bool) -> None:
    try:
        text = clean(value, 60, "content", multiline)
    except RuleError:
        return
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\r" not in text
    assert len(text) <= 60
    assert unicodedata.is_normalized("NFC", text)
    assert clean(text, 60, "content", multiline) == text
