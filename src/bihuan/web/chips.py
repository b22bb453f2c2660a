"""What a chip shows: a shape, a word and a colour that always say the same. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bihuan.cases.states import STATES
from bihuan.kernel import clock
from bihuan.sla.queries import SOON
from bihuan.web import words


@dataclass(frozen=True)
class TimeChip:
    """`tone` is `ok`, `soon`, `late`, `paused`, `met` or `missed`; `word` is short, `title` is the full sentence."""

    tone: str
    word: str
    title: str
    due: datetime | None = None


def tone_of(due: datetime | None, *, paused: bool, met: bool | None, warn_at: datetime | None, now: datetime) -> str:
    """The tone of a clock: ended clocks first (`met` True or False), then paused, then by how near `due` is."""
    if met is not None:
        return "met" if met else "missed"
    if paused or due is None:
        return "paused"
    if due <= now:
        return "late"
    return "soon" if now >= (warn_at or due - SOON) else "ok"


def time_chip(
    due: datetime | None,
    *,
    name: str | Promise = "",
    paused: bool = False,
    met: bool | None = None,
    warn_at: datetime | None = None,
) -> TimeChip:
    """A limit as a chip. `name` is the promise (首次答复), `warn_at` when it counts as due soon (else an hour before)."""
    now = clock.now()
    tone = tone_of(due, paused=paused, met=met, warn_at=warn_at, now=now)
    word = _word(tone, words.duration(due - now) if due else "")
    until = _("时限 %(moment)s") % {"moment": words.local(due)} if due else ""
    return TimeChip(tone, word, " · ".join(part for part in (str(name), word, until) if part), due)


def _word(tone: str, length: str) -> str:
    """A few letters for a tone; a list has thirty of them, so only the one that is said is translated."""
    match tone:
        case "met":
            return _("按时")
        case "missed":
            return _("已超时")
        case "paused":
            return _("暂停")
        case "late":
            return _("超时 %(length)s") % {"length": length}
        case "soon":
            return _("临期 %(length)s") % {"length": length}
        case other:
            assert other == "ok"
            return _("剩 %(length)s") % {"length": length}


STATUS_TONES = {
    "registered": "accent open",
    "accepted": "accent open",
    "dispatched": "accent",
    "received": "accent",
    "in_handling": "accent",
    "waiting": "paused",
    "returned": "soon open",
    "recalled": "soon open",
    "reopened": "soon",
    "replied": "ok open",
    "in_revisit": "ok open",
    "closed": "met",
    "declined": "quiet",
    "withdrawn": "quiet",
    "merged": "quiet",
    "converted": "quiet",
}
"""Colour and dot of each state; every state of the table has one (tested)."""


def status_word(code: str) -> str:
    """The state's name in the reader's language; the code itself for a state nobody knows."""
    return str(STATES[code].name) if code in STATES else code
