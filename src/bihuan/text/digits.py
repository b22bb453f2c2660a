"""Numbers as people write them: full-width, in Chinese words, in keycaps, in groups; told apart by shape alone.

A run is a stretch of digits and separators of a text, in ASCII (`1一１①` all become `1`), cut into groups of digits.
The recognisers look at consecutive groups from one on and say what they are. They know no words.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DIGIT: Final = r"[\d零〇○一二三四五六七八九幺两兩壹贰貳叁肆伍陆陸柒捌玖①-⑨⓪]"
_BETWEEN: Final = r"[ \t\u00a0\u2002-\u200d\u2060\u3000\ufe0f\u20e3\-－‐-―─_.．·•,，、/／()（）杠]"
RUN: Final = re.compile(f"{_DIGIT}(?:{_BETWEEN}{{0,3}}{_DIGIT}){{4,}}(?:{_BETWEEN}?[XxＸｘ×](?![A-Za-z0-9]))?")
"""Five digits or more, however parted."""


class _Ascii(dict[int, str]):
    """What each character of a run becomes; other scripts' digits are looked up once."""

    def __missing__(self, code: int) -> str:
        value = unicodedata.digit(chr(code), -1)
        char = str(value) if value >= 0 else chr(code)
        self[code] = char
        return char


_TO_ASCII: Final = _Ascii(
    {
        **{ord(c): str(n) for n, c in enumerate("零一二三四五六七八九")},
        **{ord(c): str(n) for n, c in enumerate("○壹贰叁肆伍陆柒捌玖")},
        **{ord(c): d for c, d in zip("〇幺两兩貳陸⓪", "0122260", strict=True)},
        **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufe0f\u20e3"), "~"),
        **dict.fromkeys(map(ord, "\t\u00a0\u3000"), " "),
        **dict.fromkeys(range(0x2002, 0x200B), " "),
        **dict.fromkeys(map(ord, "－─_杠"), "-"),
        **dict.fromkeys(range(0x2010, 0x2016), "-"),
        **dict.fromkeys(map(ord, "．·•"), "."),
        **dict.fromkeys(map(ord, "，、"), ","),
        **dict(zip(map(ord, "／（）Ｘｘ×"), "/()XXX", strict=True)),
    }
)
_GROUP: Final = re.compile(r"[0-9](?:~{0,3}[0-9])*")
_AREA: Final = r"(?:10|2[0-57-9]|3[1-9]\d|4[1-8]\d|5[1-9]\d|6[369]\d|7\d\d|8[1-9]\d|9\d\d)"
_MOBILE: Final = re.compile(r"(?:0{0,2}860?|0|179\d\d|125\d\d)?(1[3-9]\d{9})")
_LANDLINE: Final = re.compile(rf"(?:0{{0,2}}86)?(0{_AREA})([2-9]\d{{6,7}})|(?:0{{0,2}}86)({_AREA})([2-9]\d{{6,7}})")
_HOTLINE: Final = re.compile(r"[48]00\d{7}|9[56]\d{3,4}|1[0-2]\d{1,3}|10[06]\d{3,15}")
_DATE: Final = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])(?:[0-5]\d){0,2})?"
)
_CARD: Final = re.compile(r"(?:62|60|69|4|5[1-5]|35|37|9558|9559)\d+")
_BIRTH: Final = re.compile(r"(?:1[89]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BIRTH_OLD: Final = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_PROVINCES: Final = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83, 91]
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PHONE_SHAPES: Final = frozenset(
    [(3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (5, 6), (6, 5), (3, 5, 3), (3, 2, 2, 2, 2)]
    + [(3, 3, 3, 2), (3, 4, 2, 2), (3, 2, 2, 4), (3, 2, 4, 2), (3, 2, 3, 3), (3, 3, 2, 3)]
)


@dataclass(frozen=True)
class Hit:
    """A number recognised in a run: its kind, plain value, place in the run and last group."""

    kind: str
    value: str
    start: int
    end: int
    last: int


class Run:
    """One stretch of digits, cut into groups. Offsets are those of the original stretch."""

    def __init__(self, raw: str) -> None:
        self.norm = raw if raw.isascii() else raw.translate(_TO_ASCII)
        self.digits: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _GROUP.finditer(self.norm):
            self.digits.append(match[0].replace("~", ""))
            self.starts.append(match.start())
            self.ends.append(match.end())
        self.x_at = len(self.norm) if self.norm[-1] in "Xx" else -1

    def gap(self, place: int) -> str:
        """The separators between group `place` and the next; `~` stands for what is not seen."""
        return self.norm[self.ends[place] : self.starts[place + 1]] if place + 1 < len(self.digits) else ""

    def joins(self, first: int, at_most: int) -> Iterator[tuple[int, str]]:
        """(last group, digits together) from `first` on, while no more than `at_most` digits come together."""
        together = ""
        for last in range(first, len(self.digits)):
            together += self.digits[last]
            if len(together) > at_most:
                return
            yield last, together

    def shape(self, first: int, last: int) -> tuple[int, ...]:
        """Digits in each group."""
        return tuple(map(len, self.digits[first : last + 1]))

    def gaps(self, first: int, last: int) -> set[str]:
        """The different separators between the groups, blanks and unseen ones aside."""
        return {self.gap(k).replace("~", "").strip() or " " for k in range(first, last)}

    def hit(self, kind: str, value: str, first: int, last: int, with_x: bool = False) -> Hit:
        """A Hit over whole groups."""
        return Hit(kind, value, self.starts[first], self.x_at if with_x else self.ends[last], last)


def mobile(run: Run, first: int, follows: bool, named: bool) -> Hit | None:
    """A mobile number with or without 86, 0086, 0 or an IP prefix. `follows`: an unread group stands right before;
    `named`: the words before call it a phone, so that it may be parted anyhow."""
    for last, together in run.joins(first, 16):
        match = _MOBILE.fullmatch(together)
        if not match:
            continue
        shape = list(run.shape(first, last))
        lead = match.start(1)
        while lead:
            cut = min(lead, shape[0])
            shape[0] -= cut
            lead -= cut
            if not shape[0]:
                shape.pop(0)
        inner = last - len(shape) + 1
        gaps = run.gaps(inner, last)
        if len(shape) == 1 or (named and gaps <= {" ", "-"}) or _spoken(tuple(shape), gaps, follows and inner == first):
            return run.hit("phone", match[1], inner if together[0] == "1" else first, last)
    return None


def _spoken(shape: tuple[int, ...], gaps: set[str], follows: bool) -> bool:
    """Is a number parted like this one number? Not when it goes on from a group before, or mixes separators."""
    if follows or "/" in gaps:
        return False
    if shape == (3, 4, 4):
        return True
    if len(gaps) > 1 or gaps & {",", "."}:
        return False
    return shape in _PHONE_SHAPES or (len(shape) >= 6 and max(shape) <= 2)


def foreign(run: Run, first: int) -> Hit | None:
    """A number behind a plus sign: nine to fifteen digits in groups."""
    best = None
    for last, together in run.joins(first, 15):
        if run.gaps(first, last) - {" ", "-", "(", ")"}:
            break
        if len(together) >= 9 and together[0] != "0":
            best = run.hit("phone", "+" + together, first, last)
    return best


def landline(run: Run, first: int) -> Hit | None:
    """A fixed line with its area code, its extension included: `0519-88881234-801`, `(010) 8888 1234`."""
    for last, together in run.joins(first, 16):
        match = _LANDLINE.fullmatch(together)
        if not match or not _dialled(run, first, last, together, match):
            continue
        value = f"{match[1] or '0' + match[3]}-{match[2] or match[4]}"
        if last + 1 < len(run.digits) and run.gap(last) == "-" and 2 <= len(run.digits[last + 1]) <= 5:
            last += 1
            value += f"-{run.digits[last]}"
        return run.hit("phone", value, first, last)
    return None


def _dialled(run: Run, first: int, last: int, together: str, match: re.Match[str]) -> bool:
    """Are the groups parted behind the area code, or not at all?"""
    if first == last:
        return True
    gaps = run.gaps(first, last)
    if gaps & {",", "/", "."} and gaps not in ({"."}, {"/"}):
        return False
    edges, total = set(), 0
    for size in run.shape(first, last):
        total += size
        edges.add(total)
    local = match.start(2) if match[2] else match.start(4)
    return local in edges and all(size >= 2 for size in run.shape(first, last))


def identity(run: Run, first: int) -> tuple[Hit, bool] | None:
    """An identity number by its structure, 18 or the old 15 digits: (hit, its check digit is right)."""
    for last, together in run.joins(first, 18):
        with_x = run.x_at >= 0 and last == len(run.digits) - 1
        number = together + "X" if with_x and len(together) == 17 else together
        if len(number) == 18 and int(number[:2]) in _PROVINCES and _BIRTH.fullmatch(number, 6, 14):
            return run.hit("identity", number, first, last, with_x=len(together) == 17), checksum_holds(number)
        if (
            len(number) == 15
            and int(number[:2]) in _PROVINCES
            and _BIRTH_OLD.fullmatch(number, 6, 12)
            and first == last
        ):
            return run.hit("identity", number, first, last), True
    return None


def checksum_holds(number: str) -> bool:
    """The last place of an 18-digit identity number follows from the others (GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def bank_card(run: Run, first: int, named: bool) -> Hit | None:
    """A bank card: named so any 15 to 19 digits, otherwise 16 to 19 of a card's beginning that pass the Luhn check."""
    best = None
    for last, together in run.joins(first, 19):
        if len(together) < 15 or not _in_fours(run.shape(first, last)) or run.gaps(first, last) & {",", "/"}:
            continue
        if named or (len(together) > 15 and _CARD.fullmatch(together) and luhn_holds(together)):
            best = run.hit("bank_card", together, first, last)
    return best


def _in_fours(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 or all(size == 4 for size in shape[:-1]) or (len(shape) == 2 and shape[0] == 6)


def luhn_holds(number: str) -> bool:
    """The check digit of cards (ISO/IEC 7812)."""
    odd = sum(map(int, number[-1::-2]))
    return (odd + sum(sum(divmod(2 * int(d), 10)) for d in number[-2::-2])) % 10 == 0


def is_hotline(number: str) -> bool:
    """A number of a company or an authority (10000, 12345, 95598, 400-…), or a sender of text messages (1065…)."""
    return bool(_HOTLINE.fullmatch(number))


def hotline_ends(run: Run, first: int) -> int | None:
    """The last group of a 400 or 800 number written in groups (`400-828-1234`), or None."""
    if run.digits[first][:3] not in ("400", "800") or len(run.digits[first]) not in (3, 4, 7, 10):
        return None
    return next((last for last, together in run.joins(first, 10) if len(together) == 10), None)


def is_date(number: str) -> bool:
    """A day, perhaps with a time, written without separators."""
    return bool(_DATE.fullmatch(number))
