"""Personal numbers in free text: found in every spelling people use, replaced by vault tokens before anything is stored.

Wrongly hidden text costs little (authorised staff reveal it), a leaked number cannot be taken back: in doubt a number is
hidden, unless the text names it as an order, a device, a date or an amount. Hotlines and senders of text messages
(10000, 12345, 400-…, 1065…) are nobody's and stay.
"""

import re
from collections.abc import Callable, Collection
from typing import Final, NamedTuple

from bihuan.text import digits
from bihuan.text.handles import handles
from bihuan.text.labels import OTHER, Labels

LETTERS: Final = {
    "phone": "P",
    "identity": "I",
    "account": "A",
    "bank_card": "B",
    "email": "E",
    "wechat": "W",
    "qq": "Q",
    "passport": "D",
}
"""Kinds of personal data and the letter their tokens carry."""
TOKEN: Final = re.compile(r"⟦([PIABEWQD])([1-9]\d{0,5})⟧", re.ASCII)
"""A token in a stored text: `⟦P1⟧` is the case's first phone number."""
KINDS: Final = {letter: kind for kind, letter in LETTERS.items()}

_BRACKETS: Final = str.maketrans("⟦⟧", "[]")
_ANY: Final = r"\dA-Za-z@＠Ａ-Ｚａ-ｚ零〇○一二三四五六七八九幺两兩壹贰貳叁肆伍陆陸柒捌玖①-⑨"
_WORTH_A_LOOK: Final = re.compile(
    rf"[{_ANY}][^{_ANY}\u4e00-\u9fff]{{0,3}}[{_ANY}][^{_ANY}\u4e00-\u9fff]{{0,3}}[{_ANY}][^{_ANY}\u4e00-\u9fff]{{0,3}}[{_ANY}]"
)
_UNIT: Final = re.compile(
    r"\s*(?:元|块|万|亿|兆|[MmGgKkTt](?:[Bb]|bps)?(?![A-Za-z])|%|％|年|月|天|小时|分钟|秒|次|个|台|米|公里|平|积分|分(?!机)|条|号楼|人)"
)
_EXTENSION: Final = re.compile(r"\s*(?:转|分机|ext\.?)\s*(?:分机)?\s*[:：]?\s*\d{1,6}", re.IGNORECASE)
_AND: Final = re.compile(r"\s*(?:[(（][^()（）\d]{1,8}[)）])?\s*(?:[/／、,，;；]|和|或者?|及)\s*")
_MISTYPED_REST: Final = re.compile(r"[XxＸｘ×]?\d{0,2}")
_LONGEST: Final = 24
_SIZES: Final = {
    "phone": (7, 13),
    "identity": (14, 20),
    "bank_card": (12, 20),
    "account": (5, 24),
    "qq": (5, 12),
    "wechat": (6, 20),
    "passport": (7, 10),
}
"""Digits a number may have when a word names it so, mistyped ones included."""


class Found(NamedTuple):
    """One piece of personal data: `text[start:end]` as written, `value` as it is dialled or typed."""

    kind: str
    start: int
    end: int
    value: str


def find(text: str) -> list[Found]:
    """All personal data in a text, in order, never overlapping. Kinds are the keys of `LETTERS`."""
    if not _WORTH_A_LOOK.search(text):
        return []
    labels = Labels(text)
    found = [Found(*item) for item in handles(text, labels)]
    previous: Found | None = None
    for match in digits.RUN.finditer(text):
        read = _Reader(text, labels, match.start(), match[0], previous).read()
        previous = read[-1] if read else None
        found += read
    return _apart(found, text)


def harmless(text: str) -> bool:
    """True when `replace` would leave the text as it is, told at a glance; False when it has to be read."""
    return not ("⟦" in text or "⟧" in text or _WORTH_A_LOOK.search(text))


def replace(
    text: str, next_token: Callable[[str], str], keep: Collection[str] = ()
) -> tuple[str, list[tuple[str, str, str]]]:
    """The text with tokens instead of personal data, and what they stand for: [(token, kind, value)].

    `next_token(kind)` hands out a fresh token; a value named twice in the text gets one token. Anything that looks like a
    token already is made plain (`[P1]`), so nobody can write himself a token; those in `keep` (of the same case) stay.
    """
    pieces: list[str] = []
    known: dict[tuple[str, str], str] = {}
    done = 0
    for item in find(text):
        key = (item.kind, item.value)
        if key not in known:
            known[key] = next_token(item.kind)
        pieces += [_plain(text[done : item.start], keep), known[key]]
        done = item.end
    pieces.append(_plain(text[done:], keep))
    return "".join(pieces), [(token, kind, value) for (kind, value), token in known.items()]


def numbering(used: Collection[str] = ()) -> Callable[[str], str]:
    """A `next_token` that counts on per kind from the tokens a case has `used` already: ⟦P1⟧, ⟦P2⟧, ⟦I1⟧ …"""
    last = dict.fromkeys(LETTERS.values(), 0)
    for token in used:
        match = TOKEN.fullmatch(token)
        if match:
            last[match[1]] = max(last[match[1]], int(match[2]))

    def next_token(kind: str) -> str:
        letter = LETTERS[kind]
        last[letter] += 1
        return f"⟦{letter}{last[letter]}⟧"

    return next_token


def _plain(text: str, keep: Collection[str]) -> str:
    if "⟦" not in text and "⟧" not in text:
        return text
    if not keep:
        return text.translate(_BRACKETS)
    pieces, done = [], 0
    for match in TOKEN.finditer(text):
        if match[0] in keep:
            pieces += [text[done : match.start()].translate(_BRACKETS), match[0]]
            done = match.end()
    return "".join(pieces) + text[done:].translate(_BRACKETS)


