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
        self.single = {code: at[0] for code, at in self.places.items() if len(at) == 1}
        self.told = frozenset(self.places) | frozenset(self.layout.constants)
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
        self.cells = [*self.told, *[None] * lacking] if lacking > 0 else self.told
        self.extra: dict[str, Any] = {}
        for place, key in reader.extra:
            if told := text(self.cells[place]):
                self.extra[key[:64]] = told[:2000]

    def cell(self, code: str) -> Cell:
        """The cell of a field; several columns are joined by `/`; a constant where there is no column."""
        at = self.reader.places.get(code)
        if at is None:
            return self.layout.constants.get(code)
        if len(at) == 1:
            return self.cells[at[0]]
        return "/".join(told for place in at if (told := text(self.cells[place])))

    def text(self, code: str) -> str:
        """The cell as text; a constant stands in for an empty cell."""
        if code not in self.reader.told:
            return ""
        at = self.single.get(code)
        told = text(self.cells[at] if at is not None else self.cell(code))
        return told or str(self.layout.constants.get(code, ""))

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
        told = self.text(code)
        if not told:
            return None
        found = self.reader.look_up(code, told)
        if found is None:
            self.aside(code, told)
        return found

    def moment(self, code: str) -> tuple[datetime, bool] | None:
        """A moment, and whether only its day is known."""
        try:
            found = values.moment(self.cell(code), self.layout.zone, self.layout.moments)
        except RuleError as error:
            raise RuleError(error.code, error.message, field=code) from None
        if found and found[0].year < _EARLIEST:
            raise RuleError("moment.too_early", _("时间早于 1990 年，请核对年份。"), field=code)
        return found

    def past(self) -> Past:
        """The order's moments and names. Of a moment told by its day alone the latest possible order is assumed."""
        told: dict[str, datetime] = {}
        before: datetime | None = None
        for code in MOMENTS:
            found = self.moment(code) if code in self.reader.places else None
            if found is None:
                continue
            at = self._not_before(found, before)
            told[code] = before = at
        if "registered_at" not in told:
            raise RuleError("registered_at.missing", _("缺少登记时间，这一行无法导入。"), field="registered_at")
        due = self.moment("due_at") if "due_at" in self.reader.places else None
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
        """The complaint itself."""
        get = self.text
        phone, other = self._reach()
        system, number = get("source_system"), get("source_number")
        return ComplaintIn(
            channel=self.choice("channel") or "system",
            source_system=system,
            source_number=number or self._digest(),
            called_hotline=get("called_hotline"),
            customer=Customer(
                name=get("customer.name"),
                identity_number=get("customer.identity_number"),
                phone=phone,
                other_contact=other,
                level=self.choice("customer.level") or 0,
            ),
            relation=self.choice("relation") or "self",
            content=self._content(),
            demand=get("demand"),
            occurred_at=moment[0] if (moment := self.moment("occurred_at")) else None,
            frequency=get("frequency"),
            area=self.choice("area") or "",
            address=get("address"),
            location=self._location(),
            product=self.choice("product") or "",
            complained_number=get("complained_number"),
            calling_number=self._number("calling_number"),
            called_number=self._number("called_number"),
            terminal=get("terminal"),
            category=self.choice("category") or "",
            dispute=self.choice("dispute") or "",
            urgency=self.choice("urgency") or "",
            impact=self.choice("impact") or "",
            complexity=self.choice("complexity") or "",
            extra=self.extra,
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
