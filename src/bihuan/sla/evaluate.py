"""Arithmetic anyone may check: one clock as plain values in, its due moment out. Pure, no database, nothing stored."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.sla import clocks, shipped
from bihuan.sla.calendar import Calendar
from bihuan.sla.calendar_form import build, read_week, write_week
from bihuan.sla.clocks import ClockState
from bihuan.sla.durations import Duration
from bihuan.sla.policies import Policy, from_data
from bihuan.sla.terms import Terms

KEYS = {"policy", "start", "pauses", "calendar", "id"}
CALENDAR_KEYS = {"zone", "week", "holidays", "makeup", "makeup_hours", "years", "code"}
Span = tuple[datetime, datetime | None]


def evaluate(case: Any) -> dict[str, Any]:
    """`{policy, start, pauses, calendar}` as docs/clocks.md describes them to `{due, …}`; RuleError names the field."""
    if not isinstance(case, Mapping):
        raise RuleError("case.form", _("每行应是一个 JSON 对象。"), field="line")
    _only(case, KEYS, "")
    policy = _policy(case.get("policy"))
    calendar = _calendar(case.get("calendar"), policy.calendar)
    start = _moment(case.get("start"), "start")
    spans = _pauses(case.get("pauses"), start)
    terms = Terms(calendar, policy.duration, policy.warn, policy.escalate)
    clock = clocks.start(terms, start)
    if clock.due_at is None:
        calendar.add(start, policy.duration)  # raises: evaluation refuses where a running clock would wait
    ignored = bool(spans) and not policy.pausable
    for begin, end in () if ignored else spans:
        clock = clocks.pause(clock, terms, begin)
        if end is not None:
            clock = clocks.resume(clock, terms, end)
    return _answer(case, policy, terms, clock, ignored)


def _answer(case: Mapping[str, Any], policy: Policy, terms: Terms, clock: ClockState, ignored: bool) -> dict[str, Any]:
    if clock.due_at is None:
        raise RuleError("calendar.year_unknown", _("日历缺少所需年份的数据，不能推算。"), field="calendar")
    zone = terms.calendar.tz
    told = {"id": case["id"]} if "id" in case else {}
    told |= {
        "due": clock.due_at.isoformat(),
        "due_local": clock.due_at.astimezone(zone).isoformat(),
        "policy": policy.code,
        "duration": str(policy.duration),
        "calendar": terms.calendar.code,
        "allowance_seconds": clock.allowance / 1_000_000,
        "paused_seconds": clock.paused / 1_000_000,
        "state": clocks.State(clock.state).name.lower(),
    }
    if ignored:
        told["note"] = "pauses ignored: this policy never pauses"
    if clock.state == clocks.State.RUNNING:
        told["levels"] = [{"kind": f.kind, "at": f.at.isoformat()} for f in _levels(clock, terms)]
    return told


def _levels(clock: ClockState, terms: Terms) -> list[clocks.Fired]:
    return clocks.advance(clock, terms, datetime(8000, 1, 1, tzinfo=UTC))[1]


def _policy(value: Any) -> Policy:
    """A shipped code, or `{"duration": …}` with `pausable` (default yes), `warn`, `escalate`."""
    if isinstance(value, str) and value in _shipped():
        return _shipped()[value]
    if isinstance(value, str):
        raise RuleError(
            "policy.unknown", _("没有名为 %s 的时限；可用 %s。") % (value, "、".join(_shipped())), field="policy"
        )
    if not isinstance(value, Mapping):
        raise RuleError("policy.form", _('时限应为随附规则的代码，或 {"duration": "72h"}。'), field="policy")
    _only(value, {"duration", "calendar", "pausable", "warn", "escalate", "code"}, "policy.")
    if "duration" not in value:
        raise RuleError("policy.incomplete", _("时限缺少 duration。"), field="policy.duration")
    pausable = value.get("pausable", True)
    if not isinstance(pausable, bool):
        raise RuleError("policy.pausable", _("pausable 应为 true 或 false。"), field="policy.pausable")
    plain = {"name": "-", "owner": "operator", "start_on": ["registered"], "stop_on": ["closed"]}
    duration = Duration.parse(value["duration"], "policy.duration")
    own = {key: value[key] for key in ("calendar", "warn", "escalate") if key in value}
    return from_data(
        plain | own | {"code": str(value.get("code", "inline")), "duration": duration, "pausable": pausable}
    )


@cache
def _shipped() -> dict[str, Policy]:
    return {one["code"]: from_data(one) for one in shipped.POLICIES}


@cache
def _official_days() -> tuple[tuple[date, bool], ...]:
    return tuple((day, worked) for day, worked, _name in shipped.official_days())


@cache
def _shipped_calendars() -> dict[str, Calendar]:
    days = _official_days()
    return {
        one["code"]: build(one["code"], one["kind"], one.get("week"), days=days if one["kind"] == "official" else ())
        for one in shipped.CALENDARS
    }


def _calendar(value: Any, default: str) -> Calendar:
    """A shipped code, or an object; nothing: the policy's own."""
    if value is None:
        value = default
    if isinstance(value, str):
        found = _shipped_calendars().get(value)
        if found is None:
            listed = "、".join(_shipped_calendars())
            raise RuleError("calendar.unknown", _("没有名为 %s 的日历；可用 %s。") % (value, listed), field="calendar")
        return found
    if not isinstance(value, Mapping):
        raise RuleError("calendar.form", _("日历应为代码或对象。"), field="calendar")
    _only(value, CALENDAR_KEYS, "calendar.")
    return _own_calendar(value)