def _apart(found: list[Found], text: str) -> list[Found]:
    """Without overlaps: the earlier and longer one stays, drawn out over whatever crosses its end."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
        elif item.end > kept[-1].end:
            first = kept.pop()
            kept.append(Found(first.kind, first.start, item.end, text[first.start : item.end]))
    return kept


class _Reader:
    """Reads one run of digits from left to right; what is named decides where shape alone cannot."""

    def __init__(self, text: str, labels: Labels, base: int, raw: str, previous: Found | None) -> None:
        self.text, self.labels, self.base, self.previous = text, labels, base, previous
        self.run = digits.Run(raw)
        self.read_up_to = -1

    def read(self) -> list[Found]:
        """Everything personal in the run."""
        found = []
        group = 0
        while group < len(self.run.digits):
            company = digits.hotline_ends(self.run, group)
            hit = self._at(group) if company is None else None
            if hit:
                self.previous = self._placed(hit)
                found.append(self.previous)
                self.read_up_to = hit.last
            group = (hit.last if hit else group if company is None else company) + 1
        return found

    def _at(self, group: int) -> digits.Hit | None:
        """What begins at this group, if anything personal does."""
        start = self.base + self.run.starts[group]
        if self.labels.named_other(start):
            return None
        kind = self.labels.before(start)
        paper = digits.identity(self.run, group)
        if paper and (paper[1] or kind != OTHER):
            return paper[0]
        hit = digits.mobile(self.run, group, self._goes_on(group), kind == "phone") or digits.landline(self.run, group)
        if hit is None and start and self.text[start - 1] in "+＋":
            hit = digits.foreign(self.run, group)
        if hit is None and kind != "identity":
            hit = digits.bank_card(self.run, group, kind == "bank_card")
        return hit or self._named(group, kind) or self._second(group, start)

    def _goes_on(self, group: int) -> bool:
        """Does an unread group stand right before, parted like the ones that follow?"""
        if group == 0 or self.read_up_to == group - 1:
            return False
        before, after = self.run.gap(group - 1).replace("~", ""), self.run.gap(group).replace("~", "")
        return before == after and before != " "

    def _named(self, group: int, kind: str) -> digits.Hit | None:
        """A number of no telling shape that a word before or behind it names."""
        for last in self._ends(group):
            number = "".join(self.run.digits[group : last + 1])
            end = self.base + self.run.ends[last]
            said = kind if kind and kind != OTHER else self.labels.after(end, len(number))
            if said not in _SIZES or not self._fits(said, number, group, last, end):
                continue
            with_x = said == "identity" and self.run.x_at >= 0 and last == len(self.run.digits) - 1
            return self.run.hit(said, number + "X" * with_x, group, last, with_x)
        return None

    def _ends(self, group: int) -> list[int]:
        """Where the number may end, longest first: groups of three or more parted alike, then the group alone."""
        last, total = group, len(self.run.digits[group])
        while last + 1 < len(self.run.digits) and self.run.gap(last) in (" ", "-", ""):
            size = len(self.run.digits[last + 1])
            if size < 3 or total + size > _LONGEST:
                break
            last, total = last + 1, total + size
        if last > group and len(self.run.digits[group]) >= 3 and len(self.run.gaps(group, last)) == 1:
            return [last, group]
        return [group]

    def _fits(self, kind: str, number: str, group: int, last: int, end: int) -> bool:
        least, most = _SIZES[kind]
        if not least <= len(number) <= most or _UNIT.match(self.text, end):
            return False
        if len(number) < 14 and digits.is_hotline(number):
            return False
        if digits.is_date(number) and (kind != "phone" or len(number) == 8):
            return False
        if kind == "phone" and last > group and self.run.shape(group, last) not in ((4, 4), (3, 4), (4, 3)):
            return False
        if kind == "phone" and len(number) in (7, 8) and number[0] in "019":
            return False
        return not (last == group and self._decimal(group))

    def _decimal(self, group: int) -> bool:
        """Is the group part of a decimal, a version, an address of a network, a grouped amount?"""
        before, after = self.run.gap(group - 1) if group else "", self.run.gap(group)
        cents = "." in after and len(self.run.digits[group + 1]) < 4
        return "." in before or cents or (("," in before or "," in after) and len(self.run.digits[group]) < 7)

    def _second(self, group: int, start: int) -> digits.Hit | None:
        """`0519-88881234、88885678`: the second of two lines is named by the first."""
        if (
            self.previous is None
            or self.previous.kind != "phone"
            or not _AND.fullmatch(self.text, self.previous.end, start)
        ):
            return None
        number = self.run.digits[group]
        if len(number) in (7, 8) and number[0] in "2345678" and not digits.is_date(number):
            return self.run.hit("phone", number, group, group)
        return None

    def _placed(self, hit: digits.Hit) -> Found:
        """The hit in the whole text, with the +, the opening bracket and the extension that belong to it."""
        start, end, value = self.base + hit.start, self.base + hit.end, hit.value
        if hit.kind == "phone":
            if start and self.text[start - 1] in "+＋":
                start -= 1
            if start and self.text[start - 1] in "(（" and ")" in self.run.norm[hit.start : hit.end]:
                start -= 1
            extension = _EXTENSION.match(self.text, end)
            if extension and value.startswith("0"):
                end = extension.end()
                value += "-" + re.sub(r"\D", "", extension[0])
        elif hit.kind == "identity":
            rest = _MISTYPED_REST.match(self.text, end)
            end = rest.end() if rest else end
        return Found(hit.kind, start, end, value)
