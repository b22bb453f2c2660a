"""Personal data written with letters: e-mail addresses by shape; WeChat names, accounts and passports by the word before."""

import re
import unicodedata
from typing import Final

from bihuan.text.labels import Label, Labels

_EMAIL: Final = re.compile(
    r"[A-Za-z0-9０-９Ａ-Ｚａ-ｚ][A-Za-z0-9０-９Ａ-Ｚａ-ｚ._%+\-]{0,63}\s?[@＠]\s?"
    r"[A-Za-z0-9０-９Ａ-Ｚａ-ｚ\-]{1,63}(?:[.．。][A-Za-z0-9０-９Ａ-Ｚａ-ｚ\-]{1,63}){0,4}[.．。][A-Za-zＡ-Ｚａ-ｚ]{2,24}"
)
_WECHAT_ID: Final = re.compile(r"wxid_[A-Za-z0-9]{6,}")
_TIE: Final = r"(?:号码?|ID|id|的|名|[(（][^()（）]{0,6}[)）])?\s*(?:[:：=]|是|为|叫|[“\"'‘])?\s*[“\"'‘:：]?\s*"
_FIRM_TIE: Final = re.compile(r".*[:：=是为叫“\"'‘]\s*$", re.DOTALL)
_VALUES: Final[dict[str, re.Pattern[str]]] = {
    "wechat": re.compile(_TIE + r"(?P<value>[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9@＠])"),
    "account": re.compile(_TIE + r"(?P<value>[A-Za-z0-9][A-Za-z0-9_.\-]{3,29}(?:[@＠][A-Za-z0-9.\-]*[A-Za-z0-9])?)"),
    "passport": re.compile(_TIE + r"(?P<value>[A-Za-z]{1,3}\s?-?\d{6,10}|[\u4e00-\u9fff]字第?\d{5,9}号?)"),
    "qq": re.compile(_TIE + r"(?P<value>[1-9]\d{4,11})(?!\d)"),
}
_VALUES["identity"] = _VALUES["passport"]
_PLAIN_WORDS: Final = re.compile(
    "wechat|weixin|android|iphone|alipay|windows|huawei|xiaomi|password|account|number|version|appstore|harmony",
    re.IGNORECASE,
)


def handles(text: str, labels: Labels) -> list[tuple[str, int, int, str]]:
    """(kind, start, end, value) of everything personal that is told by letters or `@`."""
    found = []
    if "@" in text or "＠" in text:
        found = _addresses(text, labels)
    if "wxid_" in text:
        found += [("wechat", m.start(), m.end(), m[0]) for m in _WECHAT_ID.finditer(text)]
    for label in labels.all:
        pattern = _VALUES.get(label.kind)
        match = pattern.match(text, label.end) if pattern else None
        if match and _tells_a_person(label, match):
            kind = "passport" if label.kind == "identity" else label.kind
            found.append((kind, match.start("value"), match.end("value"), _narrow(match["value"])))
    return found


def _addresses(text: str, labels: Labels) -> list[tuple[str, int, int, str]]:
    """E-mail addresses; what is called an account is one, however much it looks like mail."""
    found = []
    for match in _EMAIL.finditer(text):
        kind = "account" if labels.before(match.start()) == "account" else "email"
        found.append((kind, match.start(), match.end(), _narrow(match[0]).replace("。", ".").replace(" ", "")))
    return found


def _tells_a_person(label: Label, match: re.Match[str]) -> bool:
    value = match["value"]
    count = sum(char.isdigit() for char in value)
    if value.isdigit() or _PLAIN_WORDS.fullmatch(value):
        return label.kind == "qq" and value.isdigit()
    firm = bool(_FIRM_TIE.match(match[0][: match.start("value") - match.start()]))
    if label.kind == "account":
        return count >= 4 or ("@" in value or "＠" in value) or (firm and not label.word.isascii() and len(value) >= 5)
    if label.kind == "wechat":
        return count > 0 or "_" in value or firm or label.word != "微信"
    return True


def _narrow(value: str) -> str:
    """Full-width letters and signs become plain ones."""
    return value if value.isascii() else unicodedata.normalize("NFKC", value)
