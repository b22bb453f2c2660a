"""An operation on the spine: draw the table of states."""

import argparse

from bihuan.kernel.operations import Operation


def _states(_arguments: argparse.Namespace) -> int:
    from django.utils import translation

    from bihuan.cases.states import markdown

    with translation.override("zh-hans"):
        print(markdown(), end="")
    return 0


OPERATIONS = [
    Operation("states", "print the table of states and steps as Markdown", _states, database=False),
]
