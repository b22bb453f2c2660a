"""Puts the shipped procedure into the database where there is none; what is already there is left as it is."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from bihuan.escalation.models import Level, Procedure

FILE = Path(__file__).parent / "data" / "procedure.json"


def shipped() -> list[dict[str, Any]]:
    """The shipped lines, in the fields of `editing.FIELDS` (actions and conditions may be left out)."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def seed() -> dict[str, int]:
    """Adds the shipped procedure as version 1; running it twice adds nothing. Returns how many lines were added."""
    if Procedure.objects.exists():
        return {"escalation_levels": 0}
    made = Procedure.objects.create(version=1)
    lines = shipped()
    Level.objects.bulk_create([Level(procedure=made, position=n * 10, **line) for n, line in enumerate(lines, 1)])
    return {"escalation_levels": len(lines)}
