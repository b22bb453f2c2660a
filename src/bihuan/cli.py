"""The command `bihuan`: every room's operations under one roof, each with `--data DIR`.

Exit codes: 0 well, 1 findings, 2 wrong use or a refusal (one line on stderr says what to do).
"""

import argparse
import contextlib
import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import bihuan
from bihuan.kernel.errors import RuleError
from bihuan.kernel.operations import Operation
from bihuan.version import VERSION

WELL, FINDINGS, WRONG = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one operation and return its exit code."""
    parser, operations = _parser()
    arguments = parser.parse_args(argv)
    if arguments.operation is None:
        parser.print_help()
        return WRONG
    from bihuan.ops import ground

    operation = operations[arguments.operation]
    try:
        with ground.stand(operation, arguments.data) as _:
            return operation.run(arguments)
    except RuleError as error:
        return _refuse(f"{error.code}: {error.message}")
    except ground.EXPECTED as error:
        return _refuse(str(error).strip())
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # the reader (`| head`) has gone; nothing more can be told him
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WELL


def _refuse(why: str) -> int:
    print(f"bihuan: {' '.join(why.split())}", file=sys.stderr)
    return WRONG


def _parser() -> tuple[argparse.ArgumentParser, dict[str, Operation]]:
    parser = argparse.ArgumentParser(
        prog="bihuan", description="Bihuan 闭环: complaint handling for telecom operators."
    )
    parser.add_argument("--version", action="version", version=f"bihuan {VERSION}")
    shelf = parser.add_subparsers(dest="operation", metavar="OPERATION", title="operations")
    operations = {operation.name: operation for operation in discover()}
    for name in sorted(operations):
        operation = operations[name]
        sub = shelf.add_parser(name, help=operation.help, description=operation.help)
        sub.add_argument("--data", metavar="DIR", type=Path, help="data folder (default: BIHUAN_DATA, else ./.data)")
        operation.configure(sub)
    return parser, operations


def discover() -> Iterator[Operation]:
    """All operations of `bihuan.<room>.cli`. A room that cannot be loaded is named and does not stop the others."""
    for room in sorted(pkgutil.iter_modules(bihuan.__path__), key=lambda found: found.name):
        if not room.ispkg:
            continue
        name = f"bihuan.{room.name}.cli"
        with contextlib.suppress(_Absent):
            yield from _operations(name)


class _Absent(Exception):
    """The room offers no operation."""


def _operations(name: str) -> list[Operation]:
    try:
        return list(importlib.import_module(name).OPERATIONS)
    except ModuleNotFoundError as error:
        if error.name == name:
            raise _Absent from None
        reason: Exception = error
    except Exception as error:
        reason = error
    print(f"bihuan: the operations of {name} are missing: {type(reason).__name__}: {reason}", file=sys.stderr)
    raise _Absent


if __name__ == "__main__":
    sys.exit(main())
