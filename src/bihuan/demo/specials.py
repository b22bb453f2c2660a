"""What chance would not bring: bursts, repeats, the same complaint twice, some due soon, some late."""

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from bihuan.demo import content, scripts
from bihuan.demo.content import DATA, Person, Script, draw_person, draw_story, fill, make
from bihuan.demo.people import CHANGZHOU
from bihuan.demo.scripts import CUSTOMER, DISPATCHER, HANDLER, ZONE, Fate, Move, Story, schedule

_WUJIN, _XINBEI = CHANGZHOU[0], CHANGZHOU[3]
_CUT = Story(
    category="N0501",
    product="P0203",
    cause="",
    content="",
    demand="尽快恢复并告知恢复时间",
    on_the_spot="",
    contact="已告知客户为市政施工挖断光缆，抢修队已到场，预计夜间恢复。",
    reply="武进区人民东路段光缆被市政施工挖断，影响三个小区约1,900户，已于当晚抢通。故障期间费用按规定减免一天，已短信告知；"
    "后续与施工单位建立会签机制，避免再次发生。",
)
_NEWS = {"means": "sms", "text": "您反映的断网为光缆被施工挖断，抢修队已到场，预计5小时内恢复，恢复后将短信告知。"}


def scripts_for(now: datetime, rng: Random) -> list[Script]:
    """All of them up to `now`."""
    cause = next(story.cause for story in content.stories() if story.category == "N0205")
    cut = replace(_CUT, cause=cause)
    return [
        *_fibre_cut(now, cut, rng),
        *_right_now(now, cut, rng),
        *_repeats(now, rng),
        *_twice(now, rng),
        *_pressing(now, rng),
        *_standing(now, rng),
    ]


def _texts(burst: str) -> list[str]:
    with (DATA / "bursts.csv").open(encoding="utf-8", newline="") as stream:
        return [row["content"] for row in csv.DictReader(stream) if row["burst"] == burst]


def _evening(now: datetime) -> datetime:
    """The latest 19:35 that lies at least thirteen hours back."""
    local = now.astimezone(ZONE)
    at = local.replace(hour=19, minute=35, second=0, microsecond=0)
    while at > local - timedelta(hours=13):
        at -= timedelta(days=1)
    return at


def _fibre_cut(now: datetime, story: Story, rng: Random) -> list[Script]:
    """Thirty within the hour after an excavator met a cable; repaired in the night, all answered next morning."""
    start, texts, found = _evening(now), _texts("cut"), []
    repaired = start + timedelta(hours=4, minutes=50)
    for number in range(30):
        at = start + timedelta(minutes=60 * rng.random() ** 1.6, seconds=rng.randint(0, 50))
        person = draw_person(rng, _WUJIN)
        told = fill(replace(story, content=texts[number % len(texts)]), person, at, rng)
        wait = (repaired - at).total_seconds() / 60
        channel = rng.choice(("hotline", "hotline", "hotline", "app", "wechat"))
        found.append(make(f"cut{number:02d}", at, person, told, _mass(wait), rng, channel=channel))
    return found


def _mass(minutes: float) -> Fate:
    def fate(story: Story, rng: Random) -> list[Move]:
        head = scripts.ordinary(story, rng)
        replied = [move[1] for move in head].index("reply")
        opening = [
            (rng.uniform(1, 6), *head[0][1:]),
            (rng.uniform(2, 15), *head[1][1:]),
            (rng.uniform(2, 20), *head[2][1:]),
        ]
        spent = sum(move[0] for move in opening)
        news: Move = (rng.uniform(1, 10), "interim", HANDLER, _NEWS)
        chaser: list[Move] = [(40, "chase", CUSTOMER, {"note": "还没好？几点能修好？"})] if rng.random() < 0.3 else []
        return [
            *opening,
            news,
            *chaser,
            (max(30.0, minutes - spent), "reply", HANDLER, head[replied][3]),
            *head[replied + 1 :],
        ]

    return fate


def _right_now(now: datetime, story: Story, rng: Random) -> list[Script]:
    """Eight in the last three quarters of an hour, nobody has had time for them yet."""
    found = []
    for number, text in enumerate(_texts("now")):
        at = now - timedelta(minutes=44 - 5 * number + rng.random() * 3)
        person = draw_person(rng, _XINBEI)
        told = fill(replace(story, content=text), person, at, rng)
        fate = scripts.ordinary if number < 3 else _untouched
        found.append(make(f"now{number}", at, person, told, fate, rng, channel="hotline"))
    return found


def _fixed(moves: list[Move]) -> Fate:
    def fate(story: Story, rng: Random) -> list[Move]:
        return moves

    return fate


def _untouched(story: Story, rng: Random) -> list[Move]:
    return []


