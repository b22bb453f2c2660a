"""What becomes of a complaint, as a script of steps with times. Whatever lies after the present moment has not happened
yet: so every state of the loop is on show, and none is set by hand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.revisit.review import LOSS_OF

ZONE = ZoneInfo("Asia/Shanghai")
TAKER, DISPATCHER, HANDLER, REVISITOR, CUSTOMER, MANAGER = (
    "taker",
    "dispatcher",
    "handler",
    "revisit",
    "customer",
    "manager",
)
"""Who acts: the first asker, the city's dispatcher, someone of the unit that holds it, the caller-back, …"""
_BY_DAY = frozenset({"contact", "reply", "interim", "revisit", "attempt", "wait"})
"""Steps that speak with the customer: nobody is called at night."""


@dataclass(frozen=True)
class Story:
    """One kind of complaint with what is done about it; texts have no open slots any more."""

    category: str
    product: str
    cause: str
    content: str
    demand: str
    on_the_spot: str
    contact: str
    reply: str


@dataclass(frozen=True)
class Step:
    """One step: when (aware), which verb, who in which capacity, and what goes with it."""

    at: datetime
    verb: str
    who: str
    args: dict[str, Any] = field(default_factory=dict)


Move = tuple[float, str, str, dict[str, Any]]
"""Minutes after the step before, verb, who, arguments."""
Fate = Callable[[Story, Random], list[Move]]


def schedule(registered: datetime, moves: Iterable[Move], *, nights: bool = False) -> tuple[Step, ...]:
    """Moves as steps in time; those that speak with the customer wait for the morning unless `nights`."""
    steps, at = [], registered
    for minutes, verb, who, args in moves:
        at = at + timedelta(seconds=int(minutes * 60))
        if verb in _BY_DAY and not nights:
            at = _daytime(at)
        steps.append(Step(at, verb, who, args))
    return tuple(steps)


def _daytime(moment: datetime) -> datetime:
    local = moment.astimezone(ZONE)
    if 8 <= local.hour < 21:
        return moment
    morning = local.replace(hour=8, minute=local.minute % 50, second=local.second)
    return morning + timedelta(days=local.hour >= 21)


def _accept(story: Story, rng: Random) -> Move:
    return (rng.uniform(2, 13), "accept", TAKER, {"category": story.category})


def _dispatched(story: Story, rng: Random) -> list[Move]:
    """Accepted, sent where the rules say, taken, and the customer called."""
    assessment = rng.choice(("self", "self", "team", "verify"))
    receipt = {"assessment": assessment, "verify_with": "网络监控" if assessment == "verify" else ""}
    return [
        _accept(story, rng),
        (rng.uniform(6, 95), "dispatch", DISPATCHER, {}),
        (rng.uniform(5, 110), "receive", HANDLER, receipt),
        (rng.uniform(4, 70), "contact", HANDLER, {"means": "call", "note": story.contact}),
    ]


def _reply(story: Story, minutes: float, who: str = HANDLER) -> Move:
    return (minutes, "reply", who, {"means": "call", "text": story.reply})


def _ending(story: Story, rng: Random) -> list[Move]:
    """Called back, satisfied, closed."""
    satisfaction = rng.choices((3, 2), (88, 12))[0]
    note = rng.choice(("客户表示满意", "问题已解决，客户认可", "客户感谢处理及时", "客户认可结果，希望今后提速"))
    call = {"satisfaction": satisfaction, "root_solved": rng.random() < 0.92, "note": note}
    return [(rng.uniform(90, 1500), "revisit", REVISITOR, call), (rng.uniform(1, 8), "close", REVISITOR, _cause(story))]


def _cause(story: Story) -> dict[str, Any]:
    """As the shipped closing rules ask for each kind of complaint."""
    kinds = (
        ["kpi", "alarm"] if story.category.startswith("N01") else ["field_test"] if story.category[:1] == "N" else []
    )
    loss = LOSS_OF.get(story.cause[:1], "")
    told: dict[str, Any] = {"cause": story.cause, "evidence_kinds": kinds, **({f"{loss}_cause": True} if loss else {})}
    return {**told, "proof": "计费系统账单与订购记录已核对"} if story.category[:1] == "C" else told


def on_the_spot(story: Story, rng: Random) -> list[Move]:
    """First-contact resolution: answered by who took it."""
    answer = {"means": "call", "text": story.on_the_spot or story.reply}
    return [_accept(story, rng), (rng.uniform(2, 16), "reply", TAKER, answer), *_ending(story, rng)]


