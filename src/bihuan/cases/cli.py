"""Operations on the spine: verify the chains, draw the table of states."""

import argparse
import json
from dataclasses import asdict

from bihuan.kernel.operations import Operation


def _configure_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def _verify(arguments: argparse.Namespace) -> int:
    from bihuan.cases.models import Anchor, Case, CaseEvent
    from bihuan.cases.verify import verify

    findings = list(verify())
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


def _configure_forget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="a complaint of the customer")
    parser.add_argument("--reason", required=True, help="why, for the audit log; no personal data in it")
    parser.add_argument("--yes", action="store_true", help="really do it: nothing brings it back")


def _forget(arguments: argparse.Namespace) -> int:
    from bihuan.cases.models import Case
    from bihuan.cases.numbers import tidy
    from bihuan.customers.actions import shred
    from bihuan.identity import audit
    from bihuan.kernel.errors import NotFound, RuleError

    case = Case.objects.filter(number=tidy(arguments.number)).first()
    if case is None:
        raise NotFound("case")
    if not arguments.yes:
        raise RuleError(
            "forget.unconfirmed",
            "add --yes to do it: nothing brings it back",
            field="yes",
        )
    result = "ok" if shred(case.party_id) else "again"
    audit.record(
        "forget", actor_id=None, actor_name="", subject=case.number, result=result, detail={"reason": arguments.reason}
    )
    print(f"{case.number}: {'personal data deleted' if result == 'ok' else 'was deleted before'}")
    return 0


OPERATIONS = [
    Operation("forget", "delete a customer's personal data for good; her complaint stays", _forget, _configure_forget),
    Operation(
        "verify",
        "recompute every chain and seal; exit 1 when something was altered or is gone",
        _verify,
        _configure_verify,
    ),
    Operation("states", "print the table of states and steps as Markdown", _states, database=False),
]
