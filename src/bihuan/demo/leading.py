"""Supervised cases, questions and pleas of the last days, and an inbox that has been read up to yesterday."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.asking import actions as asking
from bihuan.asking import queries as questions
from bihuan.asking.models import Question
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.states import OPEN_STATES
from bihuan.flow import escalation
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.notices.models import Notice
from bihuan.supervision import actions as supervision
from bihuan.supervision.models import Supervision

_ROOM = timedelta(hours=3)
"""A case has to have been quiet for so long that something can be played on it before now."""
_UNREAD = timedelta(hours=20)


@dataclass(frozen=True)
class Order:
    """A supervision: who ordered it, the demand, reports, and the verdict with its note where it ended."""

    by: str
    demand: str
    reports: tuple[str, ...] = ()
    verdict: str = ""
    note: str = ""
    late: bool = False


ORDERS = (
    Order(
        "hq1", "客户已三次来电，请当班负责人亲自与客户联系，今日内给出解决时间。",
        ("已与客户约明天上午上门，备件已调拨。",), late=True,
    ),
    Order(
        "manager1", "请核实是否为同一片区设备故障，逐日报告处理进展。",
        ("已排查两处，确认为光交箱进水。", "已更换分光器，客户反映恢复。"),
        "met", "处理及时，已请维护部把该片区光交箱列入整治。",
    ),
    Order("dutymanager1", "时限已近，请优先安排，处理完立即答复客户。"),
)  # fmt: skip
ASKED: tuple[tuple[str, str, str], ...] = (
    (
        "hard",
        "客户要求书面道歉并当场赔偿 500 元，否则去电视台，怎么答复？",
        "先致歉并说明按补偿标准处理；书面道歉可以出，由我审，不承诺金额。",
    ),
    ("hard", "核实需要调三个月前的话单，超出我的权限，请协助。", ""),
    ("plea", "客户入网十二年、首次投诉，建议减免当月月租 59 元，请批准。", "同意，按老客户关怀处理，下月账单体现。"),
    ("plea", "客户家有重病老人，请求当天晚上加派人员上门。", ""),
)  # fmt: skip
"""Kind, question, answer (empty: still open)."""


def play(viewers: dict[str, Viewer], now: datetime) -> dict[str, int]:
    """In the caller's transaction; where something is there already, nothing. Answers how many of each."""
    if Question.objects.exists() or Supervision.objects.filter(ordered_by_id__isnull=False).exists():
        return {"supervision": 0, "questions": 0}
    quiet = _quiet(now)
    ordered = [_order(one, *found, viewers, now) for one, found in zip(ORDERS, quiet, strict=False)]
    people = {viewer.staff_id: viewer for viewer in viewers.values()}
    asked = [_ask(*one, *found, people, now) for one, found in zip(ASKED, quiet, strict=False)]
    with clock.at(now):
        escalation.run_limits()
        escalation.run_terms()
    Notice.objects.filter(made_at__lt=now - _UNREAD, read_at=None).update(read_at=now - _UNREAD)
    return {"supervision": len(ordered), "questions": sum(asked)}


def _quiet(now: datetime) -> Iterator[tuple[int, datetime]]:
    """Open cases of Changzhou that nothing has happened to for a while, and since when; not supervised yet."""
    cases = Case.objects.filter(city_id=320400, status__in=OPEN_STATES, handler_id__isnull=False).order_by("-id")
    for case in cases.exclude(flags__contains=[supervision.FLAG]):
        last = CaseEvent.objects.filter(case_id=case.id).order_by("-seq").values_list("recorded_at", flat=True).first()
        if last is not None and last < now - _ROOM:
            yield case.id, last


def _order(one: Order, case_id: int, since: datetime, viewers: dict[str, Viewer], now: datetime) -> int:
    span = now - since
    case = Case.objects.select_for_update().get(pk=case_id)
    due = now - span * 0.2 if one.late else now + timedelta(days=1, hours=4)
    with clock.at(since + span * 0.1):
        supervision.order(case, Doer.of(viewers[one.by]), one.demand, due)
    for place, text in enumerate(one.reports):
        with clock.at(since + span * (0.3 + 0.15 * place)):
            supervision.report(case, Doer(case.handler_id, case.holder_unit_id, "desk"), text)
    if one.verdict:
        with clock.at(since + span * 0.7):
            supervision.end(case, Doer.of(viewers[one.by]), one.verdict, one.note)
    return case.id


def _ask(
    kind: str, text: str, answer: str, case_id: int, since: datetime, people: dict[int, Viewer], now: datetime
) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    asker = people.get(case.handler_id or 0)
    at = since + (now - since) * 0.4 if answer else now - timedelta(minutes=12)
    with clock.at(at):
        chosen = next(iter(questions.superiors(case, case.handler_id)), None)
        if asker is None or chosen is None:
            return False
        asking.ask(case, Doer.of(asker), text, kind=kind, of_id=chosen.pk if kind == "plea" else None)
    question = Question.objects.get(case_id=case.id)
    who = people.get(question.deputy_id or question.asked_of_id)
    if answer and who is not None:
        with clock.at(at + timedelta(minutes=14)):
            asking.answer(case, Doer.of(who), question.pk, answer, True if kind == "plea" else None)
    return True
