"""Which mapping a file is read with: saved ones, shipped ones, or the best guess at its headings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from bihuan.channels.file import dates
from bihuan.channels.file import headings as words
from bihuan.channels.file.fields import MOMENTS
from bihuan.channels.file.headings import folded
from bihuan.channels.file.layout import MOST_EXTRA, Layout, from_plain, need_headings
from bihuan.channels.file.models import ImportJob, Mapping
from bihuan.channels.file.sheets import Sample
from bihuan.channels.file.values import text
from bihuan.kernel.errors import RuleError

SHIPPED = Path(__file__).parent / "mappings"
AUTO = "auto"


@dataclass(frozen=True)
class Named:
    """A mapping: version 0 came with the program. One layout for each kind of file it reads."""

    name: str
    version: int
    title: str
    layouts: tuple[Layout, ...]


def shipped() -> list[Named]:
    """The mappings that come with the program."""
    found = []
    for path in sorted(SHIPPED.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        found.append(Named(data["name"], 0, data.get("title", ""), tuple(map(from_plain, data["layouts"]))))
    return found


def saved() -> list[Named]:
    """The latest version of every saved mapping."""
    return [
        Named(row.name, row.version, row.title, tuple(map(from_plain, row.layouts)))
        for row in Mapping.objects.filter(latest=True)
    ]


def mappings() -> list[Named]:
    """All mappings; a saved one stands before a shipped one of the same name."""
    own = saved()
    return own + [one for one in shipped() if one.name not in {mine.name for mine in own}]


def named(name: str) -> Named:
    """The mapping of this name; raises RuleError `mapping.unknown`."""
    for one in mappings():
        if one.name == name:
            return one
    raise RuleError("mapping.unknown", _("没有名为“%(name)s”的映射。") % {"name": name}, field="mapping")


@dataclass(frozen=True)
class Chosen:
    """The layout a file is read with and where it comes from (no name: guessed)."""

    layout: Layout
    name: str = ""
    version: int = 0


def choose(name: str, titles: Sequence[str]) -> Chosen:
    """The layout of the mapping `name` that fits these headings; for `auto` the best of all, else a guess."""
    candidates = mappings() if name in ("", AUTO) else [named(name)]
    best = max(
        ((layout.fits(titles), place, one, layout) for place, one in enumerate(candidates) for layout in one.layouts),
        key=lambda found: (found[0], -found[1]),
        default=None,
    )
    if best and best[0]:
        return Chosen(best[3], best[2].name, best[2].version)
    if name not in ("", AUTO):
        only = candidates[0].layouts
        if len(only) == 1:
            need_headings(only[0], titles)
            return Chosen(only[0], name, candidates[0].version)
        raise RuleError(
            "mapping.no_layout", _("映射“%(name)s”认不出这个文件的表头，请检查文件。") % {"name": name}, field="mapping"
        )
    return Chosen(guessed(titles))


def seen(layout: Layout, look: Sample, now: datetime) -> Layout:
    """The layout with what only the rows tell: the order of day, month and year, and a time of day beside its day. `now`
    has no zone."""
    columns = {folded(title): _texts(look, place) for place, title in enumerate(look.headings)}

    def cells(code: str) -> list[str]:
        return columns.get(folded(layout.columns[code][0]), []) if len(layout.columns.get(code, ())) == 1 else []

    order = layout.day_order or dates.order_of([cell for code in (*MOMENTS, "due_at") for cell in cells(code)], now)
    if not layout.name and cells("registered_at") and not any(":" in cell for cell in cells("registered_at")):
        beside = [title for title in layout.extra if dates.times_only(columns[folded(title)])]
        if beside:
            joined = {"registered_at": (*layout.columns["registered_at"], beside[0])}
            rest = {title: key for title, key in layout.extra.items() if title != beside[0]}
            layout = replace(layout, columns={**layout.columns, **joined}, extra=rest)
    return replace(layout, day_order=order)


def _texts(look: Sample, place: int) -> list[str]:
    return [text(row[2][place]) for row in look.rows if place < len(row[2]) and text(row[2][place])]


def guessed(titles: Sequence[str]) -> Layout:
    """The likeliest reading of unknown headings; what means nothing to us is kept under the complaint's further fields."""
    columns = words.guess(titles)
    used = {folded(heading) for named in columns.values() for heading in named}
    rest = [title for title in titles if folded(title) not in used][: MOST_EXTRA - 10]
    return Layout(columns=columns, extra={title: title[:64] for title in rest})


def with_source(layout: Layout, source_system: str) -> Layout:
    """The layout with this system's name for rows that do not name one."""
    return replace(layout, constants={**layout.constants, "source_system": source_system[:64]})


def jobs(limit: int = 50) -> list[ImportJob]:
    """The latest jobs."""
    return list(ImportJob.objects.exclude(state=ImportJob.State.DRAFT).order_by("-id")[:limit])
