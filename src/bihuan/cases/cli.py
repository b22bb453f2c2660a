"""Operations on the spine: verify the chains, draw the table of states."""

import argparse
import json
from dataclasses import asdict

from bihuan.kernel.operations import Operation


def _configure_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--files", action="store_true", help="also open every kept file and compare it with its digest")


def _verify(arguments: argparse.Namespace) -> int:
    from bihuan.cases.models import Anchor, Case, CaseEvent
    from bihuan.cases.verify import verify, verify_files

    findings = [*verify(), *verify_files(arguments.files)]
    sealed = Anchor.objects.order_by("-id").first()
    told = {
        "ok": not findings,
        "cases": Case.objects.count(),
        "events": CaseEvent.objects.count(),
        "sealed_to_event": sealed.last_event if sealed else 0,
        "sealed_at": sealed.made_at.isoformat() if sealed else None,
        "findings": [asdict(finding) for finding in findings],
    }
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.kind:22} {finding.case:24} {finding.detail}")
        state = "no findings" if not findings else f"{len(findings)} findings"
        print(f"{told['cases']} cases, {told['events']} events, sealed to event {told['sealed_to_event']}: {state}")
    return 1 if findings else 0


def _states(_arguments: argparse.Namespace) -> int:
    from django.utils import translation

    from bihuan.cases.states import markdown

    with translation.override("zh-hans"):
        print(markdown(), end="")
    return 0


OPERATIONS = [
    Operation(
        "verify",
        "recompute every chain and seal; exit 1 when something was altered or is gone",
        _verify,
        _configure_verify,
    ),
    Operation("states", "print the table of states and steps as Markdown", _states, database=False),
]
