"""`bihuan import FILE`: orders from a file, from the command line."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bihuan.kernel.operations import Operation


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="an Excel workbook or CSV")
    parser.add_argument("--mapping", default="auto", metavar="NAME", help="a saved or shipped mapping (default: auto)")
    mode = parser.add_mutually_exclusive_group()
    history = "finished orders: no clocks, no messages (default)"
    mode.add_argument("--history", dest="mode", action="store_const", const="history", default="history", help=history)
    on = "open orders too: their clocks go on from what has elapsed"
    mode.add_argument("--open", dest="mode", action="store_const", const="open", help=on)
    parser.add_argument("--dry-run", action="store_true", help="check everything, import nothing")
    parser.add_argument("--source-system", default="", metavar="NAME", help="system the orders come from")
    parser.add_argument("--sheet", default="", metavar="NAME", help="worksheet (default: the longest)")
    lacking = "make dispute types, categories and products that the catalog lacks"
    parser.add_argument("--create-missing", action="store_true", help=lacking)
    parser.add_argument("--strict", action="store_true", help="refuse rows with unknown areas or categories")
    parser.add_argument(
        "--errors", type=Path, metavar="PATH", help="write refused rows with their reasons (.xlsx or .csv)"
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes beside each other (default: as fits the file)"
    )
    parser.add_argument("--show-mapping", action="store_true", help="print how the file would be read, import nothing")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def _run(arguments: argparse.Namespace) -> int:
    from bihuan.channels.file import actions, failures
    from bihuan.channels.file import run as running

    job = actions.open_file(arguments.file, _wishes(arguments))
    if arguments.show_mapping:
        print(json.dumps(job.layout, ensure_ascii=False, indent=1))
        job.delete()
        return 0
    job = actions.resumable(job)
    job = running.run(job.pk, workers=arguments.workers, progress=None if arguments.json else _show)
    if arguments.errors and job.failed:
        write = failures.csv_bytes if arguments.errors.suffix.lower() == ".csv" else failures.xlsx
        arguments.errors.write_bytes(write(job))
    told = _result(job)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _print(told, arguments)
    return 1 if job.failed else 0


def _wishes(arguments: argparse.Namespace) -> Any:
    from bihuan.channels.file.actions import Wishes

    return Wishes(
        mapping=arguments.mapping,
        mode=arguments.mode,
        dry_run=arguments.dry_run,
        strict=arguments.strict,
        create_missing=arguments.create_missing,
        source_system=arguments.source_system,
        sheet=arguments.sheet,
    )


def _show(job: Any) -> None:
    if sys.stderr.isatty():
        print(f"\r{job.done:>9} / {job.total}", end="", file=sys.stderr, flush=True)


def _result(job: Any) -> dict[str, Any]:
    from bihuan.channels.file.models import FailedRow

    problems = FailedRow.objects.filter(job=job).order_by("row", "id")[:20]
    seconds = (job.finished_at - job.started_at).total_seconds()
    return {
        "job": job.pk,
        "file": job.file_name,
        "mapping": job.mapping_name or "guessed",
        "mode": job.mode,
        "dry_run": job.dry_run,
        "rows": job.total,
        "created": job.created,
        "existing": job.existing,
        "failed": job.failed,
        "seconds": round(seconds, 2),
        "warnings": job.warnings,
        "problems": [{"row": p.row, "column": p.column, "code": p.code, "reason": p.reason} for p in problems],
    }


def _print(told: dict[str, Any], arguments: argparse.Namespace) -> None:
    verb = "would be imported" if told["dry_run"] else "imported"
    print(f"{told['rows']} rows, mapping {told['mapping']}, {told['seconds']} s")
    print(f"  {told['created']} {verb}, {told['existing']} were in already, {told['failed']} refused")
    for warning, count in list(told["warnings"].items())[:10]:
        print(f"  kept aside: {warning} ({count} rows)")
    for problem in told["problems"]:
        print(f"  row {problem['row']}: {problem['column']}: {problem['reason']}")
    if told["failed"] and arguments.errors:
        print(f"  refused rows: {arguments.errors}")
    elif told["failed"]:
        print("  --errors PATH writes the refused rows with their reasons")


IMPORT = Operation("import", "take in orders from an Excel or CSV file", _run, _options)
