"""Crews with their areas, this week's appointments, and repair orders in every state with their control lists."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.fieldwork import crews, lists, queries, visits
from bihuan.fieldwork.models import Appointment, Crew, Order
from bihuan.fieldwork.rules import Slot
from bihuan.flow import fieldwork, repairs
from bihuan.identity.book import units
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.sla import deadlines

_QUIET = timedelta(minutes=15)
"""A case has to have been quiet for so long that something can be played on it before now."""
_BACK = timedelta(days=6)
"""How far back something is played."""
_AT_WORK = ("received", "in_handling", "waiting")
_DAY = "08:30-10:30×2, 10:30-12:00×1, 14:00-16:00×2, 16:00-18:00×2"
_EVENING = f"{_DAY}, 18:30-20:00×1"
_WEEK = {
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _EVENING),
    "sat": _DAY,
    "sun": "09:00-11:00×1, 14:00-16:00×1",
}
_CREWS: tuple[tuple[str, str, str, str, tuple[str, ...], tuple[int, ...], str], ...] = (
    ("cz.wj", "武进装维一班", "Wujin crew 1", "on_site", ("branch1", "czwj1", "czwjteam1"), (320412,), "0519-86000001"),
    ("cz.maintenance", "城区抢修班", "City repair crew", "on_site", ("handler1", "handler2"), (320402, 320404, 320411),
     "0519-86000002"),
    ("cz.tn", "天宁装维班", "Tianning crew", "on_site", ("cztn1",), (320402,), "0519-86000003"),
    ("cz.zl", "钟楼装维班", "Zhonglou crew", "on_site", ("czzl1",), (320404,), "0519-86000004"),
    ("cz.xb", "新北装维班", "Xinbei crew", "on_site", ("czxb1",), (320411,), "0519-86000005"),
    ("cz.jt", "金坛装维班", "Jintan crew", "on_site", ("czjt1",), (320413,), "0519-86000006"),
    ("cz.ly", "溧阳装维班", "Liyang crew", "on_site", ("czly1",), (320481,), "0519-86000007"),
    ("cz.maintenance", "常州装维调度中心", "Changzhou dispatch centre", "centre", ("lead2", "handler1"), (320400,),
     "0519-86000010"),
    ("js.support", "省网络中心专家组", "Provincial network centre", "network", ("support1",), (320000,), "025-86000020"),
)  # fmt: skip


@dataclass
class _Scene:
    """One case with whoever has it in hand, its crew, and the time there is to play in."""

    case: Case
    doer: Doer
    crew: Crew
    worker: Doer
    since: datetime
    now: datetime

    def at(self, share: float) -> datetime:
        """The moment at this share of the time."""
        return self.since + (self.now - self.since) * share


def play(viewers: dict[str, Viewer], now: datetime) -> dict[str, int]:
    """In the caller's transaction; where there are crews already, nothing. Answers how many crews, visits and orders."""
    if Crew.objects.exists():
        return {}
    settings(viewers)
    half = len(_ORDERS) // 2
    # what is past needs time, which few cases have: one may be missed first and visited later, or repaired after a visit
    for acts in (*((act,) for act in _PAST), _AHEAD, _ORDERS[:half], _ORDERS[half:]):
        scenes = sorted(_scenes(viewers, now), key=lambda scene: not _is_network(scene.case))
        for act in acts:
            found = next((scene for scene in scenes if _try(act, scene)), None)
            if found is not None:
                scenes.remove(found)
    with clock.at(now):
        deadlines.run()
    return {"crews": Crew.objects.count(), "visits": Appointment.objects.count(), "repairs": Order.objects.count()}


def _try(act: Callable[[_Scene], object], scene: _Scene) -> bool:
    """False where this case does not lend itself to it; then nothing of it remains."""
    try:
        with transaction.atomic():
            act(scene)
    except (RuleError, StopIteration):
        scene.case.refresh_from_db()  # what the try had written into it was rolled back
        return False
    return True


def settings(viewers: dict[str, Viewer]) -> None:
    """The crews."""
    known = units().by_code
    for code, name, name_en, tier, members, areas, phone in _CREWS:
        told = {
            "unit": known[code].id, "name": name, "name_en": name_en, "tier": tier, "areas": areas, "phone": phone,
            "members": [viewers[one].staff_id for one in members], "week": _WEEK if tier == "on_site" else {},
        }  # fmt: skip
        crews.save(told, viewers["manager1"])