def _repeats(now: datetime, rng: Random) -> list[Script]:
    """Ten customers for whom the same thing came back within three weeks."""
    found = []
    for number in range(10):
        person, story = draw_person(rng), draw_story(rng, ("N02", "C01", "N0403", "S0401"))
        first = now - timedelta(days=rng.uniform(9, 20))
        second = first + timedelta(days=rng.uniform(4, 8))
        again = replace(story, content="又来了！上次说处理好了，这才几天：" + story.content)
        for at, told, mark in ((first, story, "a"), (second, again, "b")):
            at = at.replace(hour=rng.randint(1, 11), microsecond=0)
            filled = fill(told, person, at, rng)
            found.append(make(f"rep{number}{mark}", at, person, filled, scripts.ordinary, rng))
    return found


def _twice(now: datetime, rng: Random) -> list[Script]:
    """Four customers who complained by hotline and, impatient, by app: folded into one."""
    found = []
    for number in range(4):
        person, story = draw_person(rng), draw_story(rng, ("N04", "C0301", "N0202"))
        at = (now - timedelta(days=rng.uniform(0.6, 6))).replace(microsecond=0)
        told = fill(story, person, at, rng)
        key = f"two{number}"
        found.append(make(key, at, person, told, scripts.late, rng, channel="hotline"))
        later = at + timedelta(minutes=rng.randint(25, 70))
        why = "同一客户同一事项，热线已登记"
        merge: list[Move] = [(rng.uniform(4, 12), "merge", DISPATCHER, {"into": key, "why": why})]
        second = replace(told, content="刚打过热线，再在APP上登记一遍，怕你们不重视：" + told.content)
        found.append(make(key + "b", later, person, second, _fixed(merge), rng, channel="app"))
    return found


def _pressing(now: datetime, rng: Random) -> list[Script]:
    """Some whose limit runs out within the hour, some long past it."""
    found = []
    for number in range(8):
        hours = 24.0 if number < 5 else 47.6
        found.append(_lying(f"due{number}", now - timedelta(hours=hours - rng.uniform(-0.8, 0.3)), rng))
    for number in range(8):
        found.append(_lying(f"late{number}", now - timedelta(days=rng.uniform(2.6, 5.5)), rng))
    for number in range(10):
        at = now - timedelta(minutes=rng.uniform(1, 170))
        person = draw_person(rng)
        story = fill(draw_story(rng), person, at, rng)
        found.append(make(f"new{number}", at, person, story, scripts.ordinary if number % 2 else _untouched, rng))
    return found


_STANDING: tuple[tuple[str, int, Fate, str], ...] = (
    ("returned", 3, scripts.returned, "return"),
    ("recalled", 2, scripts.recalled, "recall"),
    ("calling", 4, scripts.hard_to_reach, "attempt"),
    ("asked", 3, scripts.unreachable, "ask"),
    ("reopened", 3, scripts.dissatisfied, "revisit"),
    ("waiting", 5, scripts.waiting, "wait"),
    ("replied", 6, scripts.ordinary, "reply"),
    ("handling", 4, scripts.ordinary, "contact"),
    ("received", 3, scripts.ordinary, "receive"),
    ("dispatched", 4, scripts.ordinary, "dispatch"),
    ("accepted", 3, scripts.ordinary, "accept"),
    ("declined", 2, scripts.declined, "decline"),
    ("withdrawn", 2, scripts.withdrawn, "withdraw"),
)
"""Name, how many, which fate, and after which step the present moment finds them."""


def _standing(now: datetime, rng: Random) -> list[Script]:
    """A few in every state at this moment, whatever the hour."""
    found = []
    for name, count, fate, verb in _STANDING:
        for number in range(count):
            found.append(_stopped(f"{name}{number}", now - timedelta(minutes=rng.uniform(3, 110)), fate, verb, rng))
    for number, verb in enumerate(("accept", "contact")):  # information security, in its own queue
        last = now - timedelta(minutes=rng.uniform(3, 40))
        found.append(_stopped(f"security{number}", last, scripts.ordinary, verb, rng, ("S06",)))
    return found


_USUAL = ("N01", "N02", "N04", "C0", "S02")


def _stopped(key: str, last: datetime, fate: Fate, verb: str, rng: Random, kinds: tuple[str, ...] = _USUAL) -> Script:
    """A complaint whose newest step was `verb`, at `last`; of these kinds."""
    person, story = draw_person(rng), draw_story(rng, kinds)
    story = fill(story, person, last, rng)
    moves = fate(story, rng)
    moves = moves[: [move[1] for move in moves].index(verb) + 1]
    at = (last - timedelta(minutes=sum(move[0] for move in moves))).replace(microsecond=0)
    drafted = make(key, at, person, story, _fixed([]), rng)
    return replace(drafted, steps=schedule(at, moves, nights=True))


def _lying(key: str, at: datetime, rng: Random) -> Script:
    person: Person = draw_person(rng)
    story = fill(draw_story(rng, ("N0", "C0", "S02")), person, at, rng)
    return make(key, at.replace(microsecond=0), person, story, scripts.stuck, rng)
