"""Forgetting a customer, as an operation."""

import argparse

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


OPERATIONS = [
    Operation("forget", "delete a customer's personal data for good; her complaint stays", _forget, _configure)
]
