"""Made-up complaint sentences with every personal number marked, to measure the finder with: the same for the same seed.

Spellings are collected from how people write (`spots`), hard negatives from what stands in complaints beside them
(`decoys`). The same hand wrote finder and sentences, so a stranger's file (`--cases`) tells more. No number belongs to
anybody on purpose.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bihuan.text.decoys import NEGATIVE
from bihuan.text.spots import POSITIVE, Spot

_STORIES: Final = (
    "家里宽带从昨天晚上开始一直断网，光猫亮红灯",
    "手机在地下车库完全没有信号，电话打不通",
    "上个月套餐外流量扣费不合理，要求退费",
    "装维师傅约好上午来，等到下午三点也没有人来",
    "客服态度很差，讲到一半就挂了电话",
    "小区停电以后网络就没有恢复过，孩子要上网课",
    "5G 套餐办了以后网速反而慢，测速只有 20 兆",
    "合约到期了还在扣月租，打了三次客服都没有结果",
    "刷视频一直转圈，晚上七八点最严重",
    "营业厅说可以携号转网，去了又说办不了",
    "IPTV 画面卡顿，遥控器也没反应",
    "收不到银行验证码，很着急",
)
_PIECES: Final = re.compile(r"\{[^}]*\}|[^{]+")
_JOINS: Final = ("，", "。", "；", " ", "\n", "，另外", "。请记录：", "！")


@dataclass(frozen=True)
class Sentence:
    """One text and its marks: (start, end, kind)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def sentences(count: int = 2400, seed: int = 20) -> Iterator[Sentence]:
    """`count` sentences, about two fifths of their slots hard negatives, every kind and spelling many times."""
    rng = random.Random(seed)  # noqa: S311
    for number in range(count):
        makers = [POSITIVE[number % len(POSITIVE)]] if number % 5 else []
        makers += [rng.choice(POSITIVE)] if rng.random() < 0.3 else []
        makers += [rng.choice(NEGATIVE) for _ in range(rng.choice((0, 1, 1, 2)))]
        rng.shuffle(makers)
        yield _compose(rng, [maker(rng) for maker in makers])


def _compose(rng: random.Random, spots: list[Spot]) -> Sentence:
    text, spans = "", []
    parts: list[Spot] = [(rng.choice(_STORIES), "")]
    for spot in spots:
        parts.insert(rng.randint(0, len(parts)), spot)
    for place, (words, kind) in enumerate(parts):
        if place:
            text += rng.choice(_JOINS)
        for piece in _PIECES.findall(words):
            if piece.startswith("{") and kind:
                spans.append((len(text), len(text) + len(piece) - 2, kind))
            text += piece.strip("{}")
    return Sentence(text, tuple(spans))
