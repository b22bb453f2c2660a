"""What a screen shows of personal data when nothing was revealed: masks, one pure function a kind.

Every function takes any text (nonsense included) and never raises. None shows more characters than `SHOWN_AT_MOST`
says for its kind: digits hidden stay hidden however strange the input is.
"""

import re
from collections.abc import Callable
from typing import Final

STAR: Final = "*"
HIDDEN: Final = "****"
SHOWN_AT_MOST: Final = {
    "name": 4,
    "phone": 7,
    "identity": 7,
    "passport": 4,
    "account": 6,
    "bank_card": 4,
    "email": 41,
    "wechat": 3,
    "qq": 3,
    "address": 30,
}
"""Characters of the original a mask may show; the e-mail's 41 are one letter and the mail provider's name."""

_COMPOUND: Final = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛司徒东方皇甫尉迟公孙令狐慕容长孙宇文夏侯轩辕端木百里呼延南宫独孤太史申屠公羊澹台"
        "濮阳淳于单于闻人赫连钟离鲜于闾丘拓跋西门第五万俟仲孙纳兰",
    )
)
_TITLES: Final = ("先生", "女士", "小姐", "太太", "老师", "师傅", "同志")
_TWO_DIGIT_COUNTRIES: Final = frozenset(
    re.findall("..", "2027303132333436394041434445464748495152535455565758606162636465668182848690919293949598")
)
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_DIGITS: Final = re.compile(r"\d")
_FULL_WIDTH: Final = {**{0xFF10 + n: str(n) for n in range(10)}, 0xFF0B: "+", 0xFF20: "@", 0x3000: " "}
_LEVELS: Final = re.compile(r"省|自治区|市|区|县|旗|镇|乡|街道|村|大道|大街|路|街|巷|弄|胡同")
_NUMBERED: Final = re.compile(
    r"[\d#＃A-Za-z]|[零〇一二三四五六七八九十百]+\s*(?:号|栋|幢|座|室|单元|楼|层|组|弄|期|区|村民)"
)


def name(value: str) -> str:
    """`张三` → `张*`, `欧阳修文` → `欧阳**`, `王先生` stays, `John Smith` → `J*** S***`; nothing in, nothing out."""
    text = value.strip()
    if not text:
        return ""
    if _LATIN.search(text):
        return " ".join(part[0] + "***" for part in text.split()[:3])
    title = ""
    if text.endswith(_TITLES):
        title = next((t for t in _TITLES if text.endswith(t) and len(text) > len(t)), "")
    body = text[: len(text) - len(title)] if title else text
    surname = body[:2] if body[:2] in _COMPOUND else body[:1]
    if title:
        return surname + STAR * min(len(body) - len(surname), 2) + title if len(surname) == 1 else surname + title
    return surname + STAR * max(1, min(len(body) - len(surname), 2))


def phone(value: str) -> str:
    """`13812341234` → `138****1234`, `0519-88881234` → `0519-****1234`, `+44 20 7946 0958` → `+44****0958`.

    A local number without area code shows its last digits only; an extension is hidden.
    """
    if len(value) == 11 and value[0] == "1" and value.isascii() and value.isdigit():
        return value[:3] + HIDDEN + value[7:]  # nearly all of them, told in a tenth of the time
    if len(value) in (11, 12) and value[0] == "0" and value[1] != "0" and value.isascii() and value.isdigit():
        return _landline(value)
    text = value.strip().translate(_FULL_WIDTH)
    main = re.split(r"转|分机|ext|#|,|，", text, maxsplit=1)[0]
    digits = "".join(_ascii_digit(char) for char in _DIGITS.findall(main))
    if not digits:
        return HIDDEN if text else ""
    abroad = main.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    if digits.startswith("86") and (abroad or len(digits) == 13):
        digits, abroad = _home(digits[2:]), False
    if abroad:
        return _foreign(digits)
    if len(digits) == 11 and digits[0] == "1":
        return digits[:3] + HIDDEN + digits[7:]
    if digits[0] == "0" and len(digits) >= 10:
        return _landline(digits)
    return HIDDEN + _tail(digits)


