"""How long a promise is: a span of open time, or whole days of one of two kinds. Pure values."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError

TIME, DAYS, WORKDAYS = "time", "d", "wd"
MICROS = 1_000_000
"""Microseconds in a second: all arithmetic of this room is done in whole microseconds."""

_DAYS = re.compile(r"(\d{1,4})(?:(d)(/end)?|(wd))")
_ISO_DAYS = re.compile(r"P(\d{1,4})D")
_ISO = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?")
_SHORT = re.compile(r"(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?")
_LONGEST = 10 * 366 * 86400


@dataclass(frozen=True, slots=True)
class Duration:
    """`unit` is `time` (then `amount` is seconds of open time), `d` (calendar days) or `wd` (working days).

    Days: the day of the start is not counted. `15d` ends at the same local time on the fifteenth day after it, which is
    never later than the law's midnight; `15d/end` (`to_end`) ends at that midnight. `5wd` ends when the fifth day with
    open time after the day of the start closes.
    """

    amount: int
    unit: str = TIME
    to_end: bool = False

    @classmethod
    def parse(cls, value: Any, field: str = "duration") -> "Duration":
        """Seconds as a whole number, `"72h"`, `"1h30m"`, `"45s"`, `"PT72H"`, `"15d"`, `"15d/end"`, `"P15D"`, `"5wd"`.

        Anything else, and anything not longer than nothing or longer than ten years, is refused.
        """
        if isinstance(value, Duration):
            return value
        made = _from_number(value) if isinstance(value, int | float) else _from_text(str(value).strip())
        if made is None or made.amount <= 0 or made.amount > (_LONGEST if made.unit == TIME else 3660):
            raise RuleError(
                "duration.unreadable",
                _("时长 %s 无法识别：请写 72h、1h30m、PT72H、秒数、15d（自然日）或 5wd（工作日）。") % (value,),
                field=field,
            )
        return made

    @property
    def micros(self) -> int:
        """Open time in microseconds; only for the unit `time`."""
        return self.amount * MICROS

    def __str__(self) -> str:
        if self.unit != TIME:
            return f"{self.amount}{self.unit}" + ("/end" if self.to_end else "")
        hours, rest = divmod(self.amount, 3600)
        minutes, seconds = divmod(rest, 60)
        return "".join(f"{n}{u}" for n, u in ((hours, "h"), (minutes, "m"), (seconds, "s")) if n) or "0s"


def _from_number(value: float) -> Duration | None:
    if isinstance(value, bool) or value != value or value in (float("inf"), float("-inf")) or value != int(value):
        return None
    return Duration(int(value))


def _from_text(text: str) -> Duration | None:
    if days := _DAYS.fullmatch(text):
        return Duration(int(days[1]), days[2] or days[4], days[3] is not None)
    if days := _ISO_DAYS.fullmatch(text):
        return Duration(int(days[1]), DAYS)
    clock = _ISO.fullmatch(text) or _SHORT.fullmatch(text)
    if clock is None:
        return Duration(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
    hours, minutes, seconds = (int(part or 0) for part in clock.groups())
    return Duration(hours * 3600 + minutes * 60 + seconds)
