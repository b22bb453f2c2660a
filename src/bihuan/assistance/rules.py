"""What states a task is in, and which step leads where. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATUSES: Mapping[str, str | Promise] = {
    "asked": _("待接收"),
    "received": _("协查中"),
    "answered": _("已回复协查"),
    "returned": _("已退回协查"),
    "recalled": _("已撤销协查"),
}
OPEN = ("asked", "received")
MOST_UNITS = 20
"""Units that may be asked at once."""


@dataclass(frozen=True)
class Step:
    """`kind` is the event it leaves; `sources` the states it is taken from."""

    kind: str
    sources: tuple[str, ...]
    target: str
    name: str | Promise


STEPS: Mapping[str, Step] = {
    "receipt": Step("assistance_received", ("asked",), "received", _("接收协查")),
    "answer": Step("assistance_answered", OPEN, "answered", _("回复协查")),
    "return": Step("assistance_returned", OPEN, "returned", _("退回协查")),
    "recall": Step("assistance_recalled", OPEN, "recalled", _("撤销协查")),
}
"""By the noun in the address; all but `recall` are the asked unit's."""