def ordinary(story: Story, rng: Random) -> list[Move]:
    """Passed on, solved in time, closed; every third with a file that shows what was found."""
    found: list[Move] = []
    if rng.random() < 0.35:
        kind, name = _PROOFS.get(story.category[:3]) or _PROOFS.get(story.category[:1], _PAPER)
        found = [(rng.uniform(15, 80), "evidence", HANDLER, {"kind": kind, "name": name, "text": _table(kind, rng)})]
    return [*_dispatched(story, rng), *found, _reply(story, rng.uniform(90, 1300)), *_ending(story, rng)]


_PAPER = ("document", "受理记录核对.csv")
_PROOFS = {
    "N01": ("field_test", "现场测试记录.csv"),
    "N": ("network_log", "光功率与掉线记录.csv"),
    "C": ("document", "账单核对表.csv"),
    "C03": ("document", "订购记录.csv"),
}
"""Category → kind and name of the file a handler keeps."""


def _table(kind: str, rng: Random) -> str:
    """A small invented table such as a handler exports."""
    if kind == "field_test":
        rows = [f"{n},{rng.randint(-118, -92)},{rng.randint(-4, 14)},{rng.uniform(1, 60):.1f}" for n in range(1, 13)]
        return "序号,RSRP(dBm),SINR(dB),下行(Mbps)\n" + "\n".join(rows) + "\n"
    if kind == "network_log":
        rows = [f"第{n}天,{rng.uniform(-29, -18):.1f},{rng.randint(0, 9)}" for n in range(1, 8)]
        return "日期,接收光功率(dBm),掉线次数\n" + "\n".join(rows) + "\n"
    rows = [f"{n}月,{rng.choice((39, 59, 129))},{rng.choice((39, 59, 129, 188, 239))}" for n in range(6, 12)]
    return "账期,应收(元),实收(元)\n" + "\n".join(rows) + "\n"


def late(story: Story, rng: Random) -> list[Move]:
    """Lies about; the customer chases; solved after its limit."""
    return [
        *_dispatched(story, rng),
        (rng.uniform(1500, 2200), "chase", CUSTOMER, {"note": "怎么还没人处理？请尽快！"}),
        (rng.uniform(600, 1200), "chase", CUSTOMER, {"note": "再没有答复我就向监管部门反映了。"}),
        _reply(story, rng.uniform(1500, 3600)),
        *_ending(story, rng),
    ]


def returned(story: Story, rng: Random) -> list[Move]:
    """Sent to the wrong unit, given back with a reason, sent again."""
    wrong = "marketing" if story.category.startswith("N") else "maintenance"
    note = "核实后不属于本部门职责，请按业务归口改派。"
    first = [_accept(story, rng), (rng.uniform(6, 60), "dispatch", DISPATCHER, {"kind": wrong, "why": "人工判断"})]
    back: list[Move] = [(rng.uniform(20, 200), "return", HANDLER, {"reason": "wrong_unit", "note": note})]
    again = _dispatched(story, rng)[1:]
    return [*first, *back, *again, _reply(story, rng.uniform(200, 1200)), *_ending(story, rng)]


def recalled(story: Story, rng: Random) -> list[Move]:
    """Sent by mistake and taken back by the dispatcher."""
    wrong = "marketing" if story.category.startswith("N") else "maintenance"
    return [
        _accept(story, rng),
        (rng.uniform(5, 40), "dispatch", DISPATCHER, {"kind": wrong, "why": "人工判断"}),
        (rng.uniform(2, 12), "recall", DISPATCHER, {"why": "点错部门，撤回后按规则派单"}),
        *_dispatched(story, rng)[1:],
        _reply(story, rng.uniform(200, 1200)),
        *_ending(story, rng),
    ]


_WAITS = (
    ("customer_time", "客户要求改到周末上门", 2600),
    ("customer_absent", "客户不在家，另约时间", 1400),
    ("property_access", "物业要求提供施工许可，正在协调", 2900),
    ("parts", "等待新款光猫到货", 1500),
    ("observation", "已处理，观察一天", 1440),
    ("customer_material", "等待客户提供账单截图", 900),
)


