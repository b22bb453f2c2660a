"""About four hundred believable complaints of the last month, the same for the same "now": texts, people, fates."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from bihuan.demo import people, scripts
from bihuan.demo.people import CHANGZHOU, WUXI, Place
from bihuan.demo.scripts import ZONE, Fate, Step, Story, schedule
from bihuan.intake.schema import ComplaintIn, Customer, Location

DATA = Path(__file__).parent / "data"
REGULAR, DAYS = 262, 30


@dataclass(frozen=True)
class Script:
    """One complaint: when it came, what it says, who brought it (`agent` in the city's centre, else the customer)."""

    key: str
    at: datetime
    city: str
    complaint: ComplaintIn
    by_agent: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Person:
    """A made-up customer with her line and her home."""

    name: str
    phone: str
    line: str
    level: int
    identity_number: str
    place: Place
    address: str


_PLACES = (*CHANGZHOU, *WUXI)
_PLACE_WEIGHTS = (22, 13, 12, 13, 6, 5, 12, 9, 8)
_CENTRES = {
    320412: (31.701, 119.942), 320402: (31.779, 119.999), 320404: (31.802, 119.902), 320411: (31.830, 119.972),
    320413: (31.747, 119.598), 320481: (31.416, 119.484), 320213: (31.566, 120.303), 320211: (31.527, 120.284),
    320214: (31.491, 120.364),
}  # fmt: skip
_HOURS = (1, 0, 0, 0, 0, 0, 1, 3, 9, 12, 12, 9, 6, 8, 11, 11, 9, 8, 6, 6, 5, 3, 2, 1)
_CHANNELS = (
    ("hotline", 50), ("app", 13), ("wechat", 9), ("web", 7), ("hall", 8), ("on_site", 2), ("weibo", 2), ("sms", 2),
    ("email", 2), ("terminal", 1), ("system", 2), ("regulator", 2), ("urgent", 1),
)  # fmt: skip
BY_AGENT = frozenset({"hotline", "hall", "on_site", "regulator", "urgent", "system"})
"""Channels that a person at the service centre types in."""
_SOURCES = {"system": "网络投诉工单系统", "regulator": "电信用户申诉平台", "urgent": "省公司督办"}
_TERMINALS = ("星耀 X20（5G）", "云帆 P9（5G）", "蓝鲸 M3", "老年机 K1", "青禾 Note8（5G）", "千兆光猫 G10")
_FREQUENCIES = ("每天", "偶尔", "晚上八点以后", "仅一次", "连续三天", "工作日白天", "")


def scripts_for(now: datetime, regular: int = REGULAR) -> list[Script]:
    """Everything that happened up to `now` (aware), by time of registration; `regular` of it is everyday business."""
    from bihuan.demo import specials

    rng = Random(20161)
    found = [_regular(number, now, rng) for number in range(regular)]
    found += specials.scripts_for(now, Random(20162))
    return sorted(found, key=lambda script: (script.at, script.key))


def _regular(number: int, now: datetime, rng: Random) -> Script:
    person, story = draw_person(rng), draw_story(rng)
    at = _moment(now, rng)
    story = fill(story, person, at, rng)
    return make(f"r{number:03d}", at, person, story, scripts.draw(story, rng), rng)


def make(key: str, at: datetime, person: Person, story: Story, fate: Fate, rng: Random, *, channel: str = "") -> Script:
    """A complaint of this person at this moment with this fate."""
    at = at.replace(microsecond=0)
    channel = channel or rng.choices([name for name, _ in _CHANNELS], [share for _, share in _CHANNELS])[0]
    complaint = complaint_of(person, story, channel, at, key, rng)
    city = "cz" if person.place in CHANGZHOU else "wx"
    return Script(key, at, city, complaint, channel in BY_AGENT, schedule(at, fate(story, rng)))


def complaint_of(person: Person, story: Story, channel: str, at: datetime, key: str, rng: Random) -> ComplaintIn:
    """The complaint as it comes in through this channel; the category is left to whoever accepts it."""
    source = _SOURCES.get(channel, "")
    on_network = story.category.startswith(("N01", "N05"))
    return ComplaintIn(
        channel=channel,
        source_system=source,
        source_number=f"{at:%Y%m%d}{key.upper()}" if source else "",
        called_hotline="10088" if channel == "hotline" else "",
        customer=Customer(
            name=person.name,
            phone=person.phone,
            identity_number=person.identity_number if rng.random() < 0.3 else "",
            level=person.level,
            other_contact=people.mobile(rng) if rng.random() < 0.2 else "",
        ),
        relation="on_behalf"
        if any(word in story.content for word in ("我奶奶", "我爸", "我妈", "我父亲", "公公"))
        else "self",
        content=_spoken(story.content, rng),
        demand=story.demand if rng.random() < 0.85 else "",
        occurred_at=at - timedelta(minutes=rng.randint(5, 2000)),
        frequency=rng.choice(_FREQUENCIES),
        area=str(person.place.area),
        address=person.place.district + person.address,
        location=_location(person.place, rng) if on_network else None,
        product=story.product,
        complained_number=person.line,
        calling_number=person.phone if channel == "hotline" else "",
        terminal=rng.choice(_TERMINALS) if on_network or rng.random() < 0.2 else "",
    )


_OPENERS = (
    "你好，",
    "喂，你好，",
    "麻烦帮我反映一下，",
    "我要投诉！",
    "您好，我想反映个问题：",
    "客服你好，",
    "唉，又是我，",
    "",
)
_TAILS = (
    "在线等。", "请尽快处理，谢谢。", "我是你们十几年的老用户了。", "给我个明确的时间。", "别再让我等了。", "我已经截图了。",
    "不解决我就换运营商。", "麻烦给我回个电话。", "白天上班，晚上六点以后打给我。", "打了三次热线都没人说清楚。",
    "希望能彻底解决。", "家里有老人和孩子，真的很不方便。", "上次的客服态度倒是不错，就是没解决。", "要是再这样我去工信部申诉。",
    "我要求书面答复。", "能不能派个懂技术的来？", "退费的话退到话费里就行。", "现在还是老样子。", "邻居家也有一样的情况。",
    "说实话挺失望的。", "我不想再重复第四遍了。", "加急，谢谢！", "周末我都在家。", "有进展发短信也可以。",
)  # fmt: skip


def _spoken(content: str, rng: Random) -> str:
    """As people say it: with a greeting, a last word, sometimes another number."""
    opener = rng.choice(_OPENERS) if rng.random() < 0.35 else ""
    tail = "".join(rng.sample(_TAILS, rng.choice((0, 1, 1, 2))))
    other = f"打不通就打我另一个号{people.mobile(rng)}。" if rng.random() < 0.07 else ""
    return opener + content + tail + other


def _location(place: Place, rng: Random) -> Location:
    lat, lon = _CENTRES[place.area]
    return Location(
        lat=round(lat + rng.uniform(-0.02, 0.02), 5), lon=round(lon + rng.uniform(-0.02, 0.02), 5), datum="gcj02"
    )


def _moment(now: datetime, rng: Random) -> datetime:
    """Somewhere in the last month, by day mostly, more of it lately; never later than a minute ago."""
    while True:
        day = int(DAYS * rng.random() ** 1.5)
        local = (now - timedelta(days=day)).astimezone(ZONE)
        hour = rng.choices(range(24), _HOURS)[0]
        at = local.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)
        if at < now - timedelta(minutes=1):
            return at


