"""The three scales of a complaint, how pressing, how wide, how hard: codes, numbers and words, written once. Pure."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise
URGENCIES = {"normal": 1, "important": 2, "major": 3, "urgent": 4}
IMPACTS = {"single": 1, "several": 2, "area": 3, "wide": 4}
COMPLEXITIES = {"simple": 1, "normal": 2, "complex": 3}
SCALES: Mapping[str, Mapping[str, int]] = {"urgency": URGENCIES, "impact": IMPACTS, "complexity": COMPLEXITIES}
"""Scale → code → number, as the case holds it; the columns are named so."""
CODES: Mapping[str, Mapping[int, str]] = {
    scale: {value: code for code, value in codes.items()} for scale, codes in SCALES.items()
}
"""Scale → number → code."""
WORDS: Mapping[str, Mapping[int, Word]] = {
    "urgency": {1: _("一般"), 2: _("重要"), 3: _("重大"), 4: _("紧急")},
    "impact": {1: _("单个客户"), 2: _("几个客户"), 3: _("一片区域"), 4: _("大面积")},
    "complexity": {1: _("简单"), 2: _("普通"), 3: _("复杂")},
}
"""Scale → number → word."""


def words_by_code(scale: str) -> dict[str, Word]:
    """Code → word of a scale, the least first."""
    return {CODES[scale][value]: word for value, word in WORDS[scale].items()}