def waiting(story: Story, rng: Random) -> list[Move]:
    """Waits for an agreed reason, goes on, is solved."""
    reason, note, minutes = rng.choice(_WAITS)
    minutes = int(minutes * rng.uniform(0.8, 1.3))
    return [
        *_dispatched(story, rng),
        (rng.uniform(20, 300), "wait", HANDLER, {"reason": reason, "note": note, "minutes": minutes}),
        (minutes, "resume", HANDLER, {"note": "条件具备，继续处理"}),
        _reply(story, rng.uniform(60, 400)),
        *_ending(story, rng),
    ]


def dissatisfied(story: Story, rng: Random) -> list[Move]:
    """The customer is not satisfied: back to handling, answered again, then closed."""
    unhappy = {"satisfaction": 1, "root_solved": False, "left_over": True, "note": "客户称问题没有根本解决，不接受答复"}
    second = {"means": "visit", "text": "班长再次上门复核：" + story.reply}
    return [
        *_dispatched(story, rng),
        _reply(story, rng.uniform(200, 1000)),
        (rng.uniform(90, 900), "revisit", REVISITOR, unhappy),
        (rng.uniform(30, 300), "contact", HANDLER, {"means": "call", "note": "向客户致歉，约定再次上门"}),
        (rng.uniform(300, 1600), "reply", HANDLER, second),
        *_ending(story, rng),
    ]


def hard_to_reach(story: Story, rng: Random) -> list[Move]:
    """Two calls in vain before the customer answers the third."""
    return [
        *_dispatched(story, rng),
        _reply(story, rng.uniform(90, 1200)),
        (rng.uniform(90, 400), "attempt", REVISITOR, {"note": "无人接听"}),
        (rng.uniform(200, 500), "attempt", REVISITOR, {"note": "正在通话中，稍后再拨"}),
        *_ending(story, rng),
    ]


def unreachable(story: Story, rng: Random) -> list[Move]:
    """Never reached: closed as an approved exception."""
    calls: list[Move] = [
        (rng.uniform(200, 700), "attempt", REVISITOR, {"note": note}) for note in ("无人接听", "关机", "无人接听")
    ]
    asked = {**_cause(story), "exception": "unreachable", "note": "三次不同时段拨打均未接通，短信也没有回复"}
    decision = {"approved": True, "why": "同意，已核对拨打记录"}
    return [
        *_dispatched(story, rng),
        _reply(story, rng.uniform(90, 1200)),
        *calls,
        (rng.uniform(30, 200), "ask", REVISITOR, asked),
        (rng.uniform(20, 300), "decide", MANAGER, decision),
    ]


def interim(story: Story, rng: Random) -> list[Move]:
    """A first answer within the limit, the final one later."""
    words = "您反映的问题已受理，初步核查需要现场测试，预计三日内给您最终答复，期间有进展会随时告知。"
    return [
        *_dispatched(story, rng),
        (rng.uniform(200, 900), "interim", HANDLER, {"means": "sms", "text": words}),
        _reply(story, rng.uniform(900, 1800)),
        *_ending(story, rng),
    ]


def declined(story: Story, rng: Random) -> list[Move]:
    """Not ours: the customer is told why."""
    reason = rng.choice(("not_ours", "other_operator", "too_old", "not_authorised", "settled"))
    return [(rng.uniform(3, 14), "decline", TAKER, {"reason": reason})]


def withdrawn(story: Story, rng: Random) -> list[Move]:
    """Solved itself: the customer calls to say so."""
    note = "客户来电称问题已自行恢复，主动要求撤诉，通话已录音"
    return [
        *_dispatched(story, rng)[:3],
        (rng.uniform(60, 600), "withdraw", DISPATCHER, {"proven_by": "call", "note": note}),
    ]


def stuck(story: Story, rng: Random) -> list[Move]:
    """Taken, called once, and left lying."""
    return [
        *_dispatched(story, rng),
        (rng.uniform(1500, 2600), "chase", CUSTOMER, {"note": "一直没有结果，请催一下。"}),
    ]


FATES: Sequence[tuple[Fate, float]] = (
    (on_the_spot, 40), (ordinary, 36), (late, 4), (returned, 3), (recalled, 1.5), (waiting, 4), (dissatisfied, 3.5),
    (hard_to_reach, 2.5), (unreachable, 1), (interim, 2), (declined, 1.5), (withdrawn, 2),
)  # fmt: skip
"""How often each comes."""


def draw(story: Story, rng: Random) -> Fate:
    """A fate for a story: what cannot be answered on the spot is passed on."""
    fate = rng.choices([fate for fate, _ in FATES], [weight for _, weight in FATES])[0]
    return ordinary if fate is on_the_spot and not story.on_the_spot else fate
