"""Puts the two shipped rule sets into the database; what is already there is left as it is."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from bihuan.dispatch.models import Rule, RuleSet

DATA = Path(__file__).parent / "data"
SHIPPED = ("simple", "full")
ACTIVE = "full"
"""The set in force on a new installation."""


def seed() -> dict[str, int]:
    """Adds each shipped rule set that is missing, as version 1, in one transaction; running it twice adds nothing.

    The full set is put in force only where none is. Returns how many sets and rules were added.
    """
    with transaction.atomic():
        known = set(RuleSet.objects.values_list("code", flat=True))
        in_force = RuleSet.objects.filter(active=True).exists()
        added = [_add(code, active=code == ACTIVE and not in_force) for code in SHIPPED if code not in known]
    return {"rule_sets": len(added), "rules": sum(added)}


def shipped(code: str) -> dict[str, Any]:
    """One shipped rule set as it stands in its file (`data/README.txt` explains the fields)."""
    found: dict[str, Any] = json.loads((DATA / f"rules_{code}.json").read_text(encoding="utf-8"))
    return found


def _add(code: str, *, active: bool) -> int:
    told = shipped(code)
    rule_set = RuleSet.objects.create(code=code, version=1, name=told["name"], name_en=told["name_en"], active=active)
    rows = [Rule(rule_set=rule_set, position=at, **rule) for at, rule in enumerate(told["rules"], start=1)]
    Rule.objects.bulk_create(rows)
    return len(rows)
