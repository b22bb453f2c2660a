"""Orders of Changzhou, April and May 2016, made up so that their counts are those of the published table.

Only moments and texts are made here. Whether an order was solved at first contact, passed on or late is never written
down: it follows from whether it was dispatched and from when it ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import TypedDict

from bihuan.demo import changzhou_texts as texts
from bihuan.demo import people
from bihuan.demo.changzhou_texts import DISPUTES

SUPPORT, HALL = "投诉支撑系统", "营业精灵"


@dataclass(frozen=True)
class Month:
    """What one system must show for one month: orders by outcome and by dispute (D1…D4); the sums agree."""

    system: str
    year: int
    month: int
    first_contact: int
    passed_on: int
    late: int
    disputes: tuple[int, int, int, int]

    @property
    def total(self) -> int:
        """All orders of the month."""
        return self.first_contact + self.passed_on + self.late


MONTHS = (
    Month(SUPPORT, 2016, 4, 4428, 547, 0, (1609, 497, 812, 2057)),
    Month(HALL, 2016, 4, 423, 53, 0, (190, 48, 38, 200)),
    Month(SUPPORT, 2016, 5, 4316, 660, 102, (1744, 916, 1090, 1328)),
    Month(HALL, 2016, 5, 394, 60, 9, (196, 70, 57, 140)),
)
"""April 5,451 = 4,975 + 476, May 5,541 = 5,078 + 463; together 89 / 11 / 0 % and 85 / 13 / 2 %."""


@dataclass(frozen=True)
class Order:
    """One finished order. Times are Changzhou's local time; the two dispatch times are empty when nobody else was asked."""

    number: str
    registered: datetime
    accepted_by: tuple[str, str]
    """Employee number and name of who took it."""
    taken_unit: str
    channel: str
    customer: str
    phone: str
    line: str
    level: str
    place: people.Place
    address: str
    category: str
    dispute: str
    product: str
    urgency: str
    content: str
    demand: str
    dispatched: datetime | None
    holder_unit: str
    received: datetime | None
    replied: datetime
    reply: str
    revisited: datetime
    satisfaction: str
    closed: datetime
    due: datetime
    chasers: int


class _Times(TypedDict):
    dispatched: datetime | None
    received: datetime | None
    replied: datetime
    revisited: datetime
    closed: datetime
    due: datetime


_PASSED_WEIGHT = {"D1": 0.8, "D2": 1.3, "D3": 4.0, "D4": 0.5}
_PLACE_WEIGHTS = (34, 18, 17, 16, 8, 7)
_HOURS = (0, 0, 0, 0, 0, 0, 1, 3, 9, 12, 12, 9, 6, 8, 11, 11, 9, 8, 6, 5, 3, 0, 0, 0)
_UNITS = {"D1": "常州市场部", "D2": "常州客户服务中心", "D3": "常州维护装维部", "D4": "常州市场部"}
_CHANNELS = (("10000号热线", 78), ("网上营业厅", 8), ("掌上营业厅", 6), ("微信公众号", 4), ("现场", 3), ("上级交办", 1))


def orders(month: Month) -> Iterator[Order]:
    """The month's orders by time of registration; the same on every machine and every call."""
    rng = Random(f"{month.system}-{month.year}-{month.month}")
    fates = _fates(month, rng)
    drawn = sorted((_registered(month, outcome, rng), outcome, dispute) for outcome, dispute in fates)
    for position, (registered, outcome, dispute) in enumerate(drawn, start=1):
        yield _order(month, position, registered, outcome, dispute, rng)


def _fates(month: Month, rng: Random) -> list[tuple[str, str]]:
    """Outcome and dispute of each order: line matters are passed on more often, the counts are exact."""
    disputes = [code for code, count in zip(DISPUTES, month.disputes, strict=True) for _ in range(count)]
    keyed = sorted(disputes, key=lambda code: rng.random() ** (1 / _PASSED_WEIGHT[code]), reverse=True)
    passed, late = month.passed_on, month.late
    outcomes = ["late"] * late + ["passed_on"] * passed + ["first_contact"] * month.first_contact
    return list(zip(outcomes, keyed, strict=True))


def _registered(month: Month, outcome: str, rng: Random) -> datetime:
    """Busy by day and on weekdays; early enough that everything ends within the month."""
    last = (_end(month) - timedelta(days={"first_contact": 0, "passed_on": 4, "late": 9}[outcome])).day
    days = range(1, last + 1)
    weights = [0.55 if datetime(month.year, month.month, day).weekday() >= 5 else 1.0 for day in days]  # noqa: DTZ001
    day = rng.choices(days, weights)[0]
    hour = rng.choices(range(24), _HOURS)[0]
    return datetime(month.year, month.month, day, hour, rng.randrange(60), rng.randrange(60))  # noqa: DTZ001