def _scenes(viewers: dict[str, Viewer], now: datetime) -> Iterator[_Scene]:
    people = {viewer.staff_id: viewer for viewer in viewers.values()}
    cases = Case.objects.filter(city_id=320400, status__in=_AT_WORK, handler_id__isnull=False).order_by("id")
    for ident in list(cases.values_list("id", flat=True)):
        last = CaseEvent.objects.filter(case_id=ident).order_by("-seq").values_list("recorded_at", flat=True).first()
        case = Case.objects.select_for_update().get(pk=ident)
        handler = people.get(case.handler_id or 0)
        serving = crews.serving(case, "on_site")
        if last is None or handler is None or not serving or last > now - _QUIET:
            continue
        crew = serving[-1] if ident % 3 == 0 else serving[0]
        worker = people[crew.member_ids[ident % len(crew.member_ids)]]
        yield _Scene(case, Doer.of(handler), crew, Doer.of(worker), max(last, now - _BACK), now)


def _is_network(case: Case) -> bool:
    node = catalog.current().nodes.get(case.category_id or 0)
    return node is not None and node.code.startswith("N")


def _slot(scene: _Scene, first: datetime, *, last: datetime | None = None, skip: int = 0) -> Slot:
    """The crew's next free slot after `first` (ended before `last`), leaving out some; StopIteration where there is none."""
    day = timezone.localtime(first).date()
    offered = queries.with_taken(queries.offered(scene.crew, [day + timedelta(days=one) for one in range(8)]))
    fits = [one for one in offered if one.left and one.starts_at > first and (last is None or one.ends_at < last)]
    return fits[skip] if len(fits) > skip else next(iter(()))


def _book(scene: _Scene, slot: Slot, at: datetime, *, wait: bool = False, named: bool = True) -> Appointment:
    with clock.at(at):
        waits = "customer_time" if wait and scene.case.status in {"received", "in_handling"} else ""
        return fieldwork.book(
            scene.case, scene.doer, slot.crew_id, slot.starts_at, slot.ends_at, "self", "call",
            staff_id=scene.worker.staff_id if named else None, note="楼下有门禁，到了先打电话", wait_for=waits,
        )  # fmt: skip


def _ahead(skip: int, *, wait: bool = False, named: bool = True) -> Callable[[_Scene], object]:
    def act(scene: _Scene) -> object:
        with clock.at(scene.at(0.3)):
            visits.wish(
                scene.case, scene.doer, ["sat", "sun"] if skip % 2 else [], "14:00", "20:00", "老人午睡，请先打电话"
            )
        return _book(scene, _slot(scene, scene.now, skip=skip), scene.at(0.6), wait=wait, named=named)

    return act


def _past(end: Callable[[_Scene, Appointment], object]) -> Callable[[_Scene], object]:
    def act(scene: _Scene) -> object:
        slot = _slot(scene, scene.since + timedelta(minutes=5), last=scene.now - timedelta(minutes=20))
        return end(scene, _book(scene, slot, scene.since + timedelta(minutes=1)))

    return act


def _done(scene: _Scene, visit: Appointment) -> None:
    with clock.at(visit.starts_at + timedelta(minutes=25)):
        fieldwork.arrive(scene.case, visit, scene.worker)
    with clock.at(visit.ends_at - timedelta(minutes=10)):
        fieldwork.finish(scene.case, visit, scene.worker, "更换入户皮线和光猫，测速 498M，客户当场确认")


def _late(scene: _Scene, visit: Appointment) -> None:
    with clock.at(visit.ends_at + timedelta(minutes=12)):
        fieldwork.arrive(scene.case, visit, scene.worker)
        fieldwork.finish(scene.case, visit, scene.worker, "前一户耽搁，晚到十二分钟，已致歉；故障已处理")


def _missed(who: str, text: str) -> Callable[[_Scene, Appointment], object]:
    def end(scene: _Scene, visit: Appointment) -> object:
        with clock.at(visit.ends_at + timedelta(minutes=5)):
            return fieldwork.miss(scene.case, visit, scene.doer, who, text)

    return end


