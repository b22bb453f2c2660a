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
        """`INSERT … SELECT … FROM unnest(%s::bigint[], …)`: one parameter, a list, for each column."""
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

    def copy(self) -> str:
        """The COPY statement its rows are streamed into."""
        listed = ", ".join(f'"{name}"' for name in self.names)
        return f"COPY {self.name} ({listed}) FROM STDIN"

    def parameters(self, rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
        """Rows turned into columns: one list for each parameter of `insert()`."""
        if not rows:
            return [[] for _ in self.columns]
        return [list(column) for column in zip(*rows, strict=True)]


def together(tables: Iterable[BulkTable]) -> str:
    """One statement that writes all the tables at once; parameters follow in the same order."""
    listed = list(tables)
    parts = ", ".join(f"part_{number} AS ({table.insert()})" for number, table in enumerate(listed[:-1]))
    return f"WITH {parts} {listed[-1].insert()}" if len(listed) > 1 else listed[0].insert()


def array_text(values: Iterable[int | str]) -> str:
    """`{1,2}` for ids and codes without quotes, commas or braces."""
    return "{" + ",".join(str(value) for value in values) + "}"
