"""A stranger may check the arithmetic: JSON lines in, due moments out, and a bad line says what is wrong with it."""

import io
import json
import sys
from argparse import Namespace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.kernel.errors import RuleError
from bihuan.sla.cli import _clocks
from bihuan.sla.evaluate import evaluate
from bihuan.sla.wording import duration
from sla.slow_clock import Plain, moments, pauses, plains

GOOD: dict[str, Any] = {"policy": "resolve.72h", "start": "2026-11-03T09:12:00+08:00", "calendar": "7x24"}
WEEK = {"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "fri": [["09:00", "18:00"]]}


def due(case: dict[str, Any]) -> str:
    return str(evaluate(case)["due_local"])


@settings(deadline=None)
@given(plains(), moments, st.integers(1, 1200), st.data())
def test_any_calendar_with_any_pauses_equals_counting_minutes(
    plain: Plain, start: datetime, minutes: int, data: st.DataObject
) -> None:
    spans = data.draw(pauses(start))
    calendar = plain.calendar()
    from bihuan.sla.calendar_form import write_week

    case = {
        "policy": {"duration": f"{minutes}m"},
        "start": start.isoformat(),
        "pauses": [{"from": begin.isoformat(), "to": end.isoformat()} for begin, end in spans],
        "calendar": {
            "zone": plain.zone,
            "week": write_week(calendar.week),
            "holidays": [day.isoformat() for day in plain.off],
            "makeup": [day.isoformat() for day in plain.makeup - plain.off],
        },
    }
    limit, taken = start, []
    for begin, end in spans:
        limit = plain.due(start, minutes, taken)
        if begin >= limit:
            break
        taken.append((begin, end))
    assert datetime.fromisoformat(evaluate(json.loads(json.dumps(case)))["due"]) == plain.due(start, minutes, taken)


def test_a_pause_shifts_and_a_policy_that_never_pauses_says_so() -> None:
    wait = [{"from": "2026-11-04T10:00:00+08:00", "to": "2026-11-04T16:30:00+08:00"}]
    assert due({**GOOD, "pauses": wait}) == "2026-11-06T15:42:00+08:00"
    told = evaluate({**GOOD, "policy": "regulator.15d", "pauses": wait})
    assert told["due_local"] == "2026-11-18T09:12:00+08:00"
    assert "never pauses" in told["note"]


def test_an_open_pause_answers_the_due_moment_without_further_pause() -> None:
    told = evaluate({**GOOD, "pauses": [{"from": "2026-11-04T10:00:00+08:00"}]})
    assert (told["state"], told["due_local"]) == ("paused", "2026-11-06T09:12:00+08:00")


@pytest.mark.parametrize("written", ["72h", "PT72H", 259200])
def test_a_policy_may_be_written_in_place(written: object) -> None:
    assert due({**GOOD, "policy": {"duration": written}}) == "2026-11-06T09:12:00+08:00"


def test_own_holidays_and_make_up_days_count() -> None:
    case = {**GOOD, "policy": {"duration": "2h"}, "start": "2026-11-06T17:00:00+08:00"}
    assert due({**case, "calendar": {"week": WEEK}}) == "2026-11-09T10:00:00+08:00"
    assert due({**case, "calendar": {"week": WEEK, "holidays": ["2026-11-09"]}}) == "2026-11-13T10:00:00+08:00"
    assert due({**case, "calendar": {"week": WEEK, "makeup": ["2026-11-07"]}}) == "2026-11-07T10:00:00+08:00"


def test_official_days_and_stated_years_are_refused_beyond_what_is_known() -> None:
    case = {**GOOD, "policy": {"duration": "40h"}, "start": "2026-12-31T10:00:00+08:00"}
    for calendar in ("cn-work", {"week": WEEK, "holidays": "cn"}, {"week": WEEK, "years": [2026]}):
        with pytest.raises(RuleError) as refused:
            evaluate({**case, "calendar": calendar})
        assert (refused.value.code, refused.value.field) == ("calendar.year_unknown", "calendar")
    assert due({**case, "calendar": {"week": WEEK}}) > "2027"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"policy": "no.such"}, "policy"),
        ({"policy": {}}, "policy.duration"),
        ({"policy": {"duration": "soon"}}, "policy.duration"),
        ({"policy": {"duration": "1h", "pauseable": True}}, "policy.pauseable"),
        ({"policy": 7}, "policy"),
        ({"start": "yesterday"}, "start"),
        ({"start": "2026-11-03T09:12:00"}, "start"),
        ({"start": None}, "start"),
        ({"start": "0001-01-01T00:00:00+00:00"}, "start"),
        ({"calendar": "moon"}, "calendar"),
        ({"calendar": {"zone": "Mars/Base"}}, "zone"),
        ({"calendar": {"week": {"mon": [["12:00", "09:00"]]}}}, "calendar.week.mon"),
        ({"calendar": {"week": {"mon": []}}}, "week"),
        ({"calendar": {"week": WEEK, "holidays": ["2026-13-01"]}}, "calendar.holidays"),
        ({"calendar": {"week": WEEK, "holiday": []}}, "calendar.holiday"),
        ({"calendar": {"week": WEEK, "holidays": ["2026-11-09"], "makeup": ["2026-11-09"]}}, "calendar.makeup"),
        ({"pauses": {}}, "pauses"),
        ({"pauses": [{"from": "2026-11-01T00:00:00+08:00"}]}, "pauses[0].from"),
        ({"pauses": [{"from": "2026-11-04T00:00:00+08:00", "to": "2026-11-03T23:00:00+08:00"}]}, "pauses[0].to"),
        ({"pauze": []}, "pauze"),
    ],
)
def test_a_bad_value_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        evaluate({**GOOD, **change})
    assert refused.value.field == field


def test_good_and_bad_lines_are_answered_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(
        b"\xef\xbb\xbf"
        + json.dumps(GOOD).encode()
        + b"\n\nnot json\n[]\n\xff\xfe\n"
        + json.dumps({**GOOD, "id": 7}).encode()
    )
    assert _clocks(Namespace(cases=file)) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("line") for line in lines] == [None, 3, 4, 5, None]
    assert lines[-1]["id"] == 7
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    assert _clocks(Namespace(cases=file)) == 0


def test_lines_may_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    assert _clocks(Namespace(cases=Path("-"))) == 0
    assert json.loads(capsys.readouterr().out)["due_local"] == "2026-11-06T09:12:00+08:00"


def test_pauses_never_bring_a_deadline_forward() -> None:
    start = datetime.fromisoformat(GOOD["start"])
    for hours in range(0, 72, 7):
        begin = start + timedelta(hours=hours)
        span = {"from": begin.isoformat(), "to": (begin + timedelta(hours=3)).isoformat()}
        for calendar in ("7x24", "cn-work", "cn-days", "daytime"):
            case = {**GOOD, "calendar": calendar}
            assert due({**case, "pauses": [span]}) >= due(case)


def test_durations_read_as_people_say_them() -> None:
    from bihuan.sla.durations import Duration

    said = {"72h": "72 小时", "15m": "15 分钟", "45s": "45 秒", "15d": "15 个自然日", "5wd": "5 个工作日"}
    assert {text: duration(Duration.parse(text), "zh") for text in said} == said
    english = {"1h": "1 hour", "72h": "72 hours", "15d": "15 calendar days", "1wd": "1 working day"}
    assert {text: duration(Duration.parse(text), "en") for text in english} == english