def _own_calendar(value: Mapping[str, Any]) -> Calendar:
    zone, code = value.get("zone", "Asia/Shanghai"), str(value.get("code", "inline"))
    if "week" not in value:
        return build(code, "always", zone=zone)
    week = write_week(read_week(value["week"], "calendar.week"))
    if value.get("holidays") == "cn":
        return build(code, "official", week, zone=zone, days=_official_days(), makeup=value.get("makeup_hours"))
    off = [(day, False) for day in _dates(value.get("holidays", []), "calendar.holidays")]
    made_up = [(day, True) for day in _dates(value.get("makeup", []), "calendar.makeup")]
    both = {day for day, _w in off} & {day for day, _w in made_up}
    if both:
        raise RuleError("calendar.days", _("%s 既是假日又是补班日。") % (min(both),), field="calendar.makeup")
    made = build(code, "weekly", week, zone=zone, days=off + made_up, makeup=value.get("makeup_hours"))
    if "years" not in value:
        return made
    years = value["years"]
    if not isinstance(years, list) or not all(isinstance(year, int) for year in years):
        raise RuleError("calendar.years", _("years 应为年份列表。"), field="calendar.years")
    return Calendar(code, zone, "official", made.week, made.special, frozenset(years))


def _dates(values: Any, field: str) -> list[date]:
    if not isinstance(values, list):
        raise RuleError("calendar.days", _("应为日期列表，如 2026-02-14。"), field=field)
    try:
        return [date.fromisoformat(value) for value in values]
    except (TypeError, ValueError):
        raise RuleError("calendar.days", _("日期应写成 2026-02-14。"), field=field) from None


def _pauses(values: Any, start: datetime) -> Sequence[Span]:
    """In order, none overlapping, none before the start; the last may still be open (no `to`)."""
    if values is None:
        return []
    if not isinstance(values, list):
        raise RuleError("pauses.form", _('暂停应为列表 [{"from": …, "to": …}]。'), field="pauses")
    spans: list[Span] = []
    for number, value in enumerate(values):
        field = f"pauses[{number}]"
        if not isinstance(value, Mapping):
            raise RuleError("pauses.form", _('暂停应为 {"from": …, "to": …}。'), field=field)
        _only(value, {"from", "to", "reason"}, f"{field}.")
        begin = _moment(value.get("from"), f"{field}.from")
        end = _moment(value["to"], f"{field}.to") if value.get("to") is not None else None
        if end is not None and end < begin:
            raise RuleError("pauses.order", _("暂停的结束早于开始。"), field=f"{field}.to")
        before = spans[-1][1] if spans else start
        if before is None or begin < before:
            raise RuleError(
                "pauses.order", _("暂停应按时间先后排列、互不重叠，且不早于起算时间。"), field=f"{field}.from"
            )
        spans.append((begin, end))
    return spans


def _moment(value: Any, field: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise RuleError("time.unreadable", _("时间应写成 2026-03-02T09:00:00+08:00。"), field=field) from None
    if at.tzinfo is None:
        raise RuleError("time.no_zone", _("时间缺少时区，请写成 2026-03-02T09:00:00+08:00。"), field=field)
    if not 1900 < at.year < 2200:
        raise RuleError("time.range", _("年份应在 1901 与 2199 之间。"), field=field)
    return at.astimezone(UTC)


def _only(given: Mapping[str, Any], known: set[str], where: str) -> None:
    """A misspelt key must not quietly mean the default."""
    for key in given:
        if key not in known:
            raise RuleError(
                "case.key", _("不认识 %s；可用 %s。") % (key, "、".join(sorted(known))), field=f"{where}{key}"
            )
