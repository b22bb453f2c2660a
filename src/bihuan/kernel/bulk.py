"""Many rows in one statement: a table's columns written down once serve INSERT … FROM unnest and COPY alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class BulkTable:
    """`columns` are (name, PostgreSQL type); rows are tuples in that order.

    A column of an array type is handed over as text (`{1,2}`) because unnest would flatten nested arrays.
    """

    name: str
    columns: tuple[tuple[str, str], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(name for name, _ in self.columns)

    def insert(self) -> str:
        """`INSERT … SELECT … FROM unnest(%s::bigint[], …)`: one parameter, an array literal, for each column."""
        listed = ", ".join(f'"{name}"' for name in self.names)
        picked = ", ".join(
            f'u."{name}"::{kind}' if kind.endswith("[]") else f'u."{name}"' for name, kind in self.columns
        )
        sources = ", ".join(f"%s::{'text' if kind.endswith('[]') else kind}[]" for _, kind in self.columns)
        return f"INSERT INTO {self.name} ({listed}) SELECT {picked} FROM unnest({sources}) AS u ({listed})"

    def values(self) -> str:
        """A plain one-row INSERT, for measuring against."""
        listed = ", ".join(f'"{name}"' for name in self.names)
        marks = ", ".join(f"%s::{kind}" for _, kind in self.columns)
        return f"INSERT INTO {self.name} ({listed}) VALUES ({marks})"

    def copy(self, *, binary: bool = False) -> str:
        """The COPY statement its rows are streamed into."""
        listed = ", ".join(f'"{name}"' for name in self.names)
        return f"COPY {self.name} ({listed}) FROM STDIN" + (" (FORMAT BINARY)" if binary else "")

    def parameters(self, rows: Sequence[tuple[Any, ...]]) -> list[str]:
        """Rows turned into columns: one array literal for each parameter of `insert()`.

        Written as text here because the driver's own dumping of lists costs more than the whole rest of a batch.
        """
        if not rows:
            return ["{}"] * len(self.columns)
        return [
            literal(column, kind) for column, (_name, kind) in zip(zip(*rows, strict=True), self.columns, strict=True)
        ]


_BARE = frozenset({"bigint", "integer", "smallint", "double precision", "boolean", "timestamptz"})
"""Types whose text needs no quotes within an array."""


def literal(values: Iterable[Any], kind: str) -> str:
    """A PostgreSQL array literal of values of one type: numbers, booleans, aware moments, bytes, text; None is NULL."""
    if kind == "bytea":
        return "{" + ",".join("NULL" if v is None else '"\\\\x' + bytes(v).hex() + '"' for v in values) + "}"
    if kind == "timestamptz":
        return "{" + ",".join("NULL" if v is None else v.isoformat() for v in values) + "}"
    if kind in _BARE:
        return "{" + ",".join("NULL" if v is None else str(v) for v in values) + "}"
    return "{" + ",".join("NULL" if v is None else _quoted(v) for v in values) + "}"


def _quoted(value: str) -> str:
    if '"' in value or "\\" in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def together(tables: Iterable[BulkTable]) -> str:
    """One statement that writes all the tables at once; parameters follow in the same order."""
    listed = list(tables)
    parts = ", ".join(f"part_{number} AS ({table.insert()})" for number, table in enumerate(listed[:-1]))
    return f"WITH {parts} {listed[-1].insert()}" if len(listed) > 1 else listed[0].insert()


def array_text(values: Iterable[int | str]) -> str:
    """`{1,2}` for ids and codes without quotes, commas or braces."""
    return "{" + ",".join(str(value) for value in values) + "}"
