"""Help asked for, money, special tracking, news owed and reports on some cases: of each one open, late and done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bihuan.assistance.models import Task
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.compensation import actions as money
from bihuan.compensation import budgets
from bihuan.compensation.models import Proposal
from bihuan.flow import assistance, compensation, majors, tracking
from bihuan.identity.book import units
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.majors import actions as reports
from bihuan.progress import actions as progress
from bihuan.sla import deadlines
from bihuan.tracking import actions as tracks

_ROOM = timedelta(hours=2)
"""A case has to have been quiet for so long that something can be played on it before now."""
_LATE = timedelta(hours=27)
"""Longer ago than an approval's term."""
_AT_WORK = ("received", "in_handling", "waiting")


@dataclass
class _Scene:
    """One case with whoever has it in hand, and the time there is to play in."""

    case: Case
    doer: Doer
    since: datetime
    now: datetime

    def at(self, share: float) -> datetime:
        """The moment at this share of the time."""
        return self.since + (self.now - self.since) * share


def play(viewers: dict[str, Viewer], now: datetime) -> dict[str, int]:
    """In the caller's transaction; where something is there already, nothing. Answers how many of each."""
    if Task.objects.exists() or Proposal.objects.exists():
        return {}
    for moment in (now - timedelta(days=3), now):
        with clock.at(moment):
            settings(viewers)
    scenes = _scenes(viewers, now)
    made = {"assistance": 0, "money": 0, "tracking": 0, "reports": 0}
    for name, acts in (("assistance", _HELP), ("money", _MONEY), ("tracking", _TRACKS), ("reports", _REPORTS)):
        for act in acts:
            scene = next(scenes, None)
            if scene is not None:
                act(scene, viewers)
                made[name] += 1
    long_quiet = (scene for scene in _scenes(viewers, now) if scene.since < now - _LATE)
    made["money"] += sum(_money_late(scene) for scene in islice(long_quiet, 1))
    made["news"] = _news(now)
    with clock.at(now):
        deadlines.run()
    return made


def settings(viewers: dict[str, Viewer]) -> None:
    """Budgets of the running month and interface persons."""
    known, by = units().by_code, viewers["manager1"].staff_id
    for code, amount in (("js", "50000"), ("cz", "8000"), ("cz.service", "2000"), ("cz.maintenance", "3000")):
        budgets.set_budget(known[code].id, budgets.this_month(), amount)
    for code, name in (("js", "jsmgmt1"), ("cz", "czmgmt1"), ("cz.maintenance", "lead2")):
        reports.name_interface(known[code].id, viewers[name].staff_id, by)


def _scenes(viewers: dict[str, Viewer], now: datetime) -> Iterator[_Scene]:
    """Cases at work in Changzhou, those of the maintenance department first: it has the most people to see them."""
    people = {viewer.staff_id: viewer for viewer in viewers.values()}
    first = units().by_code["cz.maintenance"].id
    cases = Case.objects.filter(city_id=320400, status__in=_AT_WORK, handler_id__isnull=False)
    cases = cases.exclude(relation="on_behalf").order_by("-id")  # no money for whom nobody checked
    rows = sorted(cases.values_list("id", "holder_unit_id"), key=lambda row: row[1] != first)
    for ident, _unit in rows:
        last = CaseEvent.objects.filter(case_id=ident).order_by("-seq").values_list("recorded_at", flat=True).first()
        case = Case.objects.select_for_update().get(pk=ident)
        handler = people.get(case.handler_id or 0)
        if last is not None and last < now - _ROOM and handler is not None:
            yield _Scene(case, Doer.of(handler), max(last, now - timedelta(days=2)), now)


def _asked(scene: _Scene, codes: tuple[str, ...], question: str, due: datetime) -> list[Task]:
    known = units().by_code
    free = [known[code].id for code in (*codes, "cz.management") if known[code].id != scene.case.holder_unit_id]
    ids = free[: len(codes)]
    with clock.at(scene.at(0.1)):
        return assistance.ask(scene.case, scene.doer, ids, question, due, needed="书面说明，附系统截图")


