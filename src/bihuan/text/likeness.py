"""Does this complaint say what another one said? By shared pairs of characters: no model, the same answer everywhere.

Meant for the few dozen recent complaints of one caller or area that a duplicate warning looks at while someone types.
"""

import re
from collections.abc import Sequence
from typing import Final

Signature = frozenset[str]
"""The distinct character pairs of a text without blanks, punctuation, tokens and digits' values."""

LIKELY: Final = 0.3
"""From here on two texts are worth a warning. On public petitions with known duplicates it finds all of them from the whole
text and three of four from the first forty characters, at one or two false alarms in ten thousand pairs of one topic."""

_NOISE: Final = re.compile(r"⟦[A-Z]\d+⟧|\W+|_+")
_DIGITS: Final = re.compile(r"\d+")
_POLITE: Final = re.compile(
    "您好|你好|谢谢|感谢|麻烦|请尽快处理|请尽快解决|尽快处理|尽快解决|希望|客户来电|用户来电|来电反映|来电反应|客户反映|用户反映|"
    "要求处理|请处理|请核实|投诉"
)
_LEAST: Final = 4
"""Fewer pairs than this say nothing."""
_LENGTH_COUNTS: Final = 0.08
"""How much of the longer text's surplus counts against likeness: what is still being typed is shorter than what was said."""


def signature(text: str) -> Signature:
    """What is compared: pairs of characters of the lower-cased text; greetings, set phrases and figures' values left out."""
    bare = _DIGITS.sub("0", _NOISE.sub("", _POLITE.sub("", text.lower())))
    return frozenset(map(str.__add__, bare, bare[1:]))


def similarity(a: Signature, b: Signature) -> float:
    """0 (nothing in common) … 1 (the same pairs); the same both ways. 0 when either text is too short to tell."""
    less, more = sorted((len(a), len(b)))
    if less < _LEAST:
        return 0.0
    return len(a & b) / (less + _LENGTH_COUNTS * (more - less))


def most_alike(text: str, others: Sequence[str], least: float = LIKELY, top: int = 5) -> list[tuple[int, float]]:
    """(index in `others`, similarity) of those at least `least` alike, the likest first."""
    own = signature(text)
    scores = [(index, round(similarity(own, signature(other)), 4)) for index, other in enumerate(others)]
    return sorted(((i, s) for i, s in scores if s >= least), key=lambda pair: (-pair[1], pair[0]))[:top]
