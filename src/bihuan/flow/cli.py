"""Operations over all rooms of a case: verify what is kept, forget a customer."""

import argparse
import json
from dataclasses import asdict

from bihuan.kernel.operations import Operation


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="a complaint of the customer")
    parser.add_argument("--reason", required=True, help="why, for the audit log; no personal data in it")
    parser.add_argument("--all", action="store_true", help="all complaints under the same number or identity")
    parser.add_argument("--yes", action="store_true", help="really do it: nothing brings it back")


def _forget(arguments: argparse.Namespace) -> int:
    from bihuan.cases.models import Case
    from bihuan.cases.numbers import tidy
    from bihuan.flow import forgetting
    from bihuan.identity import audit
    from bihuan.kernel.errors import NotFound, RuleError

    case = Case.objects.filter(number=tidy(arguments.number)).first()
    if case is None:
        raise NotFound("case")
    if not arguments.yes:
        raise RuleError("forget.unconfirmed", "add --yes to do it: nothing brings it back", field="yes")
    others = forgetting.also_hers(case)
    cases = [case, *others] if arguments.all else [case]
    told = forgetting.forget(cases)
    result = "ok" if told["records"] else "again"
    detail = {"reason": arguments.reason, "removed": told, "complaints": [one.number for one in cases]}
    audit.record("forget", actor_id=None, actor_name="", subject=case.number, result=result, detail=detail)
    print(
        "\n".join(_told([one.number for one in cases], told, [] if arguments.all else [one.number for one in others]))
    )
    return 0


def _told(numbers: list[str], told: dict[str, int], others: list[str]) -> list[str]:
    from bihuan.flow.forgetting import WORDS

    head = "personal data deleted" if told["records"] else "was deleted before"
    lines = [f"{', '.join(numbers)}: {head}"]
    lines += [f"  removed {told[kind]} {what}" for kind, what in WORDS.items() if told[kind]]
    if others:
        lines.append(f"  not touched, under the same number or identity (--all): {', '.join(others)}")
    return lines


def _configure_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--files", action="store_true", help="also open every kept file and compare it with its digest")


def _verify(arguments: argparse.Namespace) -> int:
    from bihuan.cases.models import Anchor, Case, CaseEvent
    from bihuan.flow.verifying import verify

    findings = list(verify(arguments.files))
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


OPERATIONS = [
    Operation(
        "verify",
        "recompute every chain and seal; exit 1 when something was altered or is gone",
        _verify,
        _configure_verify,
    ),
    Operation("forget", "delete a customer's personal data for good; her complaint stays", _forget, _configure),
]
