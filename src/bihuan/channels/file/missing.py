"""Entries a file names and the catalog lacks: made on request before the rows come in, so that shares add up."""

import hashlib
import re
from pathlib import Path

from bihuan.catalog.models import Node
from bihuan.catalog.pinyin import initials
from bihuan.channels.file import chunk as chunks
from bihuan.channels.file import sheets
from bihuan.channels.file.models import ImportJob
from bihuan.channels.file.rows import Reader
from bihuan.channels.file.values import text
from bihuan.kernel.history import edited_by

MADE = {"dispute": "dispute", "category": "phenomenon", "product": "product"}
"""Field → tree its missing entries go to."""
MOST = 500
"""More different words than this are no classification but free text."""
_PARTS = re.compile(r"\s*[>＞/／\\→]\s*")
_DEPTH = {"dispute": 1, "phenomenon": 3, "product": 2}


def create(job: ImportJob) -> int:
    """Make what is missing; answers how many entries. Fields with more than `MOST` unknown words are left alone."""
    reader = chunks.reader_of(job)
    wanted = {code: _unknown(words, reader, code) for code, words in _words(job, reader).items()}
    made = 0
    with edited_by(job.by_id):
        for code, words in wanted.items():
            if len(words) <= MOST:
                made += sum(_make(MADE[code], word, reader.layout.path_separator) for word in sorted(words))
    return made


def _words(job: ImportJob, reader: Reader) -> dict[str, set[str]]:
    """All different words of the classifying columns: one pass over the file."""
    places = {code: reader.places[code] for code in MADE if code in reader.places}
    words: dict[str, set[str]] = {code: set() for code in places}
    if not places:
        return words
    with sheets.chunks(Path(job.file_path), job.sheet, job.head_row) as found:
        for one in found:
            for _number, _ordinal, cells in sheets.rows_in(one.packed):
                for code, at in places.items():
                    told = "/".join(t for place in at if place < len(cells) and (t := text(cells[place])))
                    if told:
                        words[code].add(told)
    return words


def _unknown(words: set[str], reader: Reader, code: str) -> set[str]:
    return {word for word in words if reader.look_up(code, word) is None}


def _make(tree: str, word: str, separator: str) -> int:
    """The entries along a path of names that are not there yet."""
    parts = [part for part in _PARTS.split(word.replace(separator, "/")) if part][: _DEPTH[tree]]
    parent: Node | None = None
    made = 0
    for level, name in enumerate(parts, 1):
        found = Node.objects.filter(tree=tree, parent=parent, name=name, active=True).first()
        if found is None:
            found = _node(tree, name, parent, level)
            made += 1
        parent = found
    return made


def _node(tree: str, name: str, parent: Node | None, level: int) -> Node:
    path = f"{parent.code if parent else ''}/{name}"
    node = Node.objects.create(
        tree=tree,
        code="X" + hashlib.sha256(f"{tree}{path}".encode()).hexdigest()[:8].upper(),
        name=name[:100],
        initials=initials(name)[:40],
        parent=parent,
        level=level,
        position=10_000,
        service_type=parent.service_type if parent else "",
        dispute=parent.dispute if parent else "",
    )
    node.path = [*(parent.path if parent else []), node.pk]
    node.save(update_fields=["path"])
    return node
