"""Dates without a year of four digits in front: months as words, and numbers whose order the whole column tells."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.channels.file import dates, values
from bihuan.kernel.errors import RuleError

NOW = datetime(2026, 11, 22, 12)
MOMENTS = st.datetimes(datetime(2000, 1, 1), NOW - timedelta(days=40)).map(lambda at: at.replace(microsecond=0))
FORMS = {"dmy": "%d/%m/%Y", "mdy": "%m-%d-%y", "ymd": "%y.%m.%d"}


@given(MOMENTS, st.sampled_from(["%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%B %d %Y"]))
def test_a_month_as_a_word_needs_no_order(at: datetime, form: str):
    assert dates.read(at.strftime(form)) == (datetime(at.year, at.month, at.day), True)
    assert dates.read(at.strftime(f"{form} %I:%M:%S %p")) == (at, False)


@given(MOMENTS, st.sampled_from(sorted(FORMS)))
def test_numbers_are_read_in_the_order_given(at: datetime, order: str):
    assert dates.read(at.strftime(f"{FORMS[order]} %H:%M:%S"), order) == (at, False)
    assert dates.read(at.strftime(FORMS[order])) is None, "never by guessing from one date"


@given(st.dates(datetime(2001, 1, 1).date(), datetime(2026, 9, 1).date()), st.sampled_from(sorted(FORMS)))
def test_a_month_of_complaints_tells_the_order_of_its_dates(first, order: str):
    column = [(first + timedelta(days=day)).strftime(FORMS[order]) for day in range(31)]
    assert dates.order_of(column, NOW) in {order, ""}
    assert [dates.read(cell, dates.order_of(column, NOW) or order) is not None for cell in column] == [True] * 31


def test_the_order_is_found_where_it_shows_and_left_open_where_not():
    assert dates.order_of(["22-04-15", "04-08-15", "26-05-15", "31-12-14"], NOW) == "dmy"
    assert dates.order_of(["04/22/2015", "04/08/2015"], NOW) == "mdy"
    assert dates.order_of(["04/05/2015", "05/04/2015"], NOW) == ""
    assert dates.order_of(["2015-04-22", "2015/4/8 9:12"], NOW) == "" == dates.order_of([], NOW)


@pytest.mark.parametrize("told", ["31-Feb-15", "12-Foo-2015", "Foo 12, 2015", "22-04-15", "45/45/2015"])
def test_what_is_no_date_is_refused(told: str):
    with pytest.raises(RuleError, match="moment.unread"):
        values.moment(told, "Asia/Shanghai")


def test_a_day_and_a_time_of_day_make_one_moment():
    told = values.moment(values.joined(["2015-04-22 00:00:00", "3:53:50 PM"]), "UTC")
    assert told is not None and told[0].isoformat() == "2015-04-22T15:53:50+00:00"
    assert values.moment(values.joined([42116, 0.5]), "UTC") == values.moment("2015-04-22 12:00:00", "UTC")
    assert values.moment(values.joined(["2015-04-22", None]), "UTC") == values.moment("2015-04-22", "UTC")
