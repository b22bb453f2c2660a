"""What became of a setting: who changed it, when, and from what to what, in words; and back to an earlier version."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bihuan.appeals.rules import CHECKS
from bihuan.kernel.models import SettingChange
from bihuan.revisit.review import REQUIREMENTS
from bihuan.web.setup.names import Names, listed, role_names
from bihuan.web.setup.words import CHOICES, FIELDS, HIDDEN
from bihuan.web.words import local

LIMIT = 30


@dataclass(frozen=True)
class Line:
    """One changed field in words."""

    label: str | Promise
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One edit. `kind` is `made`, `changed` or `gone`; `id` is what going back to it asks for (0: cannot)."""

    id: int
    at: datetime
    who: str
    version: int
    kind: str
    lines: Sequence[Line]


def entries(table: str, row_id: int, limit: int = LIMIT) -> list[Entry]:
    """The newest edits of one row, newest first."""
    rows = SettingChange.objects.filter(table=table, row_id=row_id).order_by("-version")[:limit]
    return tell(rows)


def tell(rows: Iterable[SettingChange]) -> list[Entry]:
    """Edits in words. An edit that changed nothing a reader sees is left out; the newest of a row cannot be gone back
    to, for it is how the row stands."""
    names, told = Names(), []
    standing: set[tuple[str, int]] = set()
    for row in rows:
        lines, key = _lines(row, names), (row.table, row.row_id)
        kind = "made" if row.before is None else "gone" if row.after is None else "changed"
        if not lines and kind == "changed":
            continue
        can_return = row.after is not None and key in standing
        standing.add(key)
        who = names.staff(row.actor_id) or _("系统")
        told.append(Entry(row.pk if can_return else 0, row.at, who, row.version, kind, lines))
    return told


def _lines(row: SettingChange, names: Names) -> list[Line]:
    before, after = row.before or {}, row.after or {}
    fields = FIELDS.get(row.table, {})
    changed = [key for key in {**fields, **before, **after} if before.get(key) != after.get(key)]
    lines = []
    for key in changed:
        if key in HIDDEN or (row.before is None and after.get(key) in (None, "", [], {}, False)):
            continue
        label, kind = fields.get(key, (key, "text"))
        lines.append(Line(label, words(before.get(key), kind, names), words(after.get(key), kind, names)))
    return lines


def words(value: Any, kind: str, names: Names) -> str:
    """A stored value as people read it. `kind` is one of `words.FIELDS`' kinds."""
    if value is None or value == "" or value == []:
        return ""
    made: Mapping[str, Callable[[Any], str]] = {
        "unit": names.unit,
        "staff": names.staff,
        "area": names.area,
        "node": names.node,
        "roles": role_names,
        "list": listed,
        "checks": lambda told: listed(CHECKS.get(code, code) for code in told),
        "required": lambda told: listed(REQUIREMENTS.get(code, code) for code in told),
        "bool": lambda told: _("是") if told else _("否"),
        "moment": lambda told: local(datetime.fromisoformat(str(told))),
    }
    if kind in made:
        return made[kind](value)
    if kind.startswith("choice:"):
        return str(CHOICES[kind.removeprefix("choice:")].get(value, value))
    return str(value)
