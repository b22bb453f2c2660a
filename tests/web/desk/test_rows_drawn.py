"""A line drawn by hand shows what people wrote and lets none of it become markup."""

import pytest

from bihuan.cases.models import Case
from bihuan.web.desk.rows import Row
from bihuan.web.desk.templatetags.desk_rows import line

EVIL = "\"'><script>alert(1)</script>&amp;"


def row_of(word: str) -> Row:
    """A row whose every text is `word`."""
    case = Case(number="TS1", status="received", priority=1)
    marks = [("chaser", "bell", 2, word)]
    return Row(case, word, word, word, word, word, word, None, None, word, marks, word, word)


@pytest.mark.parametrize("instead", [False, True])
def test_what_people_wrote_is_never_markup(instead: bool) -> None:
    drawn = line(row_of(EVIL), f"/desk/?{EVIL}", opened=True, pick=True, instead=instead)
    assert "<script" not in drawn and "'>" not in drawn and '"">' not in drawn
    assert drawn.count("&lt;script&gt;") >= 10 and "&amp;amp;" in drawn


def test_the_open_one_has_the_cursor_and_a_box_only_where_something_is_done_with_several() -> None:
    plain = line(row_of("a"), "/?case=", opened=False, pick=False)
    assert "b-cursor" not in plain and "b-pick" not in plain and "hx-swap-oob" not in plain
    chosen = line(row_of("a"), "/?case=", opened=True, pick=True, instead=True)
    assert "b-cursor" in chosen and "b-pick" in chosen and 'hx-swap-oob="true"' in chosen
