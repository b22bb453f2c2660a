"""What an article may say, how placeholders are filled, which articles fit a case best. Pure."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.text import personal
from bihuan.text.likeness import Signature, signature, similarity

PLACEHOLDERS: Final = (
    "客户称呼",
    "工单号",
    "处理人",
    "处理部门",
    "承诺时间",
    "登记时间",
    "今天",
    "产品",
    "分类",
    "地区",
)
"""What may stand in braces in an article; filled in from the case when a text module is put into a reply."""
_PLACEHOLDER: Final = re.compile(r"\{([^{}\n]{1,20})\}")
MOST_TITLE, MOST_BODY = 80, 8000
_CLASS: Final = 2.5
"""Weight of the class: what was written for exactly this class comes before what only sounds alike."""
_NEAR: Final = 0.12
"""Shared pairs from which on a text of another class is worth offering."""


@dataclass(frozen=True)
class Told:
    """What a version says: codes of classes, products and channels; plain text."""

    title: str
    body: str
    shortcut: str = ""
    categories: Sequence[str] = ()
    products: Sequence[str] = ()
    channels: Sequence[str] = ()
    note: str = ""


def check(told: Told) -> None:
    """Refuse what is empty, too long, names an unknown placeholder or holds a person's number."""
    if not told.title.strip():
        raise RuleError("article.title", _("请填写标题。"), field="title")
    if not told.body.strip():
        raise RuleError("article.body", _("请填写正文。"), field="body")
    if len(told.title) > MOST_TITLE or len(told.body) > MOST_BODY:
        raise RuleError("article.long", _("标题最多 80 字，正文最多 8000 字，请缩短。"), field="body")
    strange = [name for name in _PLACEHOLDER.findall(told.body) if name not in PLACEHOLDERS]
    if strange:
        known = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
        message = _("不认识占位符 {%(name)s}。可用的有：%(known)s") % {"name": strange[0], "known": known}
        raise RuleError("article.placeholder", message, field="body")
    for name in ("title", "body"):
        text = getattr(told, name)
        if personal.find(text) or personal.TOKEN.search(text):
            message = _("这里有个人号码。知识对所有人可见，请删去号码或改成“客户号码”这样的说法。")
            raise RuleError("article.personal", message, field=name)


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with what is known put in; a placeholder without a value stays and is seen to be filled by hand."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], body)


@dataclass(frozen=True)
class Reading:
    """A published article as it lies ready: what ranking and panels need, nothing read from the database any more."""

    id: int
    kind: str
    version: int
    title: str
    body: str
    shortcut: str
    categories: frozenset[str]
    channels: frozenset[str]
    owner_id: int
    initials: str = ""
    uses: int = 0
    helpful: int = 0
    outdated: int = 0
    said: Signature = field(default_factory=frozenset)


def score(article: Reading, categories: Sequence[str], said: Signature) -> float:
    """How well it fits: class (the nearer the better), likeness of words, then use and what readers said. 0: not at all.

    `categories` are the case's phenomenon codes from the top down.
    """
    depth = max((place for place, code in enumerate(categories, 1) if code in article.categories), default=0)
    near = similarity(said, article.said) if said else 0.0
    if not depth and near < _NEAR:
        return 0.0
    liked = 0.15 * math.log1p(article.uses) + 0.1 * article.helpful - 0.3 * article.outdated
    return round(_CLASS * depth / max(len(categories), 1) + 2 * near + max(-0.5, min(0.5, liked)), 4)


def ranked(
    articles: Iterable[Reading],
    categories: Sequence[str],
    text: str,
    *,
    channel: str = "",
    kinds: Collection[str] = (),
    top: int = 5,
) -> list[tuple[Reading, float]]:
    """The fitting articles, best first, with their scores. `channel` leaves out what is meant for others."""
    said = signature(text) if text else frozenset()
    found = []
    for one in articles:
        if (kinds and one.kind not in kinds) or (channel and one.channels and channel not in one.channels):
            continue
        points = score(one, categories, said)
        if points > 0:
            found.append((one, points))
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))[:top]


_TOKEN_WORDS: Final = {
    "P": "（客户号码）", "I": "（证件号）", "A": "（客户账号）", "B": "（银行卡）", "E": "（邮箱）", "W": "（微信号）",
    "Q": "（QQ 号）", "D": "（证件号）",
}  # fmt: skip
_CALLED: Final = re.compile(r"[\u4e00-\u9fff](?=先生|女士|小姐|阿姨|大爷|师傅)(?<![一位名的该])")
_HOUSE: Final = re.compile(r"[\dA-Za-z一二三四五六七八九十]+(?:-\d+)*\s*(号楼|幢|栋|单元|室|楼|层|户)")
_CASE_NUMBER: Final = re.compile(r"TS\d{6}-\d{5,12}")


def without_person(text: str, names: Iterable[str] = ()) -> str:
    """A case's text fit for everyone's eyes: tokens and numbers become words, `names`, forms of address, house and case
    numbers go."""
    told = personal.TOKEN.sub(lambda found: _TOKEN_WORDS[found[1]], text)
    for name in sorted((name for name in names if len(name) > 1), key=len, reverse=True):
        told = told.replace(name, "某某")
    told = _CASE_NUMBER.sub("（工单号）", told)
    told = _CALLED.sub("某", told)
    told = _HOUSE.sub(r"某\1", told)
    for _pass in range(3):  # a number taken out may let its neighbour be read for what it is
        found = personal.find(told)
        if not found:
            break
        for one in reversed(found):
            told = told[: one.start] + _TOKEN_WORDS[personal.LETTERS[one.kind]] + told[one.end :]
    return told
