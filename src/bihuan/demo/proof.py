"""Proof on some cases: files to look at, a signature, a checked and an unchecked caller, a pack taken out."""

from datetime import datetime, timedelta

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.cases.states import OPEN_STATES
from bihuan.customers import marks as held
from bihuan.demo import drawing
from bihuan.flow import marks, materials
from bihuan.handling import actions as handling
from bihuan.handling import callers, evidence, recordings, signing
from bihuan.handling.models import Pack, Signature
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.web.proof import packing

_AT_WORK = ("in_handling", "received", "waiting")


def play(viewers: dict[str, Viewer], now: datetime) -> dict[str, int]:
    """In the caller's transaction; where something is there already, nothing. Answers how many of each."""
    if Signature.objects.exists() or Pack.objects.exists():
        return {}
    with clock.at(now):
        return {
            "signatures": _at_work(viewers), "checks": _callers(viewers), "packs": _packs(viewers), "marks": _marks(viewers),
        }  # fmt: skip


def _at_work(viewers: dict[str, Viewer]) -> int:
    """Files on three cases at work, a customer's signature on the first two."""
    people = {viewer.staff_id: viewer for viewer in viewers.values()}
    found = Case.objects.select_for_update().filter(city_id=320400, status__in=_AT_WORK, handler_id__in=list(people))
    cases = list(found.order_by("-id")[:3])
    recordings.allow("rec.yunjiang.example", "https://rec.yunjiang.example/play/{id}", viewers["manager1"].staff_id)
    for case in cases[:2]:
        doer = Doer.of(people[case.handler_id or 0])
        handling.contact(
            case, doer, "call", "回电说明处理进展，客户同意明天上午再确认。", recording=f"2611{case.id:06d}"
        )
    for case in cases:
        doer = Doer.of(people[case.handler_id or 0])
        evidence.keep(
            case, doer, "field_test", "现场电平测试.png", drawing.levels([-78, -84, -97, -109, -113, -101, -88])
        )
        evidence.keep(case, doer, "recording", "回拨录音.wav", drawing.tone())
        note = "09:10 到达现场，测试电平；09:40 更换分路器；10:05 客户确认恢复。"
        evidence.keep(case, doer, "document", "现场记录.txt", note.encode())
        materials.customer_file(case, "IMG_2041.png", drawing.levels([-112, -114, -111, -115]), "我家客厅拍的信号截图")
    for case, kind, details in zip(cases, ("work", "settlement"), _SIGNED, strict=False):
        signing.sign(case, Doer.of(people[case.handler_id or 0]), kind, details, drawing.stroke(),
                     place=signing.Place(31.7789, 119.9531, 15))  # fmt: skip
    return min(len(cases), 2)


_SIGNED = (
    "更换楼道分路器一只，重做水晶头两个，测速下行 486 Mbps，客户在场确认。",
    "退还断网期间月租 30 元，三个工作日内到账；赠送一个月会员。",
)


def _callers(viewers: dict[str, Viewer]) -> int:
    """Those who complain for somebody else: the newest is not checked yet, one failed, the others held."""
    agent = Doer.of(viewers["agent1"])
    found = Case.objects.select_for_update().filter(relation="on_behalf", status__in=OPEN_STATES).order_by("-id")
    cases = list(found[1:6])
    for place, case in enumerate(cases):
        right = ["plan"] if place == 0 else ["identity", "address"]
        callers.check(case, agent, "王志强", "family", "answers", answered=right, note="" if place else "只答出套餐")
    return len(cases)


def _marks(viewers: dict[str, Viewer]) -> int:
    """One customer who complains by trade, one whose complaints were unfounded again and again."""
    lead = viewers["dutymanager1"]
    cases = list(Case.objects.filter(city_id=320400, status="closed", relation="self").order_by("-id")[10:12])
    for case, (kind, reason, proof, days) in zip(cases, _MARKED, strict=False):
        marks.mark(case, lead, kind, reason, proof, held.today() + timedelta(days=days))
    return len(cases)


_MARKED = (
    ("professional", "半年内以同一话术向多家运营商索赔，自称代理维权", "本单及前三次工单录音；市场监管部门通报", 160),
    ("notorious", "要求减免全部历史话费，三次核查均不成立", "三次复核结论，回访录音", 5),
)


def _packs(viewers: dict[str, Viewer]) -> int:
    """One pack with masks, for an auditor."""
    case = Case.objects.select_for_update().filter(city_id=320400, status="closed").order_by("-id").first()
    if case is None:
        return 0
    packing.pack(case, viewers["dispatcher1"], "audit", plain=False)
    return 1
