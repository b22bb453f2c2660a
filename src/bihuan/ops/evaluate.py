"""`bihuan evaluate NAME`: how right a judgement of the software is, on marked cases; each room offers its own as
`EVALUATIONS` in its `cli.py`."""

import argparse
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import bihuan
from bihuan.kernel.operations import Operation


def evaluations() -> Iterator[Operation]:
    """What the rooms let a stranger check, in the order of the rooms' names."""
    for room in sorted(pkgutil.iter_modules(bihuan.__path__), key=lambda found: found.name):
        name = f"bihuan.{room.name}.cli"
        if not room.ispkg or room.name == "ops":
            continue
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            continue
        yield from getattr(module, "EVALUATIONS", ())


def _options(parser: argparse.ArgumentParser) -> None:
    shelf = parser.add_subparsers(dest="evaluation", metavar="NAME", required=True)
    for evaluation in evaluations():
        sub = shelf.add_parser(evaluation.name, help=evaluation.help, description=evaluation.help)
        # --data may stand behind the name as well; without it the one before the name counts
        sub.add_argument("--data", metavar="DIR", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        evaluation.configure(sub)
        sub.set_defaults(run_evaluation=evaluation.run)


def _run(arguments: argparse.Namespace) -> int:
    return int(arguments.run_evaluation(arguments))


EVALUATE = Operation("evaluate", "check a judgement of the software on marked cases", _run, _options, database=False)