def draw_person(rng: Random, place: Place | None = None) -> Person:
    """Someone who does not exist, in a place that does."""
    place = place or rng.choices(_PLACES, _PLACE_WEIGHTS)[0]
    phone = people.mobile(rng)
    code = 320400 if place in CHANGZHOU else 320200
    level = rng.choices(range(8), (30, 22, 16, 12, 9, 6, 3, 2))[0]
    line = phone if rng.random() < 0.6 else people.broadband(rng, "cz" if code == 320400 else "wx")
    return Person(
        people.name(rng), phone, line, level, people.identity_number(rng, code), place, people.address(rng, place)
    )


@cache
def stories() -> tuple[Story, ...]:
    """Every story on the shelf, slots still open."""
    with (DATA / "stories.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(Story(**row) for row in csv.DictReader(stream))


_OFTEN = {"N0201": 4, "N0202": 3, "N0401": 3, "C0102": 2, "C0101": 2, "C0201": 2, "C0301": 2, "S0201": 2, "N0102": 2}


def draw_story(rng: Random, prefixes: Sequence[str] = ("",)) -> Story:
    """A story whose category starts with one of the prefixes, the common ones more often."""
    fitting = [story for story in stories() if story.category.startswith(tuple(prefixes))]
    return rng.choices(fitting, [_OFTEN.get(story.category, 1) for story in fitting])[0]


def fill(story: Story, person: Person, at: datetime, rng: Random) -> Story:
    """The story told by this person at this moment."""
    before = (at - timedelta(days=rng.randint(3, 12))).astimezone(ZONE)
    slots = {
        "district": person.place.district,
        "estate": person.address.split("幢")[0].rstrip("0123456789")
        if "幢" in person.address
        else rng.choice(person.place.estates),
        "building": rng.randint(1, 48),
        "road": rng.choice(person.place.roads),
        "hall": person.place.hall.removesuffix("支局") + "营业厅",
        "date": f"{before.month}月{before.day}号",
        "fee": rng.choice((129, 156, 188, 199, 239, 268, 312, 368)),
        "fee2": rng.choice((19, 29, 39, 49, 59, 69, 79, 99)),
        "phone2": people.mobile(rng),
        "idno": person.identity_number,
    }
    texts = {
        name: getattr(story, name).format_map(slots)
        for name in ("content", "reply", "on_the_spot", "contact", "demand")
    }
    return replace(story, **texts)
