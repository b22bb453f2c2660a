"""Operations of handling: check an evidence pack."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from bihuan.kernel.operations import Operation


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the pack, a ZIP file")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def _verify(arguments: argparse.Namespace) -> int:
    from bihuan.handling.pack_checking import check

    try:
        with Path(arguments.file).open("rb") as file:
            manifest, findings = check(file)
    except OSError as error:
        print(f"{arguments.file}: {error.strerror}")
        return 2
    head = {name: manifest.get(name) for name in ("number", "pack", "made_at", "events", "chain_end", "personal")}
    told = {"ok": not findings, **head, "findings": [asdict(one) for one in findings]}
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
        return 1 if findings else 0
    for one in findings:
        print(f"{one.kind:22} {one.case:24} {one.detail}")
    state = "no findings" if not findings else f"{len(findings)} findings"
    number, events, made = (
        manifest.get("number", arguments.file),
        manifest.get("events", 0),
        manifest.get("made_at", "?"),
    )
    print(f"{number}: {events} events, pack of {made}: {state}")
    return 1 if findings else 0


OPERATIONS = [
    Operation(
        "verify-pack",
        "tell whether an evidence pack and this installation agree; exit 1 on findings",
        _verify,
        _configure,
    )
]
