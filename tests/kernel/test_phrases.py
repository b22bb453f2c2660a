"""What the platform writes by itself is stored in Chinese and read in the reader's language."""

from django.utils import translation
from django.utils.translation import gettext_noop

from bihuan.flow.actions import WITHDRAWN
from bihuan.flow.fieldwork import AGREED
from bihuan.kernel import phrases

ROUND = phrases.phrase(gettext_noop("%(level)s：请尽快办结，并在期限内报告进展。"), level=lambda name: name.upper())


def test_it_is_stored_in_chinese_whoever_wrote_it_and_read_in_the_readers_language() -> None:
    with translation.override("en"):
        stored = WITHDRAWN.said()
        assert stored == "客户已撤诉" and phrases.read(stored) == "the customer withdrew"
    assert phrases.read(stored) == stored


def test_its_values_are_found_again_also_between_dots_and_in_what_was_once_stored_in_english() -> None:
    stored = AGREED.said(span=" 11-22 09:00–10:30 ")
    with translation.override("en"):
        read = phrases.read(f"时间 · {stored}")
        assert read == "时间 · Visit agreed with the customer for  11-22 09:00–10:30 "
        old = phrases.read(stored)
    assert phrases.read(old) == stored


def test_what_somebody_wrote_stays_as_it_is() -> None:
    with translation.override("en"):
        for text in ("客户已撤诉，不再联系", "线路已修复", "", "⟦phone1⟧ · 请回电"):
            assert phrases.read(text) == text
