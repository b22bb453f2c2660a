"""What `bihuan <operation>` offers: each room lists its own operations in `<room>/cli.py` as `OPERATIONS`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


def _nothing(parser: argparse.ArgumentParser) -> None:
    """An operation without options of its own."""


@dataclass(frozen=True)
class Operation:
    """One entry of `bihuan --help`.

    `run` takes the parsed arguments and returns the exit code (0 well, 1 findings, 2 wrong use);
    `database` says whether the folder's database must run (it is attached to, or started for the call).
    """

    name: str
    help: str
    run: Callable[[argparse.Namespace], int]
    configure: Callable[[argparse.ArgumentParser], None] = _nothing
    database: bool = True
