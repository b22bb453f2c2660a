"""The two shipped rule sets, put in once; what a manager has edited since is left alone."""

import json
from pathlib import Path

from django.db import transaction

from bihuan.dispatch.models import Rule, RuleSet

_FOLDER = Path(__file__).parent / "data"
_ACTIVE = "full"


@transaction.atomic
def seed() -> int:
    """Create the shipped rule sets that are missing; returns how many rules were written."""
    written = 0
    for file in sorted(_FOLDER.glob("rules_*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        if RuleSet.objects.filter(code=told["code"]).exists():
            continue
        active = told["code"] == _ACTIVE and not RuleSet.objects.filter(active=True).exists()
        rule_set = RuleSet.objects.create(
            code=told["code"], version=1, name=told["name"], name_en=told["name_en"], active=active
        )
        written += len(Rule.objects.bulk_create(_rules(rule_set, told["rules"])))
    return written


def _rules(rule_set: RuleSet, told: list[dict[str, object]]) -> list[Rule]:
    return [
        Rule(
            rule_set=rule_set,
            position=(place + 1) * 10,
            code=rule["code"],
            conditions=rule["conditions"],
            target=rule["target"],
            priority=rule.get("priority"),
            demands=rule.get("demands", ""),
            demands_en=rule.get("demands_en", ""),
            reason=rule.get("reason", ""),
            reason_en=rule.get("reason_en", ""),
        )
        for place, rule in enumerate(told)
    ]
