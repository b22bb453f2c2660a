"""Sums of open time equal what counting minute by minute gives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.kernel.errors import RuleError
from bihuan.sla import clocks, shipped
from bihuan.sla.calendar import AROUND_THE_CLOCK, Calendar
from bihuan.sla.calendar_form import build
from bihuan.sla.clocks import State
from bihuan.sla.durations import Duration
from bihuan.sla.terms import Terms
from sla.slow_clock import Plain, moments, pauses, plains

CN = ZoneInfo("Asia/Shanghai")
slowly = settings(deadline=None)


def office() -> Calendar:
    data = next(one for one in shipped.CALENDARS if one["code"] == "cn-work")
    return build(
        "cn-work", "official", data["week"], days=[(day, worked) for day, worked, _n in shipped.official_days()]
    )


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN)


@slowly
@given(plains(), moments, st.integers(1, 1500))
def test_adding_equals_counting_minutes(plain: Plain, start: datetime, minutes: int) -> None:
    assert plain.calendar().add(start, timedelta(minutes=minutes)) == plain.due(start, minutes)


@slowly
@given(plains(), moments, st.integers(0, 12000))
def test_between_equals_counting_minutes(plain: Plain, start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    assert plain.calendar().between(start, end) == timedelta(minutes=plain.worked(start, end))


@slowly
@given(plains(), moments, st.integers(1, 1500), st.data())
def test_pauses_shift_the_due_moment_by_the_open_time_they_took(
    plain: Plain, start: datetime, minutes: int, data: st.DataObject
) -> None:
    terms = Terms(plain.calendar(), Duration(minutes * 60), (0.5, 0.8), (Duration(3600),))
    spans = data.draw(pauses(start))
    clock = clocks.start(terms, start)
    taken = []
    for begin, end in spans:
        if clock.due_at is not None and begin >= clock.due_at:
            break
        taken.append((begin, end))
        clock = clocks.resume(clocks.pause(clock, terms, begin), terms, end)
    assert clock.due_at == plain.due(start, minutes, taken)
    assert clock.paused == sum(plain.worked(begin, end) for begin, end in taken) * 60_000_000


@slowly
@given(plains(), moments, st.integers(1, 900), st.integers(1, 900), st.integers(0, 4000))
def test_a_changed_promise_keeps_what_was_used(plain: Plain, start: datetime, old: int, new: int, after: int) -> None:
    at = start + timedelta(minutes=after)
    before, then = Terms(plain.calendar(), Duration(old * 60)), Terms(plain.calendar(), Duration(new * 60))
    clock = clocks.retarget(clocks.start(before, start), before, then, at)
    used = plain.worked(start, at)
    assert clock.worked == used * 60_000_000
    if used < new:
        assert clock.due_at == plain.due(start, new)
    elif used > old:
        assert clock.due_at == plain.due(start, old)  # late already: since then, not later and not earlier
    else:
        assert clock.due_at == at  # nobody is late before the rule applied to him


@slowly
@given(plains(), moments, st.integers(1, 900), st.integers(1, 900), st.integers(0, 6000), st.data())
def test_pauses_a_change_and_restarts_together_equal_counting_minutes(
    plain: Plain, start: datetime, old: int, more: int, after: int, data: st.DataObject
) -> None:
    """Any calendar, zone, days off and make-up days; pauses before, over and after the change; read back before each step."""
    change, spans, taken = start + timedelta(minutes=after), data.draw(pauses(start)), []
    terms = Terms(plain.calendar(), Duration(old * 60), (0.5,), (Duration(3600),))
    clock = clocks.start(terms, start)
    turns = sorted(
        [(at, kind, span) for span in spans for kind, at in enumerate(span)] + [(change, 2, (change, change))]
    )
    for at, kind, span in turns:
        clock = clocks.ClockState(*(data.draw(st.sampled_from([clock, clocks.advance(clock, terms, at)[0]]))))
        if kind == 2:
            used = plain.worked(start, at) - sum(plain.worked(one[0], min(one[1], at)) for one in taken)
            new = used + more
            changed = Terms(plain.calendar(), Duration(new * 60), (0.5,), (Duration(3600),))
            clock, terms = clocks.retarget(clock, terms, changed, at), changed
        elif kind == 0 and clock.due_at is not None and at < clock.due_at:
            taken.append(span)
            clock = clocks.pause(clock, terms, at)
        elif kind == 1 and span in taken:
            clock = clocks.resume(clock, terms, at)
    assert clock.due_at == plain.due(start, new, taken)
    assert clock.paused == sum(plain.worked(begin, end) for begin, end in taken) * 60_000_000


@slowly
@given(plains(), moments, st.integers(10, 900), st.lists(st.integers(1, 4000), max_size=5))
def test_levels_fire_once_in_order_however_rarely_the_watch_looks(
    plain: Plain, start: datetime, minutes: int, looks: list[int]
) -> None:
    terms = Terms(plain.calendar(), Duration(minutes * 60), (0.5, Duration(300)), (Duration(600), Duration(6000)))
    clock, fired, at = clocks.start(terms, start), [], start
    for gap in looks:
        at += timedelta(minutes=gap)
        clock, new = clocks.advance(clock, terms, at)
        fired += new
    _once, expected = clocks.advance(clocks.start(terms, start), terms, at)
    assert fired == expected
    assert [one.at for one in fired] == sorted(one.at for one in fired)
    assert all(one.at == plain.due(start, minutes) for one in fired if one.kind == "breached")


def test_official_make_up_days_are_worked_and_days_off_are_not() -> None:
    calendar = office()
    assert calendar.segments_of(date(2026, 2, 14)), "the Saturday before Spring Festival 2026 is worked"
    assert not calendar.segments_of(date(2026, 2, 16))
    assert calendar.add(local("2026-02-13T17:00"), Duration.parse("2h")) == local("2026-02-14T10:00")


def test_a_year_without_official_days_is_refused_not_guessed() -> None:
    with pytest.raises(RuleError) as refused:
        office().add(local("2026-12-31T17:30"), Duration.parse("1h"))
    assert refused.value.code == "calendar.year_unknown"
    assert refused.value.data["year"] == 2027
    assert office().add(local("2026-12-31T17:00"), Duration.parse("1h")) == local("2026-12-31T18:00")


def test_a_clock_that_runs_into_an_unknown_year_waits_for_it_instead_of_refusing_the_complaint() -> None:
    clock = clocks.start(Terms(office(), Duration.parse("5wd")), local("2026-12-30T10:00"))
    assert clock.state == State.UNKNOWN
    assert clock.due_at is None


def test_calendar_days_end_at_the_same_time_of_day() -> None:
    start = local("2026-09-20T10:30")
    assert AROUND_THE_CLOCK.add(start, Duration.parse("15d")) == local("2026-10-05T10:30")
    assert AROUND_THE_CLOCK.add(start, Duration.parse("15d/end")) == local("2026-10-06T00:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02T10:00", "2026-03-09T18:00"),  # Monday: the day itself is not counted
        ("2026-03-07T10:00", "2026-03-13T18:00"),  # Saturday
        ("2026-09-29T20:00", "2026-10-12T18:00"),  # 30 Sept, 8 and 9 Oct, the make-up Saturday, Monday
    ],
)
def test_working_days_end_when_the_last_one_closes(start: str, due: str) -> None:
    assert office().add(local(start), Duration.parse("5wd")) == local(due)


def test_calendar_days_in_summer_time_keep_the_wall_clock() -> None:
    zone = ZoneInfo("Europe/London")
    london = build("uk", "always", zone="Europe/London")
    wall = Calendar("uk", "Europe/London", "always")
    assert london.kind == wall.kind
    start = datetime(2026, 3, 20, 9, 0, tzinfo=zone)
    assert london.add(start, Duration.parse("15d")) == datetime(2026, 4, 4, 9, 0, tzinfo=zone)
    assert london.add(start, Duration.parse("360h")) == datetime(2026, 4, 4, 10, 0, tzinfo=zone)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(RuleError, match="no_zone"):
        AROUND_THE_CLOCK.between(datetime(2026, 3, 2), datetime(2026, 3, 3, tzinfo=UTC))


@pytest.mark.parametrize("text", ["72h", "PT72H", 259200, "259200", "4320m"])
def test_durations_may_be_written_in_several_ways(text: object) -> None:
    assert Duration.parse(text) == Duration(259200)


@pytest.mark.parametrize(
    "text", ["", "0h", -5, 1.5, True, None, "three days", "5 weeks", "9" * 20, "h", "PT", float("nan")]
)
def test_an_unreadable_duration_is_refused(text: object) -> None:
    with pytest.raises(RuleError, match="duration.unreadable"):
        Duration.parse(text)


@pytest.mark.parametrize(
    "week",
    [{}, {"mon": []}, {"mon": [["18:00", "09:00"]]}, {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]},
     {"montag": [["09:00", "12:00"]]}, {"mon": [["9am", "12:00"]]}, {"mon": [["09:00", "25:00"]]}, {"mon": "09:00"}, []],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(week: object) -> None:
    with pytest.raises(RuleError, match="calendar"):
        build("x", "weekly", week)