def identity(value: str) -> str:
    """`320404199001011234` → `320***********1234`; 15 digits alike; anything shorter shows a third at most."""
    return _ends(_bare(value), 3, 4)


def passport(value: str) -> str:
    """`E12345678` → `E*****678`: the letter and the last three."""
    return _ends(_bare(value), 1, 3)


def account(value: str) -> str:
    """`051988881234` → `05******1234`; of `cz123456@163.gd` only the part before `@` counts."""
    return _ends(_bare(value.split("@", 1)[0] or value), 2, 4)


def bank_card(value: str) -> str:
    """`6222021234567890` → `**** 7890`: the last four only."""
    text = _bare(value)
    return f"{HIDDEN} {_tail(text)}".rstrip() if text else ""


def email(value: str) -> str:
    """`zhang.san@example.com` → `z***@example.com`; a text without `@`, or with an over-long provider, is hidden."""
    text = value.strip().translate(_FULL_WIDTH)
    local, at, host = text.rpartition("@")
    if not at or not local or len(host) > 40 or "@" in local:
        return HIDDEN if text else ""
    return (local[0] if len(local) > 1 else "") + "***@" + host


def handle(value: str) -> str:
    """A WeChat or QQ name: `zhangsan_88` → `z***88`."""
    text = _bare(value)
    return _ends(text, 1, 2, stars=3)


def address(value: str) -> str:
    """Kept up to the district, road or village before the first number: `常州市天宁区和平路123号` → `常州市天宁区和平路****`."""
    text = value.strip()
    if not text:
        return ""
    numbered = _NUMBERED.search(text)
    head = text[: numbered.start()] if numbered else text
    kept = 0
    for level in _LEVELS.finditer(head[:30]):
        kept = level.end()
    return head[:kept] + HIDDEN


_BY_KIND: Final[dict[str, Callable[[str], str]]] = {
    "name": name,
    "phone": phone,
    "identity": identity,
    "passport": passport,
    "account": account,
    "bank_card": bank_card,
    "email": email,
    "wechat": handle,
    "qq": handle,
    "address": address,
}


def mask(kind: str, value: str) -> str:
    """The mask of a `kind` (a key of `SHOWN_AT_MOST`); a kind unknown here is hidden altogether."""
    if not value.strip():
        return ""
    return _BY_KIND.get(kind, _hidden)(value)


def _hidden(_value: str) -> str:
    return HIDDEN


def _home(digits: str) -> str:
    """A number behind +86 as it is dialled at home: landlines get their 0 back."""
    return digits if digits.startswith(("0", "1")) and not digits.startswith("10") else "0" + digits


def _landline(digits: str) -> str:
    area = 3 if digits[1] in "12" else 4
    return f"{digits[:area]}-{HIDDEN}{_tail(digits[area:])[-4 if len(digits) - area >= 8 else -3 :]}"


def _foreign(digits: str) -> str:
    code = 1 if digits[:1] in "17" else 2 if digits[:2] in _TWO_DIGIT_COUNTRIES else 3
    return f"+{digits[:code]}{HIDDEN}{_tail(digits[code:])}"


def _tail(text: str) -> str:
    """The last characters that may be seen: at most four, and never more than half."""
    shown = min(4, len(text) // 2)
    return text[len(text) - shown :] if shown else ""


def _ends(text: str, first: int, last: int, stars: int = 0) -> str:
    """`first` and `last` characters with stars between; a short text shows only a third, at its end."""
    if not text:
        return ""
    if len(text) < first + last + 3:
        last = min(last, len(text) // 3)
        return HIDDEN + (text[len(text) - last :] if last else "")
    return text[:first] + STAR * (stars or min(len(text) - first - last, 11)) + text[-last:]


def _bare(value: str) -> str:
    """Without blanks and separators, so that spelling cannot shift what is shown."""
    return re.sub(r"[\s\-－—·.]+", "", value.translate(_FULL_WIDTH))


def _ascii_digit(char: str) -> str:
    return char if char.isascii() else str(int(char))
