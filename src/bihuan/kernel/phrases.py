"""Sentences the platform writes into stored texts by itself.

They are stored in Chinese, whoever's step wrote them, so that every program and export reads them; where a page or the API
shows a stored text, `read` finds the sentence and its values again and says it in the reader's language. Rows written before,
in either language, are found the same way.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext, override

ENGLISH = "en"
_VALUE = re.compile(r"%\((\w+)\)[sd]")
_JOINED = " · "


@dataclass(frozen=True)
class Phrase:
    """One sentence; `msgid` is its Chinese, `values` say how a value of it is named to the reader (as it stands, else)."""

    msgid: str
    values: tuple[tuple[str, Callable[[str], str]], ...] = ()

    def said(self, **values: object) -> str:
        """The sentence as it is stored."""
        return self.msgid % values if values else self.msgid


_KNOWN: list[Phrase] = []


def phrase(msgid: str, **values: Callable[[str], str]) -> Phrase:
    """Make the sentence known; called once, where a room is loaded. `msgid` is marked with `gettext_noop` there."""
    made = Phrase(msgid, tuple(values.items()))
    _KNOWN.append(made)
    _patterns.cache_clear()
    return made


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Phrase], ...]:
    found = []
    for one in _KNOWN:
        with override(ENGLISH):
            texts = {one.msgid, gettext(one.msgid)}
        found += [(_pattern(text), one) for text in sorted(texts)]
    return tuple(found)


def _pattern(text: str) -> re.Pattern[str]:
    parts = _VALUE.split(text)
    told = [f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(told), re.DOTALL)


def read(text: str) -> str:
    """A stored text in the reader's language where the platform wrote it, alone or as a part between dots."""
    if not text:
        return text
    whole = _read(text)
    if whole == text and _JOINED in text:
        return _JOINED.join(_read(part) for part in text.split(_JOINED))
    return whole


def _read(text: str) -> str:
    for pattern, one in _patterns():
        if found := pattern.fullmatch(text):
            values = found.groupdict()
            values |= {name: named(values[name]) for name, named in one.values}
            return gettext(one.msgid) % values if values else gettext(one.msgid)
    return text