def _moved(scene: _Scene) -> None:
    visit = _book(scene, _slot(scene, scene.now), scene.at(0.3))
    later = _slot(scene, scene.now, skip=3)
    with clock.at(scene.at(0.7)):
        told = (later.crew_id, later.starts_at, later.ends_at)
        fieldwork.move(
            scene.case, visit, scene.doer, *told, "self", "sms", "客户临时出差", staff_id=scene.worker.staff_id
        )


def _order(scene: _Scene, fault: str, hours: float = 20, *, share: float = 0.2) -> Order:
    with clock.at(scene.at(share)):
        return repairs.send(
            scene.case, scene.doer, scene.crew.pk, fault, scene.now + timedelta(hours=hours), product="家宽 500M · 分光器 2-7",
            place="锦绣花园12幢2单元601室", worker_id=scene.worker.staff_id,
        )  # fmt: skip


def _steps(scene: _Scene, order: Order, *nouns: str, last: float = 0.9, **told: Any) -> None:
    for place, noun in enumerate(nouns, 1):
        with clock.at(scene.at(0.25 + (last - 0.25) * place / len(nouns))):
            repairs.take(scene.case, order, noun, scene.worker, **(told if place == len(nouns) else {}))


def _worked(*nouns: str, fault: str, hours: float = 20, **told: Any) -> Callable[[_Scene], object]:
    return lambda scene: _steps(scene, _order(scene, fault, hours), *nouns, **told)


def _hindered(kind: str, reason: str, days: int, note: str) -> Callable[[_Scene], object]:
    def act(scene: _Scene) -> None:
        order = _order(scene, "入户光缆中断，需重新布放", 60)
        _steps(scene, order, "acceptance", last=0.4)
        with clock.at(scene.at(0.8)):
            day = timezone.localtime(scene.now).date() + timedelta(days=days)
            lists.hinder(scene.case, order, scene.worker, kind, reason, day, note)

    return act


def _handed(code: str, tier: str, why: str) -> Callable[[_Scene], object]:
    def act(scene: _Scene) -> None:
        order = _order(scene, "夜间频繁掉线，现场光功率正常")
        _steps(scene, order, "acceptance", "arrival", last=0.5)
        target = Crew.objects.get(unit_id=units().by_code[code].id, tier=tier)
        with clock.at(scene.at(0.8)):
            repairs.hand(scene.case, order, scene.worker, target.pk, why)

    return act


_ENDS = ("acceptance", "departure", "arrival", "completion")
_PAST: tuple[Callable[[_Scene], object], ...] = (
    _past(_missed("customer", "到户无人应答，电话未接，留了告知单")),
    _past(_missed("crew", "抢修占用，未能按时到，已向客户致歉并改约")), _past(_late), _past(_done),
)  # fmt: skip
_AHEAD: tuple[Callable[[_Scene], object], ...] = (
    _ahead(0, wait=True), _ahead(0), _ahead(1, named=False), _ahead(2, wait=True), _ahead(4), _ahead(5), _moved,
)  # fmt: skip
_ORDERS: tuple[Callable[[_Scene], object], ...] = (
    lambda scene: _order(scene, "光猫红灯，疑似断纤", 6),
    _worked("acceptance", fault="宽带速率不达标", hours=9),
    _worked("acceptance", "departure", fault="全屋断网", hours=3),
    _worked("acceptance", "departure", "arrival", fault="电视卡顿、光衰偏大", hours=2),
    _worked(*_ENDS, fault="光猫红灯", text="更换尾纤并重做接头，客户确认恢复", before="-28.6", after="-20.4"),
    _worked(*_ENDS, fault="夜间掉线", text="更换光猫，观察正常", before="-24.1", after="-21.7"),
    _worked(*_ENDS, fault="网速慢", text="临时恢复，主干光衰偏大，需整治", before="-30.2", after="-28.4"),
    _worked(*_ENDS, fault="断网", text="调整分光器端口后恢复，主干仍偏弱", before="-31.0", after="-27.9"),
    _worked("acceptance", "arrival", "failure", fault="无信号", text="楼道光缆被施工挖断，需工程队重布"),
    _hindered("obstacle", "property", 1, "物业要求先盖章"), _hindered("no_resource", "splitter", 6, "分光器满，已报扩容"),
    _hindered("no_resource", "fibre", 9, "主干纤芯用尽"),
    _handed("cz.maintenance", "centre", "现场正常，疑似局端数据，请远程核对"),
    _handed("js.support", "network", "连续三天夜间掉线，省网侧疑难"),
)  # fmt: skip
