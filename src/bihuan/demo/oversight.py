"""Visits of the last weeks, one evaluation by an outside body with its report, what is left to be put right, two leaks."""

from datetime import datetime, timedelta
from decimal import Decimal

from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day
from bihuan.identity import book
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.oversight import actions, leaks, queries
from bihuan.oversight.models import Demand, Patrol
from bihuan.oversight.rules import EvaluationIn, LeakIn, PatrolIn, PointIn

_VISITS: tuple[tuple[int, str, str, str, str, int, str, str, dict[int, tuple[str, str, int]]], ...] = (
    (19, "manager1", "hall", "湖塘营业厅", "cz.service", 320412, "常州综合管理部 周敏", "秩序良好，公示和便民设施有欠缺。",
     {1: ("资费公示栏缺两档在售套餐", "serious", 12), 3: ("叫号机坏了一周没有报修", "minor", 8)}),
    (11, "dutymanager1", "field", "新北区藻江花园 装机现场", "cz.maintenance", 320411, "", "师傅态度好，规范执行到位。",
     {2: ("两户没有请客户签字就离场", "minor", 15)}),
    (6, "manager1", "channel", "武宜路代理点", "cz.marketing", 320412, "市场部渠道经理", "突击检查。",
     {2: ("柜台抽屉里留有客户证件复印件", "grave", 4), 0: ("店员推荐套餐时没有说明合约期", "serious", 20)}),
    (2, "hq1", "partner", "星河数娱客服现场", "js.partner.xh", 320000, "市场部 合作管理", "响应速度有改进。", {}),
)  # fmt: skip
"""Days ago, who, kind, place, unit, area, company, summary, {point: (finding, severity, days to put it right)}."""
_SCORES = (("18.5", "20"), ("16", "20"), ("17", "20"), ("17.5", "20"), ("15", "20"))
_REPORT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)


def play(viewers: dict[str, Viewer], now: datetime) -> dict[str, int]:
    """In the caller's transaction; where visits are there already, nothing. Answers how many of each."""
    if Patrol.objects.exists():
        return {"patrols": 0}
    for visit in _VISITS:
        _visit(*visit, viewers=viewers, now=now)
    _evaluation(viewers, now)
    _put_right(viewers, now)
    _leaks(viewers, now)
    with clock.at(now):
        actions.remind()
    return {"patrols": len(_VISITS)}


def _unit(code: str) -> int:
    return book.units().by_code[code].id


def _visit(
    ago: int, who: str, site: str, place: str, unit: str, area: int, company: str, summary: str,
    wrong: dict[int, tuple[str, str, int]], *, viewers: dict[str, Viewer], now: datetime,
) -> None:  # fmt: skip
    at = now - timedelta(days=ago)
    points = []
    for number, name in enumerate(queries.checklist(site)):
        finding, severity, days = wrong.get(number, ("", "", 0))
        due = local_day(at) + timedelta(days=days) if days else None
        points.append(PointIn(name, not finding, None, None, finding, severity, due))
    told = PatrolIn(local_day(at), site, place, _unit(unit), area, company, summary, (), points)
    with clock.at(at):
        actions.patrol(told, Doer.of(viewers[who]))


def _evaluation(viewers: dict[str, Viewer], now: datetime) -> None:
    at = now - timedelta(days=9)
    today = local_day(at)
    names = queries.checklist("evaluation")
    due = {1: ("抽查 60 件，7 件超过 48 小时才首次回复", "serious", today + timedelta(days=30))}
    points = [
        PointIn(name, None, Decimal(score), Decimal(most), *due.get(number, ("", "", None)))
        for number, (name, (score, most)) in enumerate(zip(names, _SCORES, strict=False))
    ]
    told = EvaluationIn(
        "江苏某测评咨询公司", "第三季度投诉服务暗访测评", today - timedelta(days=100), today - timedelta(days=10),
        _unit("cz.service"), 320400, "总体较上季度提高 2.4 分，客户信息保护仍是短板。", (), points,
    )  # fmt: skip
    with clock.at(at):
        actions.evaluation(told, Doer.of(viewers["manager1"]), ("第三季度测评报告.pdf", _REPORT))


def _put_right(viewers: dict[str, Viewer], now: datetime) -> None:
    """The first demands are done and accepted, one waits to be accepted, one was not good enough."""
    held = list(Demand.objects.order_by("id"))
    told = [
        ("公示栏已按在售套餐重新印制，两处都换好。", True, ""),
        ("叫号机主板已更换，试运行三天正常。", None, ""),
        ("已对两户补签，并在班会上重申。", False, "只补签了一户，另一户没有凭据。"),
    ]
    for place, (one, (text, accepted, note)) in enumerate(zip(held, told, strict=False)):
        at = min(one.asked_at + timedelta(days=3, hours=place), now)
        unit = book.units().units[one.unit_id]
        people = [viewer for viewer in viewers.values() if viewer.staff_id == unit.responsible_id]
        with clock.at(at):
            actions.report(one.pk, Doer.of(people[0]), text)
        if accepted is not None:
            asker = next(viewer for viewer in viewers.values() if viewer.staff_id == one.asked_by_id)
            with clock.at(min(at + timedelta(days=1), now)):
                actions.judge(one.pk, Doer.of(asker), accepted, note)


def _leaks(viewers: dict[str, Viewer], now: datetime) -> None:
    manager, day = Doer.of(viewers["manager1"]), local_day(now)
    with clock.at(now - timedelta(days=16)):
        made = leaks.record(
            LeakIn(
                day - timedelta(days=17), "complaint", ["name", "phone", "address"], "agent", _unit("cz.marketing"),
                "代理点店员把当天的办理登记表拍照发到外部群里，次日客户接到装修推销电话后投诉。", name="武宜路代理点", people=23,
                measures="当天要求删除并退群，逐户致歉说明。",
            ),
            manager,
        )  # fmt: skip
    with clock.at(now - timedelta(days=8)):
        leaks.sanction(
            made.pk, manager, ["deduction", "suspension"], "公司渠道管理委员会", day - timedelta(days=9),
            "扣减当月结算款 20%，暂停新装业务一个月，复查合格后恢复。",
        )  # fmt: skip
    with clock.at(now - timedelta(days=3)):
        leaks.record(
            LeakIn(
                day - timedelta(days=4), "audit", ["bill", "calls"], "staff", _unit("cz.service"),
                "日志审计发现一个账号非工作时间连续查询三十余户账单，与工单无关，正在核实去向。", name="外包坐席（已停用账号）",
                people=34, measures="账号当天停用，查询记录已固定。",
            ),
            manager,
        )  # fmt: skip
