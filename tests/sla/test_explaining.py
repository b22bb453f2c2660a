"""A deadline is told as a person would write it."""

from bihuan.sla.explain import explain
from bihuan.sla.fold import fold
from sla.sla_cast import OUTAGE, Life, book, local, policy


def told(life: Life, code: str, lang: str, now: str) -> str:
    story = next(
        one for one in fold(life.history, lambda _e: life.book) if any(t.policy.code == code for t in one.turns)
    )
    return explain(story, life.book, lang, local(now))


def waited() -> Life:
    life = Life(book()).hear("registered", "2026-11-03T09:12").hear("waiting", "2026-11-04T10:00")
    life.history[-1] = life.history[-1]._replace(reason="客户要求改约")
    return life.hear("resumed", "2026-11-04T16:30")


def test_a_pause_is_told_with_its_reason_and_what_it_moved() -> None:
    assert told(waited(), "resolve.72h", "zh", "2026-11-05T09:00") == (
        "72 小时办结：自 11月3日 09:12 登记起算 72 小时，按 7×24 计，11月6日 09:12 截止。"
        "11月4日 10:00–16:30 因等待（客户要求改约）暂停 6 小时 30 分，顺延至 11月6日 15:42。距截止还有 30 小时 42 分。"
    )
    assert told(waited(), "resolve.72h", "en", "2026-11-05T09:00") == (
        "Resolved within 72 hours: 72 hours of 24/7 from registration on 3 November 09:12, due 6 November 09:12. "
        "Paused 4 November 10:00 to 16:30, waiting (客户要求改约), 6 h 30 min; moved to 6 November 15:42. 30 h 42 min left."
    )


def test_a_pause_still_open_says_what_is_left() -> None:
    life = waited().hear("waiting", "2026-11-05T08:00")
    assert told(life, "resolve.72h", "zh", "2026-11-05T09:00").endswith(
        "11月5日 08:00 起因等待暂停，剩余 31 小时 42 分。"
    )
    assert told(life, "resolve.72h", "en", "2026-11-05T09:00").endswith(
        "Paused since 5 November 08:00: waiting; 31 h 42 min left."
    )


def test_the_end_is_told_in_time_or_late() -> None:
    late = waited().hear("closed", "2026-11-08T09:00")
    assert told(late, "resolve.72h", "zh", "2026-11-09T09:00").endswith("11月8日 09:00 结单，超时 41 小时 18 分。")
    assert told(late, "resolve.72h", "en", "2026-11-09T09:00").endswith(
        "Ended by closing on 8 November 09:00, 41 h 18 min late."
    )
    met = waited().hear("closed", "2026-11-05T09:00")
    assert told(met, "resolve.72h", "zh", "2026-11-09T09:00").endswith("11月5日 09:00 结单，按时。")


def test_going_on_after_the_end_says_that_the_time_between_is_not_counted() -> None:
    life = waited().hear("closed", "2026-11-05T09:00").hear("reopened", "2026-11-09T09:00")
    assert "其间不计，截止 11月10日 15:42。" in told(life, "resolve.72h", "zh", "2026-11-09T09:00")
    assert "the time between is not counted; due 10 November 15:42." in told(
        life, "resolve.72h", "en", "2026-11-09T09:00"
    )


def test_the_regulators_days_say_that_waiting_does_not_stop_them() -> None:
    assert told(waited(), "regulator.15d", "zh", "2026-11-05T09:00") == (
        "监管要求 15 日内答复：自 11月3日 09:12 登记起算 15 个自然日，不因等待而停，11月18日 09:12 截止。距截止还有 13 天 12 分。"
    )
    assert (
        "15 calendar days from registration on 3 November 09:12, not stopped by waiting, due 18 November 09:12."
        in told(waited(), "regulator.15d", "en", "2026-11-05T09:00")
    )


def test_a_changed_promise_says_why_and_what_stays_used() -> None:
    life = Life(book()).hear("registered", "2026-11-03T09:12").hear("classified", "2026-11-03T10:00", **OUTAGE)
    assert "11月3日 10:00 因分类改按“紧急故障 48 小时修复”，已用的 48 分照算，截止 11月5日 09:12。" in told(
        life, "urgent.repair.48h", "zh", "2026-11-03T10:30"
    )
    assert "11月3日 10:00 分类后开始适用，此前用去的时间计入。" in told(
        life, "urgent.respond.2h", "zh", "2026-11-03T10:30"
    )


def test_a_missing_year_is_said_plainly() -> None:
    week = policy("w", "5wd", calendar="cn-work", name="五个工作日", name_en="five working days")
    life = Life(book(week, only=True)).hear("registered", "2026-12-29T09:12")
    assert told(life, "w", "zh", "2026-12-30T10:30").endswith("录入后再推算截止时间。")
    assert told(life, "w", "en", "2026-12-30T10:30").endswith("the due moment follows once they are entered.")


def test_the_year_is_told_where_it_is_not_this_year() -> None:
    assert "自 2026年11月3日 09:12" in told(waited(), "resolve.72h", "zh", "2027-01-05T09:00")


def test_late_by_hours_nobody_works_is_still_told() -> None:
    office = policy("w", "450m", calendar="cn-work", name="七个半小时", name_en="seven and a half hours")
    life = Life(book(office, only=True)).hear("registered", "2026-11-03T09:00").hear("closed", "2026-11-03T19:00")
    assert told(life, "w", "zh", "2026-11-04T09:00").endswith("11月3日 18:00 截止。11月3日 19:00 结单，超时 1 小时。")
