"""Articles to begin with: scripts, procedures, typical cases and text modules every operator can start from and edit."""

import json
from pathlib import Path

from django.db import transaction

from bihuan.identity.viewer import Viewer
from bihuan.knowledge import actions
from bihuan.knowledge.models import Article
from bihuan.knowledge.rules import Told

DATA = Path(__file__).parent / "data" / "articles.json"


@transaction.atomic
def seed(writer: Viewer, approver: Viewer) -> int:
    """Write, submit and approve the shipped articles by two people, where there are no articles yet; how many."""
    if Article.objects.exists():
        return 0
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    for row in rows:
        made = actions.create(writer, row.pop("kind"), Told(**row))
        actions.submit(made.id, writer)
        actions.approve(made.id, approver)
    return len(rows)
