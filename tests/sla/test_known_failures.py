"""One test for each way in which time limits of other ticket systems are known to fail their users."""

from datetime import timedelta

from bihuan.sla import clocks
from bihuan.sla.calendar_form import build
from bihuan.sla.clocks import State, overdue_at
from bihuan.sla.durations import Duration
from bihuan.sla.terms import Terms
from sla.sla_cast import OUTAGE, Life, book, calendars, local, policy

WORK = calendars()["cn-work"]


def test_an_update_limit_does_not_overrule_the_first_response() -> None:
    news = policy("news.6h", "6h", start_on=["registered", "contacted"], stop_on=["contacted", "replied"], repeats=True)
    life = Life(book(news)).hear("registered", "2026-11-03T09:00").hear("contacted", "2026-11-03T12:00")
    assert life.clock("news.6h").state.due_at == local("2026-11-03T18:00")
    assert life.clock("news.6h").round == 2
    reply = life.clock("reply.48h")
    assert reply.state.state == State.RUNNING
    assert reply.state.due_at == local("2026-11-05T09:00")


def test_nothing_escalates_once_it_is_answered() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00")
    life.watch("2026-11-05T09:30")
    assert life.clock("reply.48h").state.level == 3, "two warnings and the breach"
    life.hear("replied", "2026-11-05T10:00")
    assert not [one for one in life.watch("2026-12-01T00:00") if one[0] == "reply.48h"]


def test_a_breach_missed_by_a_sleeping_watch_is_still_recorded_after_the_answer_but_escalates_no_more() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("replied", "2026-11-08T10:00")
    assert [one for one in life.watch("2026-12-01T00:00") if one[0] == "reply.48h"] == [
        ("reply.48h", "breached", "11-05 09:00")
    ]


def test_people_are_not_told_at_midnight_but_the_fact_keeps_its_moment() -> None:
    promises = book(policy("quiet", "3h", tell="daytime"), only=True)
    life = Life(promises).hear("registered", "2026-11-07T21:00")
    assert life.watch("2026-11-08T03:00") == [("quiet", "breached", "11-08 00:00")]
    assert promises.tell_at(900, local("2026-11-08T00:00")) == local("2026-11-08T08:00")
    assert promises.tell_at(900, local("2026-11-08T12:00")) == local("2026-11-08T12:00")


def test_weekends_are_not_worked_on_a_working_calendar() -> None:
    promises = book(policy("office", "8h", calendar="cn-work", escalate=["1h"]), only=True)
    life = Life(promises).hear("registered", "2026-11-06T16:00")
    assert life.watch("2026-11-30T00:00") == [
        ("office", "breached", "11-09 16:30"),
        ("office", "escalated", "11-09 17:30"),
    ]


def test_a_changed_priority_loses_neither_used_nor_paused_time() -> None:
    life = Life(book(), service_type="fault").hear("registered", "2026-11-03T09:00")
    life.hear("waiting", "2026-11-03T10:00").hear("resumed", "2026-11-03T20:00")
    life.hear("priority_changed", "2026-11-03T21:00", urgency="urgent")
    clock = life.clock("urgent.repair.48h")
    assert not [c for c in life.clocks if life.book.policy(c.policy_id).code == "resolve.72h"], "the clock moved over"
    assert clock.state.worked == timedelta(hours=2) // timedelta(microseconds=1)
    assert clock.state.paused == timedelta(hours=10) // timedelta(microseconds=1)
    assert clock.state.due_at == local("2026-11-05T19:00")
    life.hear("priority_changed", "2026-11-03T22:00", urgency="normal")
    assert life.clock("resolve.72h").state.due_at == local("2026-11-06T19:00")


def test_a_changed_priority_while_waiting_keeps_waiting() -> None:
    life = Life(book(), service_type="fault").hear("registered", "2026-11-03T09:00").hear("waiting", "2026-11-03T10:00")
    life.hear("priority_changed", "2026-11-04T10:00", urgency="urgent").hear("resumed", "2026-11-05T10:00")
    assert life.clock("urgent.repair.48h").state.due_at == local("2026-11-07T09:00")