def _help_open(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    _asked(
        scene, ("cz.maintenance", "js.support"), "请维护部核对该线路近七天告警和光功率；请技术支持部查近七天信令。",
        scene.now + timedelta(hours=7),
    )  # fmt: skip


def _help_late(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    _asked(scene, ("cz.maintenance",), "客户称上门师傅损坏门锁，请提供当日上门记录和照片。", scene.at(0.6))


def _help_calls(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    _asked(scene, ("cz.service",), "客户称坐席承诺减免一个月，请调取来电录音核对。", scene.now + timedelta(hours=3))
    question = "请核对该号码近两月在贵平台的订购和点播记录，说明是否本人操作。"
    _asked(scene, ("js.partner.xh",), question, scene.now + timedelta(hours=20))


def _help_done(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    task = _asked(
        scene, ("cz.service",), "请调取 11 月 12 日客户来电录音，核对承诺内容。", scene.now + timedelta(hours=5)
    )[0]
    with clock.at(scene.at(0.5)):
        responsible = units().units[task.unit_id].responsible_id
        doer = Doer.of(next(viewer for viewer in viewers.values() if viewer.staff_id == responsible))
        assistance.answer(scene.case, task, doer, "录音已核对：坐席承诺三日内上门，未承诺减免费用。")


def _money_pending(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.4)):
        compensation.propose(
            scene.case,
            scene.doer,
            "refund",
            "268.00",
            "断网九天，按协议退还当月月租",
            feasibility="账单已核，客户同意按此了结",
        )


def _money_high(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.2)):
        one = compensation.propose(
            scene.case,
            scene.doer,
            "compensation",
            "1280.00",
            "施工损坏客户门禁线路，照价赔偿",
            feasibility="有现场照片和报价单",
        )
    rung = one.approvals.order_by("place").first()
    person = next((v for v in viewers.values() if rung is not None and v.staff_id == rung.staff_id), None)
    if rung is not None and person is not None:
        with clock.at(scene.at(0.6)):
            compensation.decide(scene.case, rung, Doer.of(person), True, "属实，同意")


def _money_late(scene: _Scene) -> int:
    """Nobody decided within the day it takes: the approver's deputy may, and those above were told."""
    with clock.at(scene.now - _LATE):
        compensation.propose(scene.case, scene.doer, "refund", "186.00", "误收来电显示费六个月，逐月退还")
    return 1


def _money_paid(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.3)):
        one = compensation.propose(scene.case, scene.doer, "gift", "50.00", "两次改约上门，送小礼致歉")
    with clock.at(scene.at(0.8)):
        money.pay(scene.case, one, Doer.of(viewers["lead1"]), "LP-20261118-03")


def _money_refused(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.2)):
        one = compensation.propose(scene.case, scene.doer, "adjustment", "420.00", "客户要求全年减免")
    rung = one.approvals.order_by("place").first()
    person = next((v for v in viewers.values() if rung is not None and v.staff_id == rung.staff_id), None)
    if rung is not None and person is not None:
        with clock.at(scene.at(0.7)):
            compensation.decide(scene.case, rung, Doer.of(person), False, "只影响一个月，请按实际天数重提")


def _track_open(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.1)):
        track = tracking.begin(
            scene.case, Doer.of(viewers["dispatcher1"]), "difficult", owner_id=scene.doer.staff_id,
            next_step="请厂家工程师到场会诊", next_at=scene.now + timedelta(hours=20),
        )  # fmt: skip
    with clock.at(scene.at(0.5)):
        step, when = "陪同厂家上门，测完当天回复客户", scene.now + timedelta(hours=28)
        tracks.note(scene.case, track, scene.doer, "厂家已约好，需带专用仪表", step, when)


def _track_late(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.1)):
        tracking.begin(
            scene.case, Doer.of(viewers["dispatcher1"]), "unresolved", owner_id=scene.doer.staff_id, hot=True,
            next_step="与物业协商机房用电", next_at=scene.at(0.7),
        )  # fmt: skip


def _track_done(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.1)):
        track = tracking.begin(
            scene.case, Doer.of(viewers["lead1"]), "hot", next_step="每日回访", next_at=scene.now + timedelta(hours=5)
        )
    with clock.at(scene.at(0.8)):
        tracks.end(scene.case, track, Doer.of(viewers["lead1"]), "explained", "已当面说明扩容计划，客户表示理解")


def _report_open(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.3)):
        majors.begin(scene.case, Doer.of(viewers["dutymanager1"]), due=scene.now + timedelta(hours=9))


def _report_late(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.1)):
        majors.begin(scene.case, Doer.of(viewers["dutymanager1"]), due=scene.at(0.6))


def _report_done(scene: _Scene, viewers: dict[str, Viewer]) -> None:
    with clock.at(scene.at(0.1)):
        report = majors.begin(scene.case, Doer.of(viewers["dutymanager1"]), due=scene.now + timedelta(hours=9))
    lead = next(viewer for viewer in viewers.values() if viewer.staff_id == report.lead_id)
    with clock.at(scene.at(0.6)):
        title, text = majors.proposal(scene.case)
        text = text.replace("原因分析：", "原因分析：光交箱进水致分光器损坏。").replace(
            "责任人：", "责任人：本周内完成防水改造。"
        )
        reports.write(scene.case, report, Doer.of(lead), title, text)
        majors.hand_in(scene.case, report, Doer.of(lead), units().by_code["js.quality"].id)


_HELP = (_help_open, _help_late, _help_calls, _help_done)
_MONEY = (_money_pending, _money_high, _money_paid, _money_refused)
_TRACKS = (_track_open, _track_late, _track_done)
_REPORTS = (_report_open, _report_late, _report_done)


def _news(now: datetime) -> int:
    """Whoever was accepted in the last hours and not yet called waits for news."""
    waiting = Case.objects.filter(
        contacted_at=None, first_reply_at=None, ended_at=None, accepted_at__gte=now - timedelta(hours=8)
    )
    events = list(
        CaseEvent.objects.filter(case_id__in=list(waiting.values_list("id", flat=True)[:20]), kind="accepted")
    )
    with clock.at(now):
        progress.follow(events)
    return len(events)
