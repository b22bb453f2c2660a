"""`bihuan seed WHAT`: files and content to try the program with."""

import argparse
from pathlib import Path

from bihuan.kernel.operations import Operation


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["changzhou"], help="changzhou: two workbooks as its two systems export them")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into")


def _seed(arguments: argparse.Namespace) -> int:
    from bihuan.demo import changzhou

    for path in changzhou.write(arguments.out):
        print(path)
    return 0


OPERATIONS = [
    Operation("seed", "Write example files: order exports of Changzhou, April and May 2016", _seed, _configure, False)
]
