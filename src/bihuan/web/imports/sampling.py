"""What the mapping page shows of a file: a few cells of each column, masked, and words nobody knows."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bihuan.channels.file import chunk, sheets
from bihuan.channels.file.fields import FIELDS
from bihuan.channels.file.models import ImportJob
from bihuan.channels.file.rows import Reader
from bihuan.channels.file.values import text
from bihuan.customers import vault
from bihuan.kernel.errors import RuleError

_NUMBER = re.compile(r"\d{7,}")
_WORDS = (
    "area", "category", "dispute", "product", "channel", "urgency", "impact", "complexity", "satisfaction",
    "customer.level",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A cell text of a field that stands for nothing we know. `key` names its input on the page."""

    field: str
    name: Promise
    text: str
    key: str


def columns(job: ImportJob) -> list[list[str]]:
    """Up to three different cells of each column, masked."""
    look = sheets.sample(Path(job.file_path), job.sheet, job.head_row)
    reader = chunk.reader_of(job)
    meanings = {place: code for code, at in reader.places.items() for place in at}
    found: list[list[str]] = []
    for place in range(len(job.headings)):
        told = [text(cells[place]) for _row, _ordinal, cells in look.rows if place < len(cells)]
        shown = list(dict.fromkeys(_masked(meanings.get(place, ""), one) for one in told if one))
        found.append(shown[:3])
    return found


def _masked(code: str, told: str) -> str:
    name = code.removeprefix("customer.")
    if name in vault.FIELDS:
        return vault.mask_of(name, told)
    return _NUMBER.sub(lambda match: match[0][:3] + "****" + match[0][-2:], told)[:60]


def unknown(job: ImportJob, most: int = 30) -> list[Word]:
    """Words among the first rows that the fields with fixed values do not know."""
    look = sheets.sample(Path(job.file_path), job.sheet, job.head_row)
    reader = chunk.reader_of(job)
    found: list[Word] = []
    for code in _WORDS:
        for told in sorted({_cell(reader, code, row) for row in look.rows} - {""}):
            if reader.look_up(code, told) is None and len(found) < most:
                found.append(Word(code, FIELDS[code].name, told, f"word{len(found)}"))
    return found


def _cell(reader: Reader, code: str, row: sheets.Row) -> str:
    cells = row[2]
    at = reader.places.get(code, ())
    return "/".join(told for place in at if place < len(cells) and (told := text(cells[place])))


def words_from(job: ImportJob, told: dict[str, str]) -> dict[str, dict[str, str | int]]:
    """What the page says unknown words stand for; raises RuleError naming one that stands for nothing either."""
    reader = chunk.reader_of(job)
    chosen: dict[str, dict[str, str | int]] = {}
    for word in unknown(job):
        meant = told.get(word.key, "").strip()
        if not meant:
            continue
        value = reader.look_up(word.field, meant)
        if value is None:
            raise RuleError(
                "word.unknown",
                _("“%(word)s”对应的“%(meant)s”也不认识：请写目录中的名称或代码。")
                % {"word": word.text, "meant": meant},
                field=word.key,
            )
        chosen.setdefault(word.field, {})[word.text] = value
    return chosen
