"""What a complaint is probably about, and how pressing, told from words alone: a suggestion with its reasons, never a
decision. The words are the catalog's own (edited in the set-up pages), so whoever adds a keyword changes the suggestion."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import ahocorasick

_NEVER: Final = ("不是", "并非", "并不是", "不存在", "不涉及", "不属于", "无关", "不算", "不要")
"""Before any keyword these say it is not about that."""
_NOT: Final = ("没有", "没", "未", "无", "不", "别")
"""These say so only before a fault: 没有断网 is no fault, 没有信号 is one."""
_FAULTS: Final = frozenset("断慢卡差乱错坏停掉漏泄骗急黑噪")
_WELL: Final = ("正常", "没问题", "没有问题", "恢复了", "已恢复", "好了", "是好的", "都好")
_HALF: Final = 4.0
"""The raw weight that gives a score of one half: about one keyword of three or four characters."""


class Words:
    """Finds all of many words in a text in one pass, however many they are."""

    def __init__(self, words: Iterable[str]) -> None:
        self._single: list[str] = []
        self._longer = ahocorasick.Automaton()
        for word in sorted({word.strip().lower() for word in words} - {""}):
            if len(word) == 1:
                self._single.append(word)
            else:
                self._longer.add_word(word, word)
        self._longer.make_automaton()

    def found(self, text: str) -> list[tuple[int, str]]:
        """(place, word) in order of place. A word inside a longer one found there does not count; `text` is lower case."""
        every = [(end - len(word) + 1, word) for end, word in self._longer.iter(text)] if len(self._longer) else []
        hits, covered, taken = [], -1, -1
        for place, word in sorted(every, key=_longest_first) if len(every) > 1 else every:
            if place != taken and place + len(word) > covered and _stands_alone(text, place, word):
                hits.append((place, word))
                covered, taken = place + len(word), place
        singles = [(text.find(word), word) for word in self._single if word in text]
        return sorted(hits + singles) if singles else hits


class Suggester:
    """Suggests leaves of a tree. Each node is `{"code", "keywords": [words], "weight": number}`."""

    def __init__(self, nodes: Iterable[Mapping[str, Any]]) -> None:
        self._owners: dict[str, list[tuple[str, float]]] = {}
        for node in nodes:
            for word in {str(word).strip().lower() for word in node["keywords"]} - {""}:
                self._owners.setdefault(word, []).append((str(node["code"]), float(node.get("weight", 1.0))))
        self._words = Words(self._owners)

    def suggest(self, text: str, top: int = 3) -> list[tuple[str, float]]:
        """The likeliest codes with scores above 0 and below 1, best first; equal scores in the order of codes.

        Longer words weigh more, a word shared by several leaves is divided among them, a denied word does not count.
        """
        raw: dict[str, float] = {}
        for word in self._told(text.lower()):
            owners = self._owners[word]
            for code, weight in owners:
                raw[code] = raw.get(code, 0.0) + weight * len(word) ** 1.2 / len(owners)
        scored = [(code, round(value / (value + _HALF), 4)) for code, value in raw.items() if value > 0]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:top]

    def _told(self, text: str) -> list[str]:
        """The different words that are said and not denied, in the order they are said."""
        return list(dict.fromkeys(word for place, word in self._words.found(text) if not _denied(text, place, word)))


class Hint(NamedTuple):
    """One sign of urgency or risk: a flag of the case, and the words that raised it."""

    flag: str
    reason: str


_SIGNS: Final = {
    "urgent": (
        "网络瘫痪 全部瘫痪 瘫痪 全部断网 全断网 大面积断网 无法营业 没法营业 营业不了 停工 停产 紧急 加急 "
        "特急 急用 急需 很急 太急 急死 着急 火急 急救 孕妇 临产 病人 独居老人 高考 中考 网考 考试 监控断 "
        "打不了110 打不了120 打不通110 打不通120 救命 人命 触电 起火 着火 冒烟 砸到 砸伤 受伤"
    ),
    "threatens_regulator": (
        "工信部 工信局 工业和信息化部 通信管理局 通管局 信管局 省管局 申诉 消协 消费者协会 消保委 市场监管 "
        "工商局 信访 市长热线 市长信箱 国务院 人大代表 纪委 起诉 法院 律师 法律途径 打官司 12300 12315 12321 "
        "12345 12381 12388 12318 96315"
    ),
    "threatens_exposure": (
        "曝光 找媒体 联系媒体 新闻媒体 媒体记者 记者 电视台 报社 发微博 上微博 发抖音 发到抖音 发小红书 "
        "发快手 网上发 发到网上 发朋友圈 上网发帖 发帖 黑猫投诉 黑猫 315晚会 热搜"
    ),
    "security": (
        "泄露 泄漏 个人信息被 卖我的信息 贩卖信息 倒卖信息 倒卖个人 冒用 冒名 盗用 盗刷 账号被盗 号码被盗 "
        "账号被人 怎么知道我的 身份证被 名下多了 信息卖 拿我身份证 随便看我资料"
    ),
}
_MILD: Final = (*_NOT, "不太", "不是很", "不想", "不用")
_FLAG: Final = {word.lower(): flag for flag, words in _SIGNS.items() for word in words.split()}
_SIGN_WORDS: Final = Words(_FLAG)


def urgency_hint(text: str) -> list[Hint]:
    """Signs in a text: flags `urgent`, `threatens_regulator`, `threatens_exposure`, `security`, each at most once, with
    the words found, joined by 、. Denied ones (不急, 没有泄露) do not count. Empty for an ordinary complaint."""
    lowered = text.lower()
    found = _SIGN_WORDS.found(lowered)
    if not found:
        return []
    reasons: dict[str, dict[str, None]] = {}
    for place, word in found:
        if not lowered[max(0, place - 3) : place].endswith(_MILD) and not _denied(lowered, place, word):
            reasons.setdefault(_FLAG[word], {})[word] = None
    return [Hint(flag, "、".join(reasons[flag])) for flag in _SIGNS if flag in reasons]


def _longest_first(hit: tuple[int, str]) -> tuple[int, int]:
    return hit[0], -len(hit[1])


def _stands_alone(text: str, place: int, word: str) -> bool:
    """English words and numbers are not found inside longer ones: SP in DISPLAY, 12345 in 123456."""
    if not word.isascii():
        return True
    before = text[place - 1] if place else " "
    after = text[place + len(word) : place + len(word) + 1] or " "
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _denied(text: str, place: int, word: str) -> bool:
    """Is the word denied right before (不是宽带问题) or said to be in order right behind (宽带正常)?"""
    before = text[max(0, place - 4) : place]
    if before.endswith(_NEVER) or before[:-1].endswith(_NEVER):
        return True
    if before.endswith(_NOT) and not _FAULTS.isdisjoint(word):
        return True
    return text.startswith(_WELL, place + len(word)) or text.startswith(_WELL, place + len(word) + 1)
