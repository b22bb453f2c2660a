"""What a stranger may check of the text room: `bihuan evaluate personal`."""

import argparse
import json
from pathlib import Path

from bihuan.kernel.operations import Operation


def _personal(arguments: argparse.Namespace) -> int:
    from bihuan.text.measure import measure, read_cases
    from bihuan.text.sentences import sentences

    cases = read_cases(arguments.cases) if arguments.cases else sentences(arguments.count, arguments.seed)
    print(json.dumps(measure(cases, arguments.show), ensure_ascii=False, indent=2))
    return 0


def _personal_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cases",
        metavar="FILE",
        type=Path,
        help='JSON lines {"text": …, "spans": [{"start", "end", "kind"}]}, - reads standard input '
        "(default: the built-in sentences)",
    )
    parser.add_argument(
        "--count", type=int, default=2400, metavar="N", help="built-in sentences (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=20, metavar="N", help="of the built-in sentences (default: %(default)s)"
    )
    parser.add_argument(
        "--show", type=int, default=10, metavar="N", help="examples of what was missed or wrongly found"
    )


OPERATIONS: list[Operation] = []
EVALUATIONS = [
    Operation(
        "personal",
        "recall and precision of the finder of personal numbers, as JSON",
        _personal,
        _personal_options,
        database=False,
    )
]
