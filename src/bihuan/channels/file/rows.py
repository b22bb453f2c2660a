"""A row of a file as a draft for `register`: cells to fields, words to codes, names to units, moments to a past."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.channels.file import values
from bihuan.channels.file.fields import FIELDS, MOMENTS
from bihuan.channels.file.headings import folded
from bihuan.channels.file.lookup import Lookup
from bihuan.channels.file.sheets import Row
from bihuan.channels.file.values import Cell, text
from bihuan.intake.actions import Draft
from bihuan.intake.schema import ComplaintIn, Customer, Location, Past
from bihuan.kernel.errors import RuleError

_PHONE = re.compile(r"[+＋]?[\d()（） \-－*#转]{3,24}")
_PARTS = re.compile(r"[/,，、;；\s]+")
_PLAIN = (
    "source_system", "source_number", "called_hotline", "demand", "frequency", "address", "complained_number", "terminal",
)  # fmt: skip
_CHOSEN = ("channel", "relation", "area", "product", "category", "dispute", "urgency", "impact", "complexity")
"""Fields taken as they are, and fields whose words stand for something."""
_EARLIEST = 1990
_DAY = timedelta(days=1)
_encode = msgspec.msgpack.Encoder().encode


@dataclass
class Reader(Lookup):
    """Reads the rows of one file under one layout. `warnings` counts what was kept aside: {"heading: word": rows}."""

    headings: Sequence[str] = ()
    history: bool = True
    strict: bool = False
    by_id: int | None = None
    staff: dict[str, int] = field(default_factory=dict)
    warnings: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        places = {folded(heading): place for place, heading in reversed(list(enumerate(self.headings)))}
        found = {
            code: tuple(places[folded(heading)] for heading in named if folded(heading) in places)
            for code, named in self.layout.columns.items()
        }
        self.places = {code: at for code, at in found.items() if at}
        self.extra = [
            (places[folded(heading)], key) for heading, key in self.layout.extra.items() if folded(heading) in places
        ]
        dated = frozenset((*MOMENTS, "due_at", "occurred_at"))
        self.single = [(code, at[0]) for code, at in self.places.items() if len(at) == 1 and code not in dated]
        self.joined = [(code, at) for code, at in self.places.items() if len(at) > 1 and code not in dated]
        self.constants = {code: str(told) for code, told in self.layout.constants.items() if told is not None}
        self.moments = [code for code in MOMENTS if code in self.places]
        self.plain = [code for code in _PLAIN if code in self.places or code in self.constants]
        self.chosen = [code for code in _CHOSEN if code in self.places or code in self.constants]
        self.doer = Doer(self.by_id, None, "import")
        self.zone = ZoneInfo(self.layout.zone)

    def heading(self, code: str) -> str:
        """The heading of a field, for people: what an error about `code` is about; empty when no column is."""
        if code.startswith("extra."):
            return code.removeprefix("extra.")
        if code in self.places:
            return " / ".join(self.headings[place] for place in self.places[code])
        return str(FIELDS[code].name) if code in FIELDS else ""

    def read(self, row: Row) -> Draft:
        """The draft of a row; raises RuleError with the field at fault."""
        one = _One(self, row)
        record = one.past()
        complaint = one.complaint()
        return Draft(complaint, self.doer, own=False, past=record)


class _One:
    """One row while it is read."""

    def __init__(self, reader: Reader, row: Row) -> None:
        self.reader, self.layout = reader, reader.layout
        self.number, self.ordinal, self.told = row
        self.single = reader.single
        lacking = len(reader.headings) - len(self.told)
        self.cells = cells = [*self.told, *[None] * lacking] if lacking > 0 else self.told
        self.extra: dict[str, Any] = {}
        for place, key in reader.extra:
            if told := text(cells[place]):
                self.extra[key[:64]] = told[:2000]
        self.words = words = reader.constants.copy()
        """{field: its cells as text}; a constant stands in for an empty cell, several columns are joined by `/`."""
        for code, place in reader.single:
            if told := text(cells[place]):
                words[code] = told
        for code, at in reader.joined:
            if told := "/".join(part for place in at if (part := text(cells[place]))):
                words[code] = told

    def text(self, code: str) -> str:
        """What the row says of a field; empty when nothing."""
        return self.words.get(code, "")

    def cell(self, code: str) -> Cell:
        """The cell of a moment as it is; several columns are a day and a time of day."""
        at = self.reader.places.get(code)
        if at is None:
            return self.layout.constants.get(code)
        if len(at) == 1:
            return self.cells[at[0]]
        return values.joined([self.cells[place] for place in at])

    def aside(self, code: str, told: str) -> None:
        """Keep a word nobody knows under the complaint's further fields and note it; `strict` refuses the row."""
        heading = self.reader.heading(code)
        if self.reader.strict:
            raise RuleError(
                f"{code}.unknown",
                _("不认识“%(value)s”，请在映射中对应，或先在设置里添加。") % {"value": told[:40]},
                field=code,
            )
        self.extra.setdefault(heading[:64] or code, told[:2000])
        self.reader.warnings[f"{heading}: {told[:40]}"] += 1

    def choice(self, code: str) -> Any:
        """The value behind a word; None when empty or unknown (which is noted)."""
        told = self.words.get(code)
        if not told:
            return None
        found = self.reader.look_up(code, told)
        if found is None:
            self.aside(code, told)
        return found

    def moment(self, code: str) -> tuple[datetime, bool] | None:
        """A moment, and whether only its day is known."""
        at = self.reader.places.get(code)
        cell = self.cells[at[0]] if at is not None and len(at) == 1 else self.cell(code)
        if cell is None:
            return None
        try:
            found = values.moment(cell, self.layout.zone, self.layout.moments, self.layout.day_order)
        except RuleError as error:
            raise RuleError(error.code, error.message, field=code) from None
        if found and found[0].year < _EARLIEST:
            raise RuleError("moment.too_early", _("时间早于 1990 年，请核对年份。"), field=code)
        return found

    def past(self) -> Past:
        """The order's moments and names. Of a moment told by its day alone the latest possible order is assumed."""
        told: dict[str, datetime] = {}
        before: datetime | None = None
        for code in self.reader.moments:
            found = self.moment(code)
            if found is not None:
                told[code] = before = self._not_before(found, before) if found[1] else found[0]
        if "registered_at" not in told:
            raise RuleError("registered_at.missing", _("缺少登记时间，这一行无法导入。"), field="registered_at")
        due = self.moment("due_at") if "due_at" in self.reader.places else None
        if self.reader.history and "closed_at" not in self.reader.places and "replied_at" in told:
            # a system that keeps no closing ends with the answer
            told["closed_at"] = max(told.values())
            self.reader.warnings[_("没有结单时间，按答复时间办结")] += 1
        finished = self.reader.history or "closed_at" in told
        return Past(
            **told,
            due_at=None if due is None else due[0] + _DAY - timedelta(seconds=1) if due[1] else due[0],
            reply=self.text("reply"),
            satisfaction=self.choice("satisfaction"),
            acceptor_id=self._staff(),
            taken_unit_id=self._unit("taken_unit"),
            holder_unit_id=self._unit("holder_unit"),
            finished=finished,
        )

    def _not_before(self, found: tuple[datetime, bool], before: datetime | None) -> datetime:
        at, day_only = found
        if day_only and before is not None and at < before:
            zone = self.reader.zone
            if before.astimezone(zone).date() == at.astimezone(zone).date():
                return before
        return at

    def _unit(self, code: str) -> int | None:
        told = self.text(code)
        if not told:
            return None
        found = self.reader.unit(told)
        if found is None:
            heading = self.reader.heading(code)
            self.extra.setdefault(heading[:64], told[:200])
            self.reader.warnings[f"{heading}: {told[:40]}"] += 1
        return found

    def _staff(self) -> int | None:
        told = self.text("acceptor")
        if not told:
            return None
        found = self.reader.staff.get(told)
        if found is None:
            self.extra.setdefault(self.reader.heading("acceptor")[:64], told[:200])
        return found

    def complaint(self) -> ComplaintIn:
        """The complaint itself: only what the row tells is handed over."""
        words = self.words
        told: dict[str, Any] = {code: words[code] for code in self.reader.plain if code in words}
        for code in self.reader.chosen:
            if (found := self.choice(code)) is not None:
                told[code] = found
        told.setdefault("channel", "system")
        if "source_number" not in told:
            told["source_number"] = self._digest()
        if moment := self.moment("occurred_at"):
            told["occurred_at"] = moment[0]
        for code in ("calling_number", "called_number"):
            if number := self._number(code):
                told[code] = number
        return ComplaintIn(
            customer=self._customer(), content=self._content(), location=self._location(), extra=self.extra, **told
        )

    def _customer(self) -> Customer:
        phone, other = self._reach()
        return Customer(
            name=self.text("customer.name"),
            identity_number=self.text("customer.identity_number"),
            phone=phone,
            other_contact=other,
            level=self.choice("customer.level") or 0,
        )

    def _content(self) -> str:
        told = self.text("content")
        if told or not self.reader.history:
            return told
        instead = self.text("category") or self.text("dispute")
        self.reader.warnings[f"{self.reader.heading('content')}: {_('（空）')}"] += 1
        return f"{instead}（原系统没有记录投诉内容）" if instead else "（原系统没有记录投诉内容）"

    def _reach(self) -> tuple[str, str]:
        """Telephone and other contact; where one cell holds several numbers the first is the telephone."""
        phone, other = self.text("customer.phone"), self.text("customer.other_contact")
        if not phone or _PHONE.fullmatch(phone):
            return phone, other
        parts = [part for part in _PARTS.split(phone) if part]
        first = next((part for part in parts if _PHONE.fullmatch(part)), "")
        rest = " ".join(part for part in parts if part != first)
        return first, (other or rest)[:100]

    def _number(self, code: str) -> str:
        told = self.text(code)
        if told and not _PHONE.fullmatch(told):
            heading = self.reader.heading(code)
            self.extra.setdefault(heading[:64], told[:200])
            self.reader.warnings[heading] += 1  # without the number itself: warnings are for everyone
            return ""
        return told

    def _location(self) -> Location | None:
        if "lat" not in self.reader.places or "lon" not in self.reader.places:
            return None
        try:
            lat, lon = float(self.text("lat") or "x"), float(self.text("lon") or "x")
        except ValueError:
            return None
        return Location(lat=lat, lon=lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None

    def _digest(self) -> str:
        """A number for a row that has none: the same row of the same file, or of a later one, gets the same."""
        body = _encode([self.told, self.ordinal])
        return "row-" + hashlib.sha256(body).hexdigest()[:28]
