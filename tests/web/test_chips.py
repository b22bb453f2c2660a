"""A time chip says the same by shape, word and colour."""

from datetime import UTC, datetime, timedelta

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel import clock
from bihuan.web import chips, words

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def _chip(**arguments):
    with clock.at(NOON), translation.override("zh-hans"):
        return chips.time_chip(**arguments)


def test_a_far_limit_is_calm():
    chip = _chip(due=NOON + timedelta(hours=5, minutes=20), name="首次答复")
    assert (chip.tone, chip.word) == ("ok", "剩 5小时20分")
    assert chip.title == "首次答复 · 剩 5小时20分 · 时限 2026-03-02 17:20"


def test_a_near_limit_warns_an_hour_before():
    assert _chip(due=NOON + timedelta(minutes=59)).tone == "soon"
    assert _chip(due=NOON + timedelta(minutes=61)).tone == "ok"


def test_a_policy_may_warn_earlier():
    assert _chip(due=NOON + timedelta(hours=8), warn_at=NOON - timedelta(minutes=1)).tone == "soon"


def test_a_passed_limit_is_late_by_how_much():
    chip = _chip(due=NOON - timedelta(days=2, hours=4))
    assert (chip.tone, chip.word) == ("late", "超时 2天4小时")


def test_the_due_moment_itself_is_late():
    assert _chip(due=NOON).tone == "late"


def test_a_paused_clock_is_never_late():
    assert _chip(due=NOON - timedelta(hours=1), paused=True).tone == "paused"


def test_an_ended_clock_says_whether_it_was_kept():
    assert _chip(due=NOON, met=True).tone == "met"
    assert _chip(due=NOON, met=False).tone == "missed"


@given(st.integers(min_value=0, max_value=400 * 86400))
def test_a_length_never_shows_more_than_two_parts_or_a_zero(seconds: int):
    with translation.override("zh-hans"):
        said = words.duration(seconds)
    assert sum(said.count(unit) for unit in ("天", "小时", "分")) <= 2
    assert not said.startswith("0")


def test_english_readers_read_english():
    with clock.at(NOON), translation.override("en"):
        assert chips.time_chip(NOON + timedelta(hours=5)).word == "5 h left"


def test_a_moment_today_is_shown_as_a_time_and_one_of_last_year_as_a_date():
    with clock.at(NOON), translation.override("zh-hans"):
        assert words.short(NOON - timedelta(hours=1)) == "11:00"
        assert words.short(NOON - timedelta(days=3)) == "02-27 12:00"
        assert words.short(NOON - timedelta(days=400)) == "2025-01-26"