def test_a_level_across_segments_fires_in_open_time_not_at_midnight() -> None:
    week = {day: [["10:00", "12:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    terms = Terms(build("w", "weekly", week), Duration.parse("6h"), (Duration.parse("1h"),), (Duration.parse("1h"),))
    _clock, fired = clocks.advance(clocks.start(terms, local("2026-11-02T17:00")), terms, local("2026-11-10T00:00"))
    assert [one.at for one in fired] == [
        local("2026-11-03T16:00"), local("2026-11-03T17:00"), local("2026-11-03T18:00"),
    ]  # fmt: skip
    late = clocks.start(terms, local("2026-11-02T18:00"))
    assert clocks.advance(late, terms, local("2026-11-10T00:00"))[1][-1].at == local("2026-11-04T11:00")


def test_weeks_without_monday_or_thursday_are_counted_right() -> None:
    week = {day: [["09:00", "17:00"]] for day in ("tue", "wed", "fri", "sat")}
    calendar = build("odd", "weekly", week)
    assert calendar.add(local("2026-11-01T12:00"), Duration.parse("8h")) == local("2026-11-03T17:00")
    assert calendar.add(local("2026-11-04T16:00"), Duration.parse("2h")) == local("2026-11-06T10:00")
    assert calendar.add(local("2026-11-07T16:00"), Duration.parse("2h")) == local("2026-11-10T10:00")


def test_working_hours_are_not_wall_clock_hours() -> None:
    assert WORK.add(local("2026-11-03T16:00"), Duration.parse("4h")) == local("2026-11-04T11:00")
    assert WORK.between(local("2026-11-03T16:00"), local("2026-11-04T11:00")) == timedelta(hours=4)


def test_the_reply_clock_stops_when_the_case_is_resolved() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("replied", "2026-11-03T15:00")
    life.hear("closed", "2026-11-04T15:00")
    assert life.clock("reply.48h").state.state == State.MET
    assert not [clock for clock in life.clocks if clock.state.state in clocks.ALIVE]
    assert not [one for one in life.watch("2027-01-01T00:00") if one[0] != "classify.15m"]


def test_lunch_is_no_working_time() -> None:
    assert WORK.add(local("2026-11-03T11:00"), Duration.parse("2h")) == local("2026-11-03T14:30")
    assert WORK.between(local("2026-11-03T12:00"), local("2026-11-03T13:30")) == timedelta(0)


def test_overdue_by_does_not_climb_while_paused() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("waiting", "2026-11-06T11:00")
    clock = life.clock("resolve.72h")
    terms = life.book.terms(clock)
    two_hours = timedelta(hours=2) // timedelta(microseconds=1)
    assert overdue_at(clock.state, terms, local("2026-11-06T12:00")) == two_hours
    assert overdue_at(clock.state, terms, local("2026-11-16T12:00")) == two_hours
    life.hear("resumed", "2026-11-16T12:00")
    assert life.clock("resolve.72h").state.due_at == local("2026-11-06T09:00"), "late since then, pause or not"
    assert overdue_at(life.clock("resolve.72h").state, terms, local("2026-11-16T13:00")) == two_hours * 3 // 2


def test_make_up_saturdays_are_possible() -> None:
    assert WORK.add(local("2026-02-13T17:00"), Duration.parse("2h")) == local("2026-02-14T10:00")
    own = build("own", "weekly", {"mon": [["09:00", "18:00"]]}, days=[(local("2026-11-07T00:00").date(), True)])
    assert own.add(local("2026-11-06T12:00"), Duration.parse("1h")) == local("2026-11-07T10:00")


def test_a_breach_is_known_the_moment_it_happens_not_at_the_next_full_hour() -> None:
    life = Life(book(), **OUTAGE).hear("registered", "2026-11-03T09:20")
    due = life.clock("urgent.respond.2h").state
    assert due.due_at == local("2026-11-03T11:20")
    assert ("urgent.respond.2h", "breached", "11-03 11:20") in life.watch("2026-11-03T11:20")


def test_the_days_a_case_lay_closed_are_not_booked_when_it_is_reopened() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:00").hear("closed", "2026-11-04T09:00")
    life.hear("reopened", "2026-11-09T09:00")
    clock = life.clock("resolve.72h").state
    assert clock.worked == timedelta(hours=24) // timedelta(microseconds=1)
    assert clock.due_at == local("2026-11-11T09:00")
