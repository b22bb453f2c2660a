"""How Chinese names are read. The dictionaries are loaded with the first name: most processes never read one, and a third
of what a process needs to come up would go into them."""

from functools import cache
from threading import Lock
from types import ModuleType

_READINGS = {
    "陕西": "shaan xi",
    "泌阳": "bi yang",
    "莘县": "shen xian",
    "乐清": "yue qing",
    "乐亭": "lao ting",
    "筠连": "jun lian",
    "吕梁": "lü liang",
    "繁峙": "fan shi",
    "渑池": "mian chi",
    "台州": "tai zhou",
    "天台": "tian tai",
    "长子": "zhang zi",
    "单县": "shan xian",
}
"""Names whose characters are read otherwise than the dictionary's first reading."""


_loading = Lock()


@cache
def _adapted() -> ModuleType:
    import pypinyin

    pypinyin.load_single_dict({ord("都"): "dū", ord("长"): "cháng", ord("漯"): "luò", ord("曾"): "zēng"})
    pypinyin.load_phrases_dict({name: [[part] for part in reading.split()] for name, reading in _READINGS.items()})
    return pypinyin


def _dictionaries() -> ModuleType:
    with _loading:  # requests run in threads, and the dictionaries are not to be read while they are filled
        return _adapted()


def initials(name: str, *, others: bool = False) -> str:
    """Pinyin initials in small letters: 武进区 → wjq. Other characters are dropped, or kept with `others`."""
    read = _dictionaries()
    letters = read.lazy_pinyin(name, style=read.Style.FIRST_LETTER, errors="default" if others else "ignore")
    return "".join(letters).lower()


def spelled(name: str, less: int = 0) -> str:
    """Pinyin without the last `less` characters; the whole name is read first, because 单 is Shan only in 单县."""
    syllables = _dictionaries().lazy_pinyin(name, errors="ignore")
    kept = syllables[: len(syllables) - less]
    return "".join(kept).replace("ü", "u").replace("v", "u").capitalize()