def _end(month: Month) -> datetime:
    """The last minute of the month in which an order may end."""
    following = datetime(month.year, month.month + 1, 1)  # noqa: DTZ001
    return following - timedelta(minutes=10)


def _order(month: Month, position: int, registered: datetime, outcome: str, dispute: str, rng: Random) -> Order:
    place = rng.choices(people.CHANGZHOU, _PLACE_WEIGHTS)[0]
    text = texts.draw(dispute, rng)
    fill = texts.slots(registered, place, rng)
    times = _times(month, registered, outcome, rng)
    own_reply = outcome != "first_contact" or text.category.startswith(texts.ON_THE_SPOT_ALREADY)
    reply = text.reply if own_reply else rng.choice(texts.replies()[dispute])
    line = people.broadband(rng) if text.category.startswith(("N02", "N04", "C05")) else people.mobile(rng)
    taken = "常州客户服务中心" if month.system == SUPPORT else place.hall
    local = dispute == "D3" or rng.random() < 0.25
    return Order(
        number=_number(month, position, registered),
        registered=registered,
        accepted_by=_clerk(taken, rng),
        taken_unit=taken,
        channel=rng.choices([name for name, _ in _CHANNELS], [share for _, share in _CHANNELS])[0],
        customer=people.name(rng),
        phone=people.mobile(rng) if rng.random() < 0.93 else people.landline(rng),
        line=line,
        level=rng.choices(("普通", "银卡", "金卡", "钻石卡"), (70, 18, 9, 3))[0],
        place=place,
        address=people.address(rng, place),
        category=text.category,
        dispute=dispute,
        product=texts.product(text.category),
        urgency=rng.choices(("一般", "重要", "紧急"), (86, 11, 3))[0],
        content=texts.sentence(text.content.format_map(fill), rng),
        demand=text.demand.format_map(fill),
        holder_unit="" if outcome == "first_contact" else (place.office if local else _UNITS[dispute]),
        reply=reply.format_map(fill),
        satisfaction=rng.choices(("满意", "基本满意"), (94, 6))[0],
        chasers=0 if outcome == "first_contact" else rng.choices((0, 1, 2, 3), (70, 20, 7, 3))[0],
        **times,
    )


def _times(month: Month, registered: datetime, outcome: str, rng: Random) -> _Times:
    """All moments after registration. On time means ended by `due`, late means replied and ended after it."""
    end = _end(month)
    dispatched = received = None
    if outcome == "first_contact":
        replied = registered + _seconds(rng.randint(100, 1500))
        due = registered + timedelta(hours=48)
        revisited = replied + _part(min(due, end) - replied, 0.05 + 0.8 * rng.random() ** 2)
    else:
        dispatched = registered + _seconds(rng.randint(360, 6900))
        received = dispatched + _seconds(rng.randint(240, 9000))
        due = registered + timedelta(hours=rng.choice((48, 72)))
        if outcome == "late":
            replied = _by_day(due + _part(timedelta(hours=90), 0.01 + 0.99 * rng.random() ** 2), due)
            revisited = replied + _part(timedelta(hours=30), rng.uniform(0.02, 1))
        else:
            replied = _by_day(received + _part(due - received, rng.uniform(0.08, 0.8)), received)
            revisited = replied + _part(due - replied, rng.uniform(0.1, 0.9))
    revisited = _by_day(revisited, replied)
    closed = revisited + _seconds(rng.randint(20, 300))
    return _Times(
        dispatched=dispatched, received=received, replied=replied, revisited=revisited, closed=closed, due=due
    )


def _by_day(moment: datetime, after: datetime) -> datetime:
    """Nobody calls a customer at night: the evening before instead, if that is still later than `after`."""
    if 8 <= moment.hour < 21:
        return moment
    evening = moment.replace(hour=20) - timedelta(days=moment.hour < 8)
    return evening if evening > after else moment


def _seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


def _part(span: timedelta, share: float) -> timedelta:
    """A share of a span in whole seconds, as both systems store moments."""
    return timedelta(seconds=int(span.total_seconds() * share))


def _number(month: Month, position: int, registered: datetime) -> str:
    if month.system == SUPPORT:
        return f"CZTS{registered:%Y%m%d}{position:05d}"
    return f"YYJL{registered:%y%m}{position:04d}"


@cache
def _clerks(unit: str) -> tuple[tuple[str, str], ...]:
    rng = Random(f"clerks-{unit}")
    count = 46 if unit == "常州客户服务中心" else 5
    return tuple((f"CZ{rng.randrange(1000, 9999)}", people.name(rng)) for _ in range(count))


def _clerk(unit: str, rng: Random) -> tuple[str, str]:
    return rng.choice(_clerks(unit))
