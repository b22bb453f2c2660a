"""The first rows of a file as they would be understood: field by field, with what would be refused or kept aside."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.cases.models import Channel
from bihuan.cases.scales import words_by_code
from bihuan.channels.file import chunk as chunks
from bihuan.channels.file import sheets
from bihuan.channels.file.fields import FIELDS, MOMENTS
from bihuan.channels.file.models import ImportJob
from bihuan.channels.file.rows import Reader
from bihuan.customers import vault
from bihuan.intake import bulk
from bihuan.intake.actions import Draft
from bihuan.kernel.errors import RuleError

ROWS = 20
_NAMES: dict[str, dict[str, Any]] = {
    "channel": {channel.value: channel.label for channel in Channel},
    "urgency": words_by_code("urgency"),
    "relation": {"self": ""},
}
_TREES = {"category": "phenomenon", "dispute": "dispute", "product": "product"}


@dataclass
class Understood:
    """One row: `told` is (field's name, what was understood; personal data masked)."""

    number: int
    told: list[tuple[str, str]] = field(default_factory=list)
    problem: str = ""
    column: str = ""
    aside: list[str] = field(default_factory=list)


def preview(job: ImportJob, count: int = ROWS) -> list[Understood]:
    """The first `count` rows of a job's file."""
    reader = chunks.reader_of(job)
    look = sheets.sample(Path(job.file_path), job.sheet, job.head_row)
    found, drafts, places = [], [], []
    for row in look.rows[:count]:
        one = Understood(row[0])
        found.append(one)
        reader.warnings.clear()
        try:
            draft = reader.read(row)
        except RuleError as refused:
            one.problem, one.column = str(refused.message), reader.heading(refused.field)
            continue
        one.aside = list(reader.warnings)
        one.told = _told(draft, reader)
        drafts.append(draft)
        places.append(one)
    for one, refused_by in zip(places, bulk.examine(drafts), strict=True):
        if refused_by is not None:
            one.problem, one.column = str(refused_by.message), reader.heading(refused_by.field)
    return found


def _told(draft: Draft, reader: Reader) -> list[tuple[str, str]]:
    told = []
    for code in FIELDS:
        value = _value(code, draft, reader)
        if value not in ("", None):
            told.append((str(FIELDS[code].name), str(value)))
    return told


def _value(code: str, draft: Draft, reader: Reader) -> object:
    complaint, past, catalog = draft.complaint, draft.past, reader.context.catalog
    if code in MOMENTS or code == "due_at":
        return _local(getattr(past, code), reader)
    if code.startswith("customer."):
        name = code.removeprefix("customer.")
        value = getattr(complaint.customer, name)
        return value or "" if name == "level" else vault.mask_of(name, value) if value else ""
    if code in vault.FIELDS:
        value = getattr(complaint, code)
        return vault.mask_of(code, value) if value else ""
    if code in _TREES:
        node = catalog.node(_TREES[code], getattr(complaint, code))
        return "/".join(node.names) if node else ""
    if code == "area":
        area = catalog.area(complaint.area) if complaint.area else None
        return area.name if area else ""
    if code in ("taken_unit", "holder_unit"):
        unit = reader.context.units.units.get(getattr(past, f"{code}_id") or 0)
        return unit.name if unit else ""
    if code in ("reply", "satisfaction"):
        return _short(str(getattr(past, code) or ""))
    value = getattr(complaint, code, "") or ""
    return _short(str(_NAMES.get(code, {}).get(value, value)))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _local(moment: datetime | None, reader: Reader) -> str:
    return f"{moment.astimezone(ZoneInfo(reader.layout.zone)):%Y-%m-%d %H:%M:%S}" if moment else ""
