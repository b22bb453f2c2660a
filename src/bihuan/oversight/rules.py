"""What may be recorded, and what a demand may become. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.oversight.words import ANSWERABLE, DATA_KINDS, FOUND, SANCTIONS, SEVERITIES, SITES
from bihuan.text import personal
from bihuan.text.clean import clean

MOST_POINTS = 40
MOST_NOTE = 2000


@dataclass(frozen=True)
class PointIn:
    """One line: right (`ok`) or scored, what was found, and until when the unit has to put it right (empty: not asked)."""

    name: str
    ok: bool | None = None
    score: Decimal | None = None
    most: Decimal | None = None
    finding: str = ""
    severity: str = ""
    due: date | None = None


@dataclass(frozen=True)
class PatrolIn:
    """A visit as it is told. `case_ids` of cases the inspector sees."""

    day: date
    site: str
    place: str
    unit_id: int
    area_id: int | None = None
    company: str = ""
    summary: str = ""
    case_ids: Sequence[int] = ()
    points: Sequence[PointIn] = ()


@dataclass(frozen=True)
class EvaluationIn:
    """An evaluation as it is told."""

    body: str
    title: str
    first_day: date
    last_day: date
    unit_id: int
    area_id: int | None = None
    summary: str = ""
    case_ids: Sequence[int] = ()
    points: Sequence[PointIn] = ()


@dataclass(frozen=True)
class LeakIn:
    """A leak as it is told; kinds of data, never the data."""

    found_on: date
    found_by: str
    kinds: Sequence[str]
    answerable: str
    unit_id: int
    account: str
    staff_id: int | None = None
    name: str = ""
    people: int | None = None
    measures: str = ""
    case_ids: Sequence[int] = field(default=())


def said(text: str, name: str, most: int = MOST_NOTE) -> str:
    """The text as it is kept; one with somebody's number is refused, because many read it and no vault stands behind it."""
    plain = clean(text, most, name, multiline=True)
    if personal.find(plain):
        raise RuleError(
            "oversight.personal",
            _("这里有个人号码。请删去号码，只写是哪类信息；涉及的客户用工单编号关联。"),
            field=name,
        )
    return plain


def needed(text: str, name: str, message: str, most: int = MOST_NOTE) -> str:
    """The same, and not empty; `message` says what to write."""
    plain = said(text, name, most)
    if not plain:
        raise RuleError(f"oversight.{name}", message, field=name)
    return plain


def one_of(code: str, words: Collection[str], name: str) -> str:
    """A code of the list; RuleError on `name` for another one."""
    if code not in words:
        raise RuleError(f"oversight.{name}", _("请从列表中选择。"), field=name)
    return code


def check_points(points: Sequence[PointIn], today: date) -> list[PointIn]:
    """The lines as they are kept. Whatever is wrong, or to be put right, says what was found and how grave it is."""
    if len(points) > MOST_POINTS:
        raise RuleError("oversight.points", _("最多 40 项，请合并。"), field="points")
    return [_checked(one, today) for one in points]


def _checked(one: PointIn, today: date) -> PointIn:
    name = needed(one.name, "name", _("请写检查项目。"), 200)
    finding = said(one.finding, "finding")
    if one.score is not None and (one.most is None or one.most <= 0 or not 0 <= one.score <= one.most):
        raise RuleError("oversight.score", _("“%(name)s”的得分应在 0 和满分之间。") % {"name": name}, field="score")
    if (one.ok is False or one.due is not None) and not finding:
        raise RuleError("oversight.finding", _("“%(name)s”要写明发现的问题。") % {"name": name}, field="finding")
    if one.due is not None:
        check_due(one.due, today)
    severity = one_of(one.severity or "minor", SEVERITIES, "severity") if finding else ""
    return PointIn(name, one.ok, one.score, one.most, finding, severity, one.due)


def check_due(due: date, today: date) -> None:
    """RuleError for a day that has passed."""
    if due < today:
        raise RuleError("oversight.due", _("整改期限不能早于今天。"), field="due")


def check_patrol(told: PatrolIn, today: date) -> None:
    """RuleError for a day to come, an unknown kind of place, no place."""
    if told.day > today:
        raise RuleError("oversight.day", _("巡查日期不能晚于今天。"), field="day")
    one_of(told.site, SITES, "site")


def check_evaluation(told: EvaluationIn, today: date) -> None:
    """RuleError for a period the wrong way round or to come."""
    if told.first_day > told.last_day or told.last_day > today:
        raise RuleError("oversight.period", _("评估期间的开始不能晚于结束，结束不能晚于今天。"), field="last_day")


def check_leak(told: LeakIn, today: date) -> None:
    """RuleError for a day to come, unknown codes, nobody named where an agent or partner answers without an account."""
    if told.found_on > today:
        raise RuleError("oversight.found_on", _("发现日期不能晚于今天。"), field="found_on")
    one_of(told.found_by, FOUND, "found_by")
    one_of(told.answerable, ANSWERABLE, "answerable")
    if not told.kinds or set(told.kinds) - set(DATA_KINDS):
        raise RuleError("oversight.kinds", _("请选择泄露了哪类信息。"), field="kinds")
    if told.people is not None and told.people < 0:
        raise RuleError("oversight.people", _("涉及客户数不能是负数。"), field="people")
    if told.answerable == "staff" and told.staff_id is None and not told.name.strip():
        raise RuleError("oversight.staff", _("请选择或写明责任人。"), field="staff")


def check_sanctions(codes: Sequence[str], decided_on: date, found_on: date, today: date) -> None:
    """RuleError for none, unknown ones, 不予处罚 beside others, a decision before the leak was found or to come."""
    if not codes or set(codes) - set(SANCTIONS) or ("none" in codes and len(codes) > 1):
        raise RuleError("oversight.sanctions", _("请选择处理决定；“不予处罚”不能与其他一起选。"), field="sanctions")
    if not found_on <= decided_on <= today:
        raise RuleError("oversight.decided_on", _("决定日期应在发现日期和今天之间。"), field="decided_on")


def score_of(points: Sequence[PointIn]) -> Decimal | None:
    """All scores together, of a hundred; None without any."""
    scored = [(one.score, one.most) for one in points if one.score is not None and one.most]
    most = sum((full for _score, full in scored), Decimal(0))
    got = sum((score for score, _full in scored), Decimal(0))
    return (got * 100 / most).quantize(Decimal("0.01")) if most else None


NEXT: Mapping[str, frozenset[str]] = {
    "reported": frozenset({"open"}),
    "accepted": frozenset({"reported"}),
    "refused": frozenset({"reported"}),
}
"""Which states of a demand each step leads from."""
